/** A full disk, a folder that may not be written, no HOME, no TMPDIR, no network: it works, or ends with one typed sentence. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FullDisk } from './full-disk';
import { type Row, Tally } from './row';

const LIB = path.resolve(__dirname, '../../../kernel-ext/lib');
const NOBODY = 65534;

/** Makes the files that the work below replaces or reads. */
const PREPARATION = `
  require('node:fs').writeFileSync('old.csv', 'old content');
  await (await compile(network(4), [40])).save('old.onnx');
  await saveNumbers(tf.ones([2]), 'old.npy');
  await plot([1, 2], { file: 'old.svg' });
  await plot([1, 2], { file: 'old.pdf' });
  await plot([1, 2], { file: 'old.html' });
  await new Checkpoint('old-checkpoint', {}).save(network(4), new Adam(1), 1, []);
  await writeModel('old-embedding', network(4), {});`;

/** What users do with files. Each runs in a folder in which old.onnx and the like exist. */
const WORK: Record<string, string> = {
  'save an ONNX model': `(await compile(network(400), [40])).save('old.onnx')`,
  'save numbers': `saveNumbers(tf.ones([100, 100]), 'old.npy')`,
  'save a table': `saveNumbers(tf.ones([100, 100]), 'old.csv')`,
  'save a picture': `plot(many, { file: 'old.svg' })`,
  'save a PDF': `plot(many, { file: 'old.pdf' })`,
  'save a page': `plot(many, { file: 'old.html' })`,
  'save a checkpoint': `new Checkpoint('old-checkpoint', {}).save(network(400), new Adam(1), 2, [])`,
  'save an embedding': `writeModel('old-embedding', network(400), {})`,
  'install the kernel': `installKernelSpec('.')`,
  'fetch data': `data.iris({ onProgress() {} })`,
};

/** Prints `fine`, or the error as JSON. The superuser becomes nobody, whom a read-only folder stops. */
const PROGRAM = `
  const tf = require(${JSON.stringify(require.resolve('@tensorflow/tfjs'))});
  const { compile, data, plot, saveNumbers } = require(${JSON.stringify(`${LIB}/index.js`)});
  const { installKernelSpec } = require(${JSON.stringify(`${LIB}/kernel/install.js`)});
  const { PiecewiseError } = require(${JSON.stringify(`${LIB}/public-errors.js`)});
  const { Adam } = require(${JSON.stringify(`${LIB}/tsne/adam.js`)});
  const { Checkpoint } = require(${JSON.stringify(`${LIB}/tsne/checkpoint.js`)});
  const { writeModel } = require(${JSON.stringify(`${LIB}/tsne/model-files.js`)});
  const network = units => tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [40] })] });
  const many = Array.from({ length: 2000 }, (_, i) => ({ a: Math.sin(i), b: Math.cos(i * i) }));
  const [work, asNobody] = process.argv.slice(1);
  const run = eval('async () => {' + work + '}');
  if (asNobody === 'yes' && process.geteuid() === 0) process.seteuid(${NOBODY});
  tf.setBackend('cpu').then(run).then(() => console.log('"fine"'), error => console.log(JSON.stringify({
    name: error.name, message: error.message, isTyped: error instanceof PiecewiseError })));`;

interface Circumstance {
  /** Which of the work it must stop. */
  stops: string[];
  env?: Record<string, string | undefined>;
  /** Blocks of 512 bytes that a file may have. */
  blocks?: number;
  /** Bytes that are free on the disk. */
  room?: number;
  readOnly?: boolean;
}

const WRITING = Object.keys(WORK);
const OFFLINE = {
  PIP_INDEX_URL: 'http://127.0.0.1:9/',
  PIP_RETRIES: '0',
  npm_config_registry: 'http://127.0.0.1:9/',
};

const CIRCUMSTANCES: Record<string, Circumstance> = {
  'a full disk (a tmpfs of 1 MiB)': { stops: WRITING, room: 0 },
  'a disk with 4 KiB left (a tmpfs of 1 MiB)': { stops: WRITING, room: 4096 },
  'no file of more than 2 KiB (ulimit)': { stops: WRITING, blocks: 4 },
  'a read-only folder': { stops: WRITING, readOnly: true },
  'no HOME': { stops: [], env: { HOME: undefined } },
  'an empty HOME': { stops: [], env: { HOME: '' } },
  'a HOME that is not a folder': {
    stops: ['fetch data'],
    env: { HOME: '/dev/null', PIECEWISE_CACHE: undefined },
  },
  'no TMPDIR': { stops: [], env: { TMPDIR: '/nonexistent' } },
  'no network': { stops: ['fetch data'], env: OFFLINE },
};

/** The work in a copy of the prepared folder. */
async function attempt(work: string, prepared: string, circumstance: Circumstance): Promise<string | null> {
  const { room, readOnly = false } = circumstance;
  const folder = mkdtempSync(path.join(tmpdir(), 'piecewise-attack-'));
  const disk = room === undefined ? null : await FullDisk.on(folder);
  const seen = disk?.seen ?? folder;
  try {
    cpSync(prepared, seen, { recursive: true });
    const before = contents(seen);
    if (room !== undefined) disk!.fill(room);
    if (readOnly && process.getuid!() === 0) chownSync(folder, NOBODY, NOBODY);
    if (readOnly) chmodSync(folder, 0o555);
    const output = run(work, folder, disk?.enter ?? [], circumstance);
    if (readOnly) chmodSync(folder, 0o755);
    disk?.removeFilling();
    return judged(work, output, before, contents(seen), circumstance.stops.includes(work));
  } finally {
    disk?.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param enter the program, and its arguments, that enters the disk */
function run(work: string, folder: string, enter: string[], circumstance: Circumstance): string {
  const { env = {}, blocks, readOnly } = circumstance;
  const limit = blocks === undefined ? '' : `ulimit -f ${blocks}; `;
  const script = `cd ${folder}; ${limit}exec "$0" -e "$@"`;
  const asNobody = readOnly ? 'yes' : 'no';
  const [program, ...args] = [
    ...enter,
    'sh',
    '-c',
    script,
    process.execPath,
    PROGRAM,
    `await ${WORK[work]}`,
    asNobody,
  ];
  const { stdout } = spawnSync(program, args, {
    env: { ...process.env, XDG_CACHE_HOME: undefined, PIECEWISE_CACHE: path.join(folder, 'cache'), ...env },
    encoding: 'utf8',
    timeout: 120_000,
  });
  return stdout;
}

/** The content of each file below a folder. */
function contents(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true }) as string[];
  const files = names.filter(name => statSync(path.join(folder, name)).isFile());
  return new Map(files.map(name => [name, readFileSync(path.join(folder, name), 'latin1')]));
}

function judged(
  work: string,
  output: string,
  before: Map<string, string>,
  after: Map<string, string>,
  mustStop: boolean,
): string | null {
  const said = output.trim().split('\n').at(-1) ?? '';
  if (said === '"fine"') return mustStop ? `${work}: was not stopped` : null;
  if (!said.startsWith('{')) return `${work}: ended without a message`;
  const { name, message, isTyped } = JSON.parse(said) as { name: string; message: string; isTyped: boolean };
  if (!mustStop) return `${work}: ${name}: ${message}`;
  if (!isTyped || message.includes('\n')) return `${work}: not one typed sentence: ${name}: ${message}`;
  const changed = [...before.keys()].filter(file => before.get(file) !== after.get(file));
  if (changed.length > 0) return `${work}: ${changed.join(', ')} was changed`;
  const left = [...after.keys()].filter(file => file.includes('.part-'));
  return left.length > 0 ? `${work}: left ${left.join(', ')}` : null;
}

function prepare(folder: string): void {
  const script = ['-e', PROGRAM, PREPARATION, 'no'];
  const { stdout } = spawnSync(process.execPath, script, { cwd: folder, encoding: 'utf8' });
  if (!stdout.trim().endsWith('"fine"')) throw new Error(`The files could not be prepared: ${stdout}`);
}

export async function attackMachines(): Promise<Row[]> {
  const prepared = mkdtempSync(path.join(tmpdir(), 'piecewise-attack-'));
  const rows: Row[] = [];
  try {
    prepare(prepared);
    for (const [name, circumstance] of Object.entries(CIRCUMSTANCES)) {
      const tally = new Tally(name);
      for (const work of WRITING) tally.count(await attempt(work, prepared, circumstance));
      const { length } = circumstance.stops;
      rows.push(
        tally.row(length === 0 ? 'everything works' : `one typed sentence for ${length} kinds of work`),
      );
    }
  } finally {
    rmSync(prepared, { recursive: true });
  }
  return rows;
}
