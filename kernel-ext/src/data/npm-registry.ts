import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { firstSentence, run } from './program';
import type { Registry } from './package-files';

/** npm, by `npm install`; scripts of packages are not run. */
export const npmRegistry: Registry = {
  program: 'npm',
  async unpack({ name, version }, folder) {
    await install(`${name}@${version}`, folder);
    return join(folder, 'node_modules', name);
  },
  // npm writes bare codes first, and advice last.
  reason: error => firstSentence('npm', error, /^npm (error|ERR!)\s*/, /^(code|syscall|errno) /),
};

async function install(spec: string, folder: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const [command, ...first] = npmCommand();
  // --prefix: an npm run around us would otherwise hand down its own project.
  await run(command, [...first, 'install', '--prefix', folder, ...flags, spec], { cwd: folder });
}

/** The npm beside the running Node, since a kernel's PATH may have none; else the one on the PATH. */
function npmCommand(): string[] {
  const beside = dirname(process.execPath);
  const candidates = [join(beside, '..', 'lib', 'node_modules'), join(beside, 'node_modules')];
  const scripts = candidates.map(modules => join(modules, 'npm', 'bin', 'npm-cli.js'));
  const script = scripts.find(existsSync);
  return script ? [process.execPath, script] : ['npm'];
}
