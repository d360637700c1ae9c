import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { venv } from './layout.mjs';
import { replaceFile } from './replace-file.mjs';

const FILE = join(venv, 'share', 'jupyter', 'lab', 'settings', 'overrides.json');

/** Without these, the first start asks whether to fetch news, and later ones advertise other versions than the pinned one. */
const OVERRIDES = {
  '@jupyterlab/apputils-extension:notification': { checkForUpdates: false, fetchNews: 'false' },
};

const TEXT = JSON.stringify(OVERRIDES, null, 2) + '\n';

/** Sets defaults for the JupyterLab in .venv. What a user sets in JupyterLab takes precedence. @type {import('./steps.mjs').Step} */
export const labSettings = {
  name: 'JupyterLab settings',
  done: () =>
    existsSync(FILE) && readFileSync(FILE, 'utf8') === TEXT && 'no news, no reminders of other versions',
  run: async () => {
    mkdirSync(dirname(FILE), { recursive: true });
    replaceFile(FILE, TEXT);
  },
  remedy: `check that you may write to ${FILE}.`,
};
