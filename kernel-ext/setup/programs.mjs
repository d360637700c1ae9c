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

/** @returns the npm that runs us (its JavaScript file), else the one on the PATH or beside Node; null if there is none */
export function findNpm(env = process.env) {
  if (env.npm_execpath?.endsWith('npm-cli.js')) return env.npm_execpath;
  const beside = join(dirname(dirname(process.execPath)), 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(beside) ? beside : findProgram(['npm'], env);
}

/** @returns program and leading arguments with which npm is called */
export function npmCall() {
  const npm = findNpm();
  if (npm === null) throw new Error('npm was found neither on the PATH nor beside Node.');
  return npm.endsWith('.js') ? [process.execPath, npm] : [npm];
}
