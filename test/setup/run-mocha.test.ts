import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, setupUrl } from './setup-module';

describe('npm test counts', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'piecewise-counts-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs real mocha over one file and returns the counts that `npm test` prints. */
  function countsOf(source: string): { passed: number; failed: number } {
    const file = join(folder, 'some.test.ts');
    writeFileSync(file, source);
    const script = `
      import { runMocha } from '${setupUrl('run-mocha.mjs')}';
      console.log(JSON.stringify(await runMocha([${JSON.stringify(file)}])));`;
    const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(text.trim().split('\n').at(-1)!);
  }

  it('what passed and what failed', () => {
    const source = `it('a', () => {}); it('b', () => {}); it('c', () => { throw new Error('no'); });`;
    assert.deepEqual(countsOf(source), { passed: 2, failed: 1 });
  });

  it('a failure when mocha dies half way', () => {
    assert.deepEqual(countsOf(`it('a', () => {}); it('b', () => process.kill(process.pid, 'SIGKILL'));`), {
      passed: 0,
      failed: 1,
    });
  });

  it('a failure when a file cannot be loaded', () => {
    assert.deepEqual(countsOf(`throw new Error('no'); it('a', () => {});`), { passed: 0, failed: 1 });
  });

  it('a failure when there was no test', () => {
    assert.deepEqual(countsOf(''), { passed: 0, failed: 1 });
  });

  it('a failure when the process ends badly after its last test', () => {
    const source = `it('a', () => {}); process.on('exit', () => process.kill(process.pid, 'SIGKILL'));`;
    assert.deepEqual(countsOf(source), { passed: 1, failed: 1 });
  });
});
