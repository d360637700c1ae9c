import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { FileWriteError } from '../errors';
import { replaceFile } from '../files/replace-file';
import { wheelPython } from '../runtime/remedy';

/** The name under which Jupyter knows the kernel. */
export const KERNEL_NAME = 'piecewise';

/** The parts of Jupyter's kernel.json that Piecewise uses. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: 'signal' | 'message';
  env: Record<string, string>;
  metadata: { debugger: boolean };
}

/** How the Python of a wheel starts the kernel inside the wheel. */
export const WHEEL_ARGV = ['-m', 'jupyterlab_piecewise', 'kernel', '{connection_file}'];

const packageFolder = join(__dirname, '..', '..');

/** @returns Jupyter's data folder of an environment, such as a virtual environment or /usr/local */
export function dataFolderOf(prefix: string): string {
  return join(prefix, 'share', 'jupyter');
}

/** @returns the user's data folder of Jupyter, by the rules of `jupyter --data-dir` */
export function userDataFolder(env = process.env): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter');
}

/**
 * @returns the spec of this installation of the kernel, run by this Node, or by the Python of the wheel that started this
 *   process; paths are absolute, so the PATH does not matter
 */
export function kernelSpec(): KernelSpec {
  const python = wheelPython();
  const main = join(packageFolder, 'lib', 'kernel', 'main.js');
  return {
    argv: python ? [python, ...WHEEL_ARGV] : [process.execPath, main, '{connection_file}'],
    display_name: 'TypeScript (Piecewise)',
    language: 'typescript',
    interrupt_mode: 'message',
    env: { TF_CPP_MIN_LOG_LEVEL: '3' },
    metadata: { debugger: false },
  };
}

const specFolder = (dataFolder: string) => join(dataFolder, 'kernels', KERNEL_NAME);

const textOf = (spec: KernelSpec) => JSON.stringify(spec, null, 2) + '\n';

/** The texts of a correct spec. The one inside a wheel names just `python`, and Jupyter decides which Python that is. */
function rightTexts(): string[] {
  const spec = kernelSpec();
  const ofWheel = wheelPython() ? [{ ...spec, argv: ['python', ...WHEEL_ARGV] }] : [];
  return [spec, ...ofWheel].map(textOf);
}

/**
 * Installs the kernel spec and its logos. Jupyter sees the old or the new spec at any time, even if this is interrupted.
 * @param dataFolder a data folder of Jupyter: `dataFolderOf(prefix)` or `userDataFolder()`
 * @returns the folder of the spec
 * @throws FileWriteError
 */
export async function installKernelSpec(dataFolder: string): Promise<string> {
  const folder = specFolder(dataFolder);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new FileWriteError(folder, error);
  }
  for (const name of logos())
    await replaceFile(join(folder, name), await readFile(join(packageFolder, 'assets', name)));
  await replaceFile(join(folder, 'kernel.json'), textOf(kernelSpec()));
  return folder;
}

const logos = () => readdirSync(join(packageFolder, 'assets')).filter(name => name.startsWith('logo-'));

/** @returns what is wrong with the kernel spec in a data folder of Jupyter, or null if it starts this kernel and has its logos */
export function kernelSpecFault(dataFolder: string): string | null {
  const folder = specFolder(dataFolder);
  const file = join(folder, 'kernel.json');
  if (!existsSync(file)) return `${file} does not exist`;
  if (!rightTexts().includes(readFileSync(file, 'utf8')))
    return `${file} starts another Node or another copy of the kernel`;
  const logo = logos().find(name => !existsSync(join(folder, name)));
  if (logo) return `${join(folder, logo)} does not exist`;
  const missing = kernelSpec()
    .argv.slice(0, 2)
    .find(path => isAbsolute(path) && !existsSync(path));
  return missing ? `${missing}, which ${file} starts, does not exist` : null;
}
