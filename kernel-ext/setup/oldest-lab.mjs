import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { venv, venvPython } from './layout.mjs';
import { place } from './place.mjs';

/** The oldest JupyterLab that the lab extension claims to run in (`jupyterlab>=4` in its pyproject.toml). */
const OLDEST = '4.0.0';
const SHA256 = 'e2f67c189f833963c271a89df6bfa3eec4d5c8f7827ad3059538c5f467de193b';

/** Its package and its pages, 29 MB. test/browser runs them on the server of the newest JupyterLab. */
export const oldestLabFolder = join(venv, 'lab-oldest');

/** @type {import('./steps.mjs').Step} */
export const oldestLab = {
  name: 'Oldest JupyterLab',
  done: () =>
    existsSync(join(oldestLabFolder, `jupyterlab-${OLDEST}.dist-info`, 'RECORD')) &&
    `JupyterLab ${OLDEST} in .venv`,
  run: async report => {
    rmSync(oldestLabFolder, { recursive: true, force: true });
    const requirement = join(venv, 'oldest-lab.txt');
    writeFileSync(requirement, `jupyterlab==${OLDEST} --hash=sha256:${SHA256}\n`);
    const options = ['--disable-pip-version-check', '--no-deps', '--require-hashes', '-r', requirement];
    // pip moves the parts of a package one by one, in any order.
    await place(oldestLabFolder, part =>
      command(venvPython, ['-m', 'pip', 'install', ...options, '--target', part], { report }),
    );
  },
  remedy: `check that this machine reaches the Python package index (\`python3 -m pip download jupyterlab==${OLDEST} --no-deps\`).`,
};
