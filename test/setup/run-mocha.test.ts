import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, setupModule, setupUrl } from './setup-module';

describe('npm test', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'piecewise-counts-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs real mocha on one file, as `npm test` does. @returns the lines that it prints; the last holds the counts */
  function linesOf(source: string, slowest = 0): string[] {
    const file = join(folder, 'some.test.ts');
    writeFileSync(file, source);
    const script = `
      import { runMocha } from '${setupUrl('run-mocha.mjs')}';
      console.log(JSON.stringify(await runMocha([${JSON.stringify(file)}], ${slowest})));`;
    const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.trim().split('\n');
  }

  const countsOf = (source: string): { passed: number; failed: number } =>
    JSON.parse(linesOf(source).at(-1)!);

  it('counts what passed and what failed', () => {
    const source = `it('a', () => {}); it('b', () => {}); it('c', () => { throw new Error('no'); });`;
    assert.deepEqual(countsOf(source), { passed: 2, failed: 1 });
  });

  it('counts a failure when mocha dies halfway', () => {
    assert.deepEqual(countsOf(`it('a', () => {}); it('b', () => process.kill(process.pid, 'SIGKILL'));`), {
      passed: 0,
      failed: 1,
    });
  });

  it('counts a failure when a file cannot be loaded', () => {
    assert.deepEqual(countsOf(`throw new Error('no'); it('a', () => {});`), { passed: 0, failed: 1 });
  });

  it('counts a failure when there was no test', () => {
    assert.deepEqual(countsOf(''), { passed: 0, failed: 1 });
  });

  it('counts a failure when the process ends badly after its last test', () => {
    const source = `it('a', () => {}); process.on('exit', () => process.kill(process.pid, 'SIGKILL'));`;
    assert.deepEqual(countsOf(source), { passed: 1, failed: 1 });
  });

  it('lists the slowest tests and hooks in seconds, before the counts', () => {
    const wait = (ms: number) => `done => setTimeout(done, ${ms})`;
    const source = `before(() => {}); describe('of three', () => {
      before('the pause', ${wait(300)}); it('quick', () => {}); it('slow', ${wait(600)});
    });`;
    const [heading, slow, pause, counts] = linesOf(source, 2).slice(-4);
    // Two tests, two hooks of the file, and the hook that seeds Math.random before each test.
    assert.equal(heading, 'The slowest 2 of 6 tests and hooks:');
    assert.match(slow, /^ +0\.\d s {2}.*some\.test\.ts: of three slow$/);
    assert.match(pause, /^ +0\.\d s {2}.*some\.test\.ts: of three "before all" hook: the pause/);
    assert.match(counts, /"passed":2,"failed":0/);
  });
});

describe('npm test --slowest [n]', () => {
  type Taken = { slowest: number; rest: string[] };
  let takeSlowest: (args: string[]) => Taken;

  before(
    async () =>
      ({ takeSlowest } = await setupModule<{ takeSlowest: typeof takeSlowest }>('slowest-tests.mjs')),
  );

  it('lists none without the option, 60 without a number, and else as many as asked for', () => {
    assert.deepEqual(takeSlowest(['test/laws']), { slowest: 0, rest: ['test/laws'] });
    assert.deepEqual(takeSlowest(['--slowest', 'test/laws']), { slowest: 60, rest: ['test/laws'] });
    assert.deepEqual(takeSlowest(['test/laws', '--slowest', '100']), { slowest: 100, rest: ['test/laws'] });
    assert.deepEqual(takeSlowest(['--slowest=7', '--bail']), { slowest: 7, rest: ['--bail'] });
  });

  it('refuses a number that is not between 1 and 100', () => {
    for (const number of ['0', '-1', '101', '2.5', '7x'])
      assert.throws(() => takeSlowest(['--slowest', number]), {
        message: `--slowest got ${number}; it takes a whole number from 1 to 100.`,
      });
  });
});
