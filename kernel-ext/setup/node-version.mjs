import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './layout.mjs';

function wanted() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '');
}

function atLeast(version, least) {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** @type {import('./steps.mjs').Step} */
export const nodeVersion = {
  name: 'Node',
  done: () => atLeast(process.versions.node, wanted()) && process.version,
  run: async () => {
    throw new Error(`This is Node ${process.version}; Piecewise needs ${wanted()} or later.`);
  },
  remedy: 'install Node 20, 22 or 24 (https://nodejs.org, or your version manager, e.g. `nvm install 22`).',
};
