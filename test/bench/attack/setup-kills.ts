/** kill -9 at random moments of each step of `npm run setup`, in a copy with caches of its own: the next run must mend it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { lstatSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Row, Tally } from './row';

const ROOT = path.resolve(__dirname, '../../..');
/** `--kills=13` kills 13 times in each of the 8 steps. Default: 3. */
const KILLS = killsOf(process.argv.find(argument => argument.startsWith('--kills=')) ?? '--kills=3');

function killsOf(option: string): number {
  const kills = Number(option.replace('--kills=', ''));
  if (!Number.isInteger(kills) || kills < 1)
    throw new Error(
      `attack: ${option} is not a number of kills. Give a whole number of at least 1, such as --kills=13.`,
    );
  return kills;
}

/** The paths that a step brings and the attack removes, or the source that it changes while the step runs. */
const STEPS: { name: string; removed?: string[]; changed?: string }[] = [
  { name: 'npm packages', removed: ['node_modules'] },
  { name: 'JupyterLab', removed: ['.venv/.requirements.json'] },
  { name: 'Kernel and library', changed: 'kernel-ext/src/errors/piecewise-error.ts' },
  {
    name: 'Native TensorFlow',
    removed: ['cache/tensorflow-*', 'cache/tfjs-node-*', 'node_modules/@tensorflow/tfjs-node/lib/napi-v8'],
  },
  { name: 'Lab extension', changed: 'lab-extension/src/plugin.ts' },
  { name: 'Python test tools', removed: ['.venv/.requirements.json'] },
  { name: 'Oldest JupyterLab', removed: ['.venv/lab-oldest'] },
  { name: 'Chromium', removed: ['cache/chromium-*'] },
];

/** A copy of this working tree, with caches beside it. */
class Copy {
  private readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'piecewise-attack-')));
  private readonly root = path.join(this.folder, 'clone');

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
    });
    for (const name of listed.toString().split('\0'))
      if (name !== '' && existsSync(path.join(ROOT, name)))
        cpSync(path.join(ROOT, name), this.path(name), { recursive: true });
  }

  /** @param name relative to the copy, or `cache/…` */
  path(name: string): string {
    return path.join(name.startsWith('cache') ? this.folder : this.root, name);
  }

  /** Removes paths whose last name may end with an asterisk. */
  remove(name: string): void {
    const { dir, base } = path.parse(this.path(name));
    const matching = base.endsWith('*')
      ? readdirSync(dir).filter(each => each.startsWith(base.slice(0, -1)))
      : [base];
    for (const each of matching) rmSync(path.join(dir, each), { recursive: true, force: true });
  }

  /** Starts `npm run setup`, without npm. */
  start(): { child: ChildProcess; text: () => string } {
    const inCache = (name: string) => path.join(this.folder, 'cache-of-programs', name);
    const child = spawn(process.execPath, [this.path('kernel-ext/setup/setup.mjs')], {
      cwd: this.root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PIECEWISE_CACHE: this.path('cache'),
        npm_config_cache: inCache('npm'),
        PIP_CACHE_DIR: inCache('pip'),
      },
    });
    let text = '';
    for (const out of [child.stdout, child.stderr]) out.on('data', chunk => (text += String(chunk)));
    return { child, text: () => text };
  }

  /** Runs the set-up to its end. @throws what it printed, if it fails */
  async setUp(): Promise<string> {
    const { child, text } = this.start();
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(text().slice(-400));
    return text();
  }

  /** All that the set-up has brought: the size of each file, and the content of what it has compiled. */
  contents(): Map<string, string> {
    const found = new Map<string, string>();
    const visit = (name: string): void => {
      const full = this.path(name);
      const stats = lstatSync(full);
      if (/__pycache__$|\.part-|node_modules\/\.(cache|package-lock)/.test(name)) return;
      if (stats.isSymbolicLink()) found.set(name, readlinkSync(full));
      else if (stats.isDirectory()) readdirSync(full).forEach(each => visit(`${name}/${each}`));
      else if (/^kernel-ext|^lab-extension/.test(name))
        found.set(name, createHash('sha256').update(readFileSync(full)).digest('hex'));
      else found.set(name, String(stats.size));
    };
    ['node_modules', '.venv', 'kernel-ext/lib', 'lab-extension/jupyterlab_piecewise', 'cache'].forEach(visit);
    return found;
  }

  /** Programs that the set-up has left. */
  leftPrograms(): string[] {
    return processes().flatMap(pid => {
      const line = readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
      return line.includes(this.root) && !line.includes('end-orphans') ? [line.slice(0, 120)] : [];
    });
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const processes = (): number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number);

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** A process and all that it has started, by /proc. */
function family(pid: number): number[] {
  const parents = processes().map(each => [
    each,
    Number(/\) \S (\d+)/.exec(readOrEmpty(`/proc/${each}/stat`))?.[1]),
  ]);
  const below = (of: number): number[] => [
    of,
    ...parents.filter(([, parent]) => parent === of).flatMap(([each]) => below(each)),
  ];
  return below(pid);
}

/** Kills the set-up some time after a step has begun. @param withPrograms all that it has started, as a container that ends */
async function killed(copy: Copy, step: string, after: number, withPrograms: boolean): Promise<void> {
  const { child, text } = copy.start();
  const closed = once(child, 'exit');
  while (!new RegExp(`^${step} `, 'm').test(text()) && child.exitCode === null) await sleep(5);
  await Promise.race([sleep(after), closed]);
  for (const pid of withPrograms ? family(child.pid!) : [child.pid!]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended in the meantime.
    }
  }
  await closed;
}

function difference(wanted: Map<string, string>, found: Map<string, string>): string | null {
  const names = [...new Set([...wanted.keys(), ...found.keys()])];
  const differing = names.filter(name => wanted.get(name) !== found.get(name));
  return differing.length === 0
    ? null
    : `${differing.length} files differ, such as ${differing.slice(0, 3).join(', ')}`;
}

async function attackStep(
  copy: Copy,
  { name, removed = [], changed }: (typeof STEPS)[number],
  seconds: number,
  wanted: Map<string, string>,
): Promise<Row> {
  const tally = new Tally(`kill -9 in the set-up: ${name}`);
  for (let i = 0; i < KILLS; i++) {
    removed.forEach(each => copy.remove(each));
    const source = changed && readFileSync(copy.path(changed), 'utf8');
    if (changed) appendFileSync(copy.path(changed), `\nexport const changed${i} = ${i};\n`);
    const after = Math.random() * seconds * 1000;
    await killed(copy, name, after, i % 2 === 1);
    if (changed) writeFileSync(copy.path(changed), source!);
    await sleep(1000);
    const left = copy.leftPrograms();
    const failed = await copy.setUp().then(
      () => null,
      (error: Error) => error.message,
    );
    const fault = left.length > 0 ? `still running: ${left.join(', ')}` : failed;
    const why = fault ?? difference(wanted, copy.contents());
    tally.count(why && `after ${(after / 1000).toFixed(1)} s: ${why}`);
  }
  return tally.row(`within ${seconds.toFixed(1)} s; the next run brought the same ${wanted.size} files`);
}

/** Fetches packages from npm's registry and the Python package index, so it runs only if it is named. */
export async function attackSetup(): Promise<Row[]> {
  const copy = new Copy();
  try {
    const printed = await copy.setUp();
    const wanted = copy.contents();
    const rows: Row[] = [];
    for (const step of STEPS) {
      const seconds = Number(new RegExp(`^${step.name} .*\\(([\\d.]+) s\\)$`, 'm').exec(printed)?.[1] ?? NaN);
      rows.push(await attackStep(copy, step, seconds, wanted));
    }
    return rows;
  } finally {
    copy.end();
  }
}
