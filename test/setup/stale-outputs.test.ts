import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setupModule } from './setup-module';

interface StaleOutputs {
  removeStaleOutputs(outputs: string, sources: string, kept?: string[]): string[];
}

describe('the build', () => {
  it('removes what was compiled from sources that are gone, which Node would load instead of a folder', async () => {
    const { removeStaleOutputs } = await setupModule<StaleOutputs>('stale-outputs.mjs');
    const folder = mkdtempSync(join(tmpdir(), 'piecewise-stale-'));
    try {
      for (const name of ['src/errors', 'lib/errors']) mkdirSync(join(folder, name), { recursive: true });
      const fresh = [
        'errors/index.js',
        'errors/index.js.map',
        'errors/index.d.ts',
        'types.d.ts',
        '.built-from',
      ];
      const stale = ['errors.js', 'errors.js.map', 'errors.d.ts', 'errors/old.js'];
      writeFileSync(join(folder, 'src', 'errors', 'index.ts'), '');
      for (const name of [...fresh, ...stale]) writeFileSync(join(folder, 'lib', name), '');
      const gone = removeStaleOutputs(join(folder, 'lib'), join(folder, 'src'), ['types.d.ts']);
      assert.deepEqual(gone.sort(), stale.sort());
      const left = readdirSync(join(folder, 'lib'), { recursive: true }).filter(name => name !== 'errors');
      assert.deepEqual(left.sort(), fresh.sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
