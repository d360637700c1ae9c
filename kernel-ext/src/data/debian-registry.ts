import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { firstSentence, run } from './program';
import type { Registry } from './package-files';

/** Debian and its relatives, by `apt-get download`, which needs no privileges; nothing is installed on the system. */
export const debianRegistry: Registry = {
  program: 'apt',
  async unpack({ name, files }, folder) {
    if (files.every(({ path }) => existsSync(join('/', path)))) return '/';
    await run('apt-get', ['download', '-qq', name], { cwd: folder });
    const [archive] = (await readdir(folder)).filter(file => file.endsWith('.deb'));
    const root = join(folder, 'root');
    await run('dpkg-deb', ['-x', join(folder, archive), root]);
    return root;
  },
  reason(error) {
    const isMissing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
    return isMissing
      ? 'there is no apt here, and the data is in packages of Debian and Ubuntu only'
      : firstSentence('apt', error, /^[EW]:\s*/, /^Download is performed unsandboxed/);
  },
};
