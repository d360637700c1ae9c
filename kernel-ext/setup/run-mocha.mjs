import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeModules, root, setupFolder, venv } from './layout.mjs';

const ALL = 'test/**/*.test.ts';

/** Folders stand for the tests below them; files and options (`--grep …`) go to mocha as they are. */
function selection(args) {
  const expanded = args.map(arg => {
    const path = join(root, arg);
    return existsSync(path) && statSync(path).isDirectory() ? `${arg.replace(/\/$/, '')}/**/*.test.ts` : arg;
  });
  return expanded.some(arg => arg.endsWith('.ts')) ? expanded : [...expanded, ALL];
}

function readCounts(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passes: 0, failures: 0 };
}

/**
 * What a run is worth: mocha's own counts, and one failure more when they do not tell the whole (mocha died, or ended
 * with a code that is not theirs, or nothing ran).
 */
export function verdict({ passes, failures }, exitCode) {
  const untold = failures === 0 && (exitCode !== 0 || passes === 0);
  return { passed: passes, failed: untold ? 1 : failures };
}

/**
 * Runs mocha over the project's tests, its output on this process's.
 * @param {string[]} args folders, files and options of mocha; none: all tests
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runMocha(args) {
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
  const result = verdict(readCounts(counts), exitCode);
  rmSync(folder, { recursive: true });
  return result;
}
