import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { cacheFolder, nodeModules, root } from './layout.mjs';
import { place } from './place.mjs';
import { findProgram } from './programs.mjs';

/** The pinned browser: a headless Chromium for 64-bit Linux, packed into an npm package. */
const PACKAGE = '@sparticuz/chromium';

/** The folder that it is unpacked into. The cache outlives a clone, so the name carries the version. */
function pinnedFolder() {
  const { version } = JSON.parse(readFileSync(join(nodeModules, PACKAGE, 'package.json'), 'utf8'));
  return join(cacheFolder(), `chromium-${version}`);
}

/**
 * The browser that the tests drive: the one that $CHROMIUM names, as a path or as a program on the PATH, or else the pinned one.
 * @returns {{executablePath: string, env: Record<string, string>} | null} what to start, and what to add to its
 *   environment; null if it is not there
 */
export function findBrowser() {
  if (process.env.CHROMIUM) {
    const named = findProgram([process.env.CHROMIUM]);
    return named && { executablePath: named, env: {} };
  }
  const folder = pinnedFolder();
  const executablePath = join(folder, 'chromium');
  // The package brings NSS and NSPR too, which many machines lack.
  return existsSync(executablePath)
    ? { executablePath, env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } }
    : null;
}

/** The package unpacks itself into the temporary folder; the libraries come only if it believes that it runs on AWS Lambda. */
function unpack(folder) {
  const script = `import chromium from '${PACKAGE}'; await chromium.executablePath();`;
  return command(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    env: { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  });
}

/** @type {import('./steps.mjs').Step} */
export const chromium = {
  name: 'Chromium',
  done: () => findBrowser()?.executablePath ?? false,
  run: async report => {
    if (process.env.CHROMIUM)
      throw new Error(`CHROMIUM names ${process.env.CHROMIUM}, which is not a program on this machine.`);
    const { platform, arch } = process;
    if (platform !== 'linux' || arch !== 'x64')
      throw new Error(
        `The pinned browser of the tests runs on linux x64; this machine is ${platform} ${arch}.`,
      );
    report(`unpacking ${PACKAGE}`);
    await place(pinnedFolder(), unpack);
    return findBrowser().executablePath;
  },
  remedy:
    'install a Chromium or Chrome and name it (`CHROMIUM=/path/to/chrome npm test`), or unset CHROMIUM to use the pinned one, which takes 220 MB of the cache.',
};
