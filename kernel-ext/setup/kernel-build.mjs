import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { fingerprint, isStamped, writeStamp } from './fingerprint.mjs';
import { kernelExt, root, tsc } from './layout.mjs';

const STAMP = join(kernelExt, 'lib', '.built-from');

function sources() {
  return fingerprint(
    ['src', 'tsconfig.json', 'package.json']
      .map(name => join(kernelExt, name))
      .concat(join(root, 'tsconfig.json')),
  );
}

/** @type {import('./steps.mjs').Step} */
export const kernelBuild = {
  name: 'Kernel and library',
  done: () =>
    existsSync(join(kernelExt, 'lib', 'cli.js')) && isStamped(STAMP, sources()) && 'built from these sources',
  run: async report => {
    const print = sources();
    report('compiling kernel-ext');
    await command(process.execPath, [tsc, '-p', kernelExt], { cwd: root });
    writeStamp(STAMP, print);
  },
  remedy:
    'the sources of kernel-ext do not compile; undo your last change there, or mend what the lines above name.',
};
