import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { nodeModules, root } from './layout.mjs';
import { npmCall } from './programs.mjs';

function packages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}

/**
 * Compares the lock file with npm's record of what it has installed. npm writes that record
 * (node_modules/.package-lock.json) last, so an interrupted installation has none.
 * @returns {string[]} the folders of packages that are missing or of another version
 */
export function mismatches(locked, installed) {
  return Object.entries(locked)
    .filter(([folder]) => folder.includes('node_modules/'))
    .filter(([folder, wanted]) => {
      const found = installed[folder];
      // The lock file also lists packages for other platforms, which are not installed.
      if (found === undefined) return !wanted.optional && !wanted.devOptional;
      return found.version !== wanted.version || found.resolved !== (wanted.resolved ?? found.resolved);
    })
    .map(([folder]) => folder);
}

const RECORD = join(nodeModules, '.package-lock.json');

function done() {
  const installed = packages(RECORD);
  if (installed === null) return false;
  const locked = packages(join(root, 'package-lock.json'));
  return mismatches(locked, installed).length === 0 && 'as package-lock.json wants them';
}

async function run(report) {
  // npm would do this too, but it fails on what an interrupted installation has left (ENOTEMPTY).
  report('removing node_modules');
  rmSync(RECORD, { force: true });
  rmSync(nodeModules, { recursive: true, force: true, maxRetries: 5 });
  const [program, ...args] = npmCall();
  report('npm ci');
  await command(program, [...args, 'ci', '--ignore-scripts'], { cwd: root, report });
}

/** @type {import('./steps.mjs').Step} */
export const npmPackages = {
  name: 'npm packages',
  done,
  run,
  remedy: 'check that this machine reaches the npm registry (`npm ping`) and has 1 GB of free disk space.',
};
