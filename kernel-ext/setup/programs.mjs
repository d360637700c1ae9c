import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** @returns the absolute path of the first of these programs that is on the PATH, or null */
export function findProgram(names, env = process.env) {
  for (const name of names.filter(Boolean)) {
    const folders = name.includes('/') ? [''] : (env.PATH ?? '').split(delimiter);
    for (const folder of folders) {
      const path = folder ? join(folder, name) : name;
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // Not here: the next folder may have it.
      }
    }
  }
  return null;
}

/** @returns the npm that runs this script (its JavaScript file), else the one beside Node or on the PATH; null if there is none */
export function findNpm(env = process.env) {
  if (env.npm_execpath?.endsWith('npm-cli.js')) return env.npm_execpath;
  const beside = join(dirname(dirname(process.execPath)), 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(beside) ? beside : findProgram(['npm'], env);
}

/** @returns the program and the leading arguments that call npm */
export function npmCall() {
  const npm = findNpm();
  if (npm === null) throw new Error('npm is neither beside Node nor on the PATH.');
  return npm.endsWith('.js') ? [process.execPath, npm] : [npm];
}
