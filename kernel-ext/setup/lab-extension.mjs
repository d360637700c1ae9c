import { existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { command } from './command.mjs';
import { fingerprint, isStamped, removeStamp, writeStamp } from './fingerprint.mjs';
import { kernelExt, labExtension, root, setupFolder, venv } from './layout.mjs';
import { npmCall } from './programs.mjs';

const BUILT = join(labExtension, 'jupyterlab_piecewise', 'labextension');
const STAMP = join(BUILT, '.built-from');
const LINK = join(venv, 'share', 'jupyter', 'labextensions', 'jupyterlab-piecewise');

function sources() {
  const configurations = ['webpack.config.cjs', 'package.json', 'tsconfig.json', 'tsconfig.payload.json'];
  const own = ['src', 'style', 'schema', 'build.mjs', ...configurations];
  const foreign = [
    join(kernelExt, 'src', 'payload'),
    join(root, 'package-lock.json'),
    join(setupFolder, 'requirements.txt'),
  ];
  return fingerprint([...own.map(name => join(labExtension, name)), ...foreign]);
}

function isLinked() {
  return lstatSync(LINK, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(LINK) === BUILT;
}

function link() {
  mkdirSync(dirname(LINK), { recursive: true });
  rmSync(LINK, { recursive: true, force: true });
  symlinkSync(BUILT, LINK);
}

/** @type {import('./steps.mjs').Step} */
export const labExtensionBuild = {
  name: 'Lab extension',
  done: () =>
    isLinked() &&
    existsSync(join(BUILT, 'package.json')) &&
    isStamped(STAMP, sources()) &&
    'built from these sources',
  run: async report => {
    const print = sources();
    if (!isStamped(STAMP, print)) {
      const [program, ...args] = npmCall();
      removeStamp(STAMP);
      // Only the bundle is loaded; the compiler would keep what it has made of sources that are gone.
      rmSync(join(labExtension, 'lib'), { recursive: true, force: true });
      await command(program, [...args, 'run', 'build', '-w', 'jupyterlab-piecewise'], { cwd: root, report });
      writeStamp(STAMP, print);
    }
    link();
  },
  remedy: 'the sources of lab-extension do not build; fix the errors above, or undo your last change there.',
};
