import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { firstSentence, run } from './program';
import type { Registry } from './package-files';

/** npm, by `npm install`, without running scripts of packages. */
export const npmRegistry: Registry = {
  program: 'npm',
  async unpack({ name, version }, folder) {
    await install(`${name}@${version}`, folder);
    return join(folder, 'node_modules', name);
  },
  // npm prints bare codes first and advice last.
  reason: error => firstSentence('npm', error, /^npm (error|ERR!)\s*/, /^(code|syscall|errno) /),
};

async function install(spec: string, folder: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const [command, ...first] = npmCommand();
  // --prefix, because an enclosing npm run would otherwise impose its own project.
  await run(command, [...first, 'install', '--prefix', folder, ...flags, spec], { cwd: folder });
}

/** The npm next to the running Node, because a kernel's PATH may have none; else the one on the PATH. */
function npmCommand(): string[] {
  const beside = dirname(process.execPath);
  const candidates = [join(beside, '..', 'lib', 'node_modules'), join(beside, 'node_modules')];
  const scripts = candidates.map(modules => join(modules, 'npm', 'bin', 'npm-cli.js'));
  const script = scripts.find(existsSync);
  return script ? [process.execPath, script] : ['npm'];
}
