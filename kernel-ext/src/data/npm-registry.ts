import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { firstSentence, run } from './program';
import type { PackageFiles, Registry } from './package-files';

/** npm, by `npm ci` of one package alone: without those that it depends on, and without running its scripts. */
export const npmRegistry: Registry = {
  program: 'npm',
  async unpack(source, folder) {
    await install(source, folder);
    return join(folder, 'node_modules', source.name);
  },
  // npm prints bare codes first and advice last.
  reason: error => firstSentence('npm', error, /^npm (error|ERR!)\s*/, /^(code|syscall|errno) /),
};

/** A lock file makes npm compare the archive with the hash before it unpacks it. */
async function install({ name, version, hash }: PackageFiles, folder: string): Promise<void> {
  const dependencies = { [name]: version };
  const installed = { version, integrity: `sha512-${hash}` };
  const packages = { '': { dependencies }, [`node_modules/${name}`]: installed };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await writeFile(
    join(folder, 'package-lock.json'),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  );
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, ...first] = npmCommand();
  // --prefix, because an enclosing npm run would otherwise impose its own project.
  await run(command, [...first, 'ci', '--prefix', folder, ...flags], { cwd: folder });
}

/** The npm next to the running Node, because a kernel's PATH may have none; else the one on the PATH. */
function npmCommand(): string[] {
  const beside = dirname(process.execPath);
  const candidates = [join(beside, '..', 'lib', 'node_modules'), join(beside, 'node_modules')];
  const scripts = candidates.map(modules => join(modules, 'npm', 'bin', 'npm-cli.js'));
  const script = scripts.find(existsSync);
  return script ? [process.execPath, script] : ['npm'];
}
