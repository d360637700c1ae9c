import { findProgram } from './programs.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** @returns the browser of the tests: $CHROMIUM, else one on the PATH, else null */
export function findChromium() {
  return findProgram([process.env.CHROMIUM, ...NAMES]);
}

/** @type {import('./steps.mjs').Step} */
export const chromium = {
  name: 'Chromium',
  done: () => findChromium() ?? false,
  run: async () => {
    throw new Error(
      `None of ${NAMES.join(', ')} is on the PATH; the tests drive JupyterLab in a real browser.`,
    );
  },
  remedy:
    'install it (Debian: `apt install chromium fonts-dejavu-core`; `.ci/run` does so by itself as root), or name one: CHROMIUM=/path/to/chrome npm test.',
};
