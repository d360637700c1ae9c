import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The name under which Jupyter knows the kernel. */
export const KERNEL_NAME = 'piecewise';

/** Jupyter's kernel.json, as far as Piecewise uses it. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: 'signal' | 'message';
  env: Record<string, string>;
  metadata: { debugger: boolean };
}

const packageFolder = join(__dirname, '..', '..');

/** @returns Jupyter's data folder of an environment, such as a virtual environment or /usr/local */
export function dataFolderOf(prefix: string): string {
  return join(prefix, 'share', 'jupyter');
}

/** @returns Jupyter's data folder of the user, by the rules of `jupyter --data-dir` */
export function userDataFolder(env = process.env): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter');
}

/** @returns the spec of this installation of the kernel, run by this Node; paths are absolute, so no PATH matters */
export function kernelSpec(): KernelSpec {
  const main = join(packageFolder, 'lib', 'kernel', 'main.js');
  return {
    argv: [process.execPath, main, '{connection_file}'],
    display_name: 'TypeScript (Piecewise)',
    language: 'typescript',
    interrupt_mode: 'signal',
    env: { TF_CPP_MIN_LOG_LEVEL: '3' },
    metadata: { debugger: false },
  };
}

const specFolder = (dataFolder: string) => join(dataFolder, 'kernels', KERNEL_NAME);

const specText = () => JSON.stringify(kernelSpec(), null, 2) + '\n';

/**
 * Installs the kernel spec and its logos. It appears whole: a Jupyter that looks meanwhile sees the old one or the new one.
 * @param dataFolder a data folder of Jupyter: `dataFolderOf(prefix)` or `userDataFolder()`
 * @returns the folder of the spec
 */
export function installKernelSpec(dataFolder: string): string {
  const folder = specFolder(dataFolder);
  const part = `${folder}.part-${process.pid}`;
  mkdirSync(part, { recursive: true });
  const assets = join(packageFolder, 'assets');
  if (existsSync(assets)) {
    for (const name of readdirSync(assets).filter(each => each.startsWith('logo-'))) {
      cpSync(join(assets, name), join(part, name));
    }
  }
  writeFileSync(join(part, 'kernel.json'), specText());
  rmSync(folder, { recursive: true, force: true });
  renameSync(part, folder);
  return folder;
}

/** @returns what is wrong with the kernel spec in a data folder of Jupyter, or null if it starts this kernel */
export function kernelSpecFault(dataFolder: string): string | null {
  const file = join(specFolder(dataFolder), 'kernel.json');
  if (!existsSync(file)) return `${file} does not exist`;
  if (readFileSync(file, 'utf8') !== specText())
    return `${file} starts another Node or another copy of the kernel`;
  const missing = kernelSpec()
    .argv.slice(0, 2)
    .find(path => !existsSync(path));
  return missing ? `${missing}, which ${file} starts, does not exist` : null;
}
