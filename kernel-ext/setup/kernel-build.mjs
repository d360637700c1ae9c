import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { fingerprint, isStamped, removeStamp, writeStamp } from './fingerprint.mjs';
import { kernelExt, nodeModules, root, tsc } from './layout.mjs';
import { removeStaleOutputs } from './stale-outputs.mjs';

const LIB = join(kernelExt, 'lib');
const STAMP = join(LIB, '.built-from');
const CLI = join(LIB, 'cli.js');
const BIN = join(nodeModules, '.bin', 'piecewise');

function sources() {
  const own = ['src', 'flat-types.mjs', 'tsconfig.json', 'package.json'].map(name => join(kernelExt, name));
  return fingerprint([...own, join(root, 'tsconfig.json')]);
}

/** Links the program for `npx piecewise`. npm links only programs that exist when it installs, and this one is compiled later. */
function linkProgram() {
  chmodSync(CLI, 0o755);
  rmSync(BIN, { force: true });
  symlinkSync(join('..', 'piecewise', 'lib', 'cli.js'), BIN);
}

/** @type {import('./steps.mjs').Step} */
export const kernelBuild = {
  name: 'Kernel and library',
  done: () => existsSync(CLI) && existsSync(BIN) && isStamped(STAMP, sources()) && 'built from these sources',
  run: async report => {
    const print = sources();
    if (!existsSync(CLI) || !isStamped(STAMP, print)) {
      report('compiling kernel-ext');
      removeStamp(STAMP);
      await command(process.execPath, [tsc, '-p', kernelExt], { cwd: root });
      await command(process.execPath, [join(kernelExt, 'flat-types.mjs')], { cwd: root });
      removeStaleOutputs(LIB, join(kernelExt, 'src'), [join('kernel', 'tfjs.d.ts')]);
      writeStamp(STAMP, print);
    }
    linkProgram();
  },
  remedy: 'the sources of kernel-ext do not compile; fix the errors above, or undo your last change there.',
};
