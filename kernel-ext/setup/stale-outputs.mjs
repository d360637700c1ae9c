import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes what the compiler has made of sources that are gone: `errors.js` of an older version would be loaded in place of
 * `errors/index.js`.
 * @param {string} outputs the compiler's folder of outputs
 * @param {string} sources its folder of sources
 * @param {string[]} kept paths in `outputs` that other programs have made
 * @returns {string[]} the paths that are gone
 */
export function removeStaleOutputs(outputs, sources, kept = []) {
  if (!existsSync(outputs)) return [];
  const stale = readdirSync(outputs, { recursive: true })
    .filter(path => /\.(d\.ts|js|js\.map)$/.test(path) && !kept.includes(path))
    .filter(path => !existsSync(join(sources, path.replace(/\.(d\.ts|js|js\.map)$/, '.ts'))));
  for (const path of stale) rmSync(join(outputs, path));
  return stale;
}
