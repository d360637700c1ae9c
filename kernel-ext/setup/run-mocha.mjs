import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeModules, root, setupFolder, venv } from './layout.mjs';
import { slowestList } from './slowest-tests.mjs';

const ALL = 'test/**/*.test.ts';

/** A folder stands for the tests in it; files and options (`--grep …`) go to mocha unchanged. */
function selection(args) {
  const expanded = args.map(arg => {
    const path = join(root, arg);
    return existsSync(path) && statSync(path).isDirectory() ? `${arg.replace(/\/$/, '')}/**/*.test.ts` : arg;
  });
  return expanded.some(arg => arg.endsWith('.ts')) ? expanded : [...expanded, ALL];
}

function readCounts(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passes: 0, failures: 0, times: [] };
}

/**
 * Mocha's own counts, with one more failure when they do not tell the whole story: mocha died, ended with a code that they
 * do not explain, or ran nothing.
 */
export function verdict({ passes, failures }, exitCode) {
  const isUntold = failures === 0 && (exitCode !== 0 || passes === 0);
  return { passed: passes, failed: isUntold ? 1 : failures };
}

/**
 * Runs mocha on the project's tests; its output goes to that of this process.
 * @param {string[]} args folders, files and options of mocha, or none for all tests
 * @param {number} slowest how many of the slowest tests to list after the run
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runMocha(args, slowest = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'piecewise-test-'));
  const counts = join(folder, 'counts.json');
  const mocha = spawn(
    process.execPath,
    [
      join(nodeModules, 'mocha', 'bin', 'mocha.js'),
      ...['--reporter', join(setupFolder, 'mocha-counts.mjs'), '--exit', ...selection(args)],
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        VIRTUAL_ENV: venv,
        PATH: `${join(venv, 'bin')}:${process.env.PATH}`,
        PIECEWISE_COUNTS: counts,
      },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => mocha.kill(signal));
  const exitCode = await new Promise(resolve => {
    mocha.on('error', () => resolve(-1));
    mocha.on('exit', code => resolve(code ?? -1));
  });
  const result = readCounts(counts);
  rmSync(folder, { recursive: true });
  if (slowest > 0) console.log(slowestList(result.times, slowest));
  return verdict(result, exitCode);
}
