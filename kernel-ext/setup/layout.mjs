/** Where everything is. Paths are absolute, so that no step depends on the folder in which it was started. */
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const setupFolder = dirname(fileURLToPath(import.meta.url));
export const kernelExt = dirname(setupFolder);
export const root = dirname(kernelExt);
export const labExtension = join(root, 'lab-extension');
export const nodeModules = join(root, 'node_modules');
export const venv = join(root, '.venv');
export const venvPython = join(venv, 'bin', 'python');
export const tsc = join(nodeModules, 'typescript', 'bin', 'tsc');

/** @returns the folder for what outlives a clone: $PIECEWISE_CACHE, else $XDG_CACHE_HOME/piecewise, else ~/.cache/piecewise */
export function cacheFolder(env = process.env) {
  if (env.PIECEWISE_CACHE) return env.PIECEWISE_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir() || userInfo().homedir, '.cache'), 'piecewise');
}
