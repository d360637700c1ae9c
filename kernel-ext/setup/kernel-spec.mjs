import { createRequire } from 'node:module';
import { join } from 'node:path';
import { kernelExt, venv } from './layout.mjs';

const DATA = join(venv, 'share', 'jupyter');

/** The set-up shares its definition of a sound kernel spec with `piecewise install` and `piecewise doctor`; an earlier step has compiled it. */
function installModule() {
  return createRequire(import.meta.url)(join(kernelExt, 'lib', 'kernel', 'install.js'));
}

/** @type {import('./steps.mjs').Step} */
export const kernelSpec = {
  name: 'Kernel spec',
  done: () => installModule().kernelSpecFault(DATA) === null && 'TypeScript (Piecewise) in .venv',
  run: async () => {
    const { installKernelSpec, kernelSpecFault } = installModule();
    await installKernelSpec(DATA);
    const fault = kernelSpecFault(DATA);
    if (fault !== null) throw new Error(`${fault}.`);
  },
  remedy: `check that you may write to ${join(DATA, 'kernels')}.`,
};
