import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { nativeRemedy, wheelPython } from '../runtime/remedy';
import { dataFolderOf, KERNEL_NAME, kernelSpecFault, userDataFolder } from './install';

/** One thing that Piecewise needs, and its state. */
export interface Finding {
  name: string;
  ok: boolean;
  /** What was found, or what is wrong. */
  found: string;
  /** What to do about it, if anything. */
  remedy?: string;
}

const run = promisify(execFile);

const packageFolder = join(__dirname, '..', '..');
/** For a wheel, pip installs everything. */
const setUp = (): string =>
  wheelPython()
    ? 'run `pip install --force-reinstall` with the wheel of Piecewise in the same environment'
    : 'run `npm run setup` in the folder of Piecewise';

/** Long enough to read TensorFlow's library from a cold disk. */
const LIMIT_MS = 120_000;

/**
 * @returns the Python environment that Jupyter runs in: that of the wheel, else the clone's .venv, else the active one, else
 *   that of the `jupyter` on the PATH; null if there is none
 */
export function jupyterEnvironment(env = process.env): string | null {
  const wheel = wheelPython();
  if (wheel) return dirname(dirname(wheel));
  const own = join(dirname(packageFolder), '.venv');
  const onPath = (env.PATH ?? '').split(delimiter).find(folder => existsSync(join(folder, 'jupyter')));
  const candidates = [own, env.VIRTUAL_ENV, env.CONDA_PREFIX, onPath && dirname(onPath)];
  return candidates.find(prefix => prefix && existsSync(join(prefix, 'bin', 'python'))) ?? null;
}

function checkNode(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  const found = `${process.version} (${process.execPath})`;
  return { name: 'Node', ok, found, remedy: 'install Node 20.19 or later' };
}

async function checkPython(prefix: string | null): Promise<Finding> {
  const name = 'Python';
  const remedy = `install Python 3.10 or later, then ${setUp()}`;
  if (prefix === null) return { name, ok: false, found: 'no Python environment with Jupyter', remedy };
  const program =
    'import sys; print("%d.%d.%d" % sys.version_info[:3]); sys.exit(sys.version_info < (3, 10))';
  return outcome(name, remedy, async () => `${await python(prefix, program)} in ${prefix}`);
}

async function checkJupyterLab(prefix: string): Promise<Finding> {
  const program = 'from importlib.metadata import version; print(version("jupyterlab"))';
  return outcome('JupyterLab', setUp(), async () => python(prefix, program));
}

function checkKernelSpec(prefix: string): Finding {
  const name = 'Kernel spec';
  const faults = [dataFolderOf(prefix), userDataFolder()].map(kernelSpecFault);
  if (faults.includes(null)) return { name, ok: true, found: `${KERNEL_NAME}, TypeScript (Piecewise)` };
  return { name, ok: false, found: `${faults[0]}`, remedy: 'run `npx piecewise install`' };
}

function checkLabExtension(prefix: string): Finding {
  const name = 'Lab extension';
  const folder = join(dataFolderOf(prefix), 'labextensions', 'jupyterlab-piecewise');
  const fault = (found: string): Finding => ({ name, ok: false, found, remedy: setUp() });
  if (!existsSync(join(folder, 'package.json'))) return fault(`${folder} is missing or not built`);
  const { version, jupyterlab } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entry = jupyterlab?._build?.load;
  if (!entry || !existsSync(join(folder, entry))) return fault(`${folder} is only partly built`);
  return { name, ok: true, found: `jupyterlab-piecewise ${version}` };
}

/** Checks in a separate process, so that the answer is what a kernel would get, even if the library crashes. */
async function checkBackend(): Promise<Finding> {
  const name = 'Backend';
  const cli = join(packageFolder, 'lib', 'cli.js');
  const remedy = nativeRemedy();
  try {
    const { stdout } = await run(process.execPath, [cli, 'runtime'], { timeout: LIMIT_MS });
    const { backend, version, reason } = JSON.parse(stdout);
    // The native library is optional with the wheel, and the reason tells how to get it.
    const ok = backend === 'tensorflow' || Boolean(process.env.PIECEWISE_BACKEND || wheelPython());
    return { name, ok, found: `${backend} ${version}: ${reason}`, remedy };
  } catch (error) {
    return { name, ok: false, found: failure(error), remedy };
  }
}

async function python(prefix: string, program: string): Promise<string> {
  const { stdout } = await run(join(prefix, 'bin', 'python'), ['-c', program], { timeout: LIMIT_MS });
  return stdout.trim();
}

async function outcome(name: string, remedy: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, found: await check() };
  } catch (error) {
    return { name, ok: false, found: failure(error), remedy };
  }
}

/** @returns the line in which a failed program tells what went wrong: Python and Node print it last */
function failure(error: unknown): string {
  const { stderr, signal, message } = error as { stderr?: string; signal?: string; message: string };
  if (signal) return `ended by ${signal}`;
  return stderr?.trim().split('\n').at(-1) || message;
}

/** Checks everything that Piecewise needs in a notebook, without changing anything. */
export async function diagnose(prefix = jupyterEnvironment()): Promise<Finding[]> {
  const backend = checkBackend();
  const inJupyter =
    prefix === null
      ? []
      : [await checkJupyterLab(prefix), checkKernelSpec(prefix), checkLabExtension(prefix)];
  return [checkNode(), await checkPython(prefix), ...inJupyter, await backend];
}

/** @returns the findings as lines of text, each fault followed by its remedy */
export function report(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap(({ name, ok, found, remedy }) => [
      `${ok ? 'ok   ' : 'FAULT'}  ${name.padEnd(width)}  ${found}`,
      ...(ok || !remedy ? [] : [`${' '.repeat(9 + width)}What you can do: ${remedy}.`]),
    ])
    .join('\n');
}
