import assert from 'node:assert/strict';
import { setupModule } from './setup-module';

type Packages = Record<string, { version?: string; optional?: boolean; resolved?: string; link?: boolean }>;

describe('comparing package-lock.json with what npm has installed', () => {
  let mismatches: (locked: Packages, installed: Packages) => string[];

  before(
    async () => ({ mismatches } = await setupModule<{ mismatches: typeof mismatches }>('npm-packages.mjs')),
  );

  const locked: Packages = {
    '': {},
    'kernel-ext': { version: '0.1.0' },
    'node_modules/piecewise': { resolved: 'kernel-ext', link: true },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
    'node_modules/for-windows': { version: '3.0.0', optional: true },
  };
  const installed = Object.fromEntries(
    Object.entries(locked).filter(([name]) => name !== 'node_modules/for-windows'),
  );

  it('accepts the same packages without those for other platforms', () => {
    assert.deepEqual(mismatches(locked, installed), []);
  });

  it('finds a package that is missing', () => {
    const without = Object.entries(installed).filter(([name]) => name !== 'node_modules/a/node_modules/b');
    assert.deepEqual(mismatches(locked, Object.fromEntries(without)), ['node_modules/a/node_modules/b']);
  });

  it('finds a package of another version', () => {
    assert.deepEqual(mismatches(locked, { ...installed, 'node_modules/a': { version: '1.0.1' } }), [
      'node_modules/a',
    ]);
  });
});
