/** A full disk, a folder that may not be written, no HOME, no TMPDIR, no network: it works, or ends with one typed sentence. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Row, Tally } from './row';

const LIB = path.resolve(__dirname, '../../../kernel-ext/lib');
const NOBODY = 65534;
const OLD = 'old content';

/** What users do with files. Each runs in a folder in which old.onnx and the like exist. */
const WORK: Record<string, string> = {
  'save an ONNX model': `compile(network(), [40]).then(linearizer => linearizer.save('old.onnx'))`,
  'save numbers': `saveNumbers(tf.ones([100, 100]), 'old.npy')`,
  'save a table': `saveNumbers(tf.ones([100, 100]), 'old.csv')`,
  'install the kernel': `installKernelSpec('.')`,
  'fetch data': `data.iris({ onProgress() {} })`,
};

/** Prints `fine`, or the error as JSON. The superuser becomes nobody, whom a read-only folder stops. */
const PROGRAM = `
  const tf = require(${JSON.stringify(require.resolve('@tensorflow/tfjs'))});
  const { compile, data, saveNumbers } = require(${JSON.stringify(`${LIB}/index.js`)});
  const { installKernelSpec } = require(${JSON.stringify(`${LIB}/kernel/install.js`)});
  const { PiecewiseError } = require(${JSON.stringify(`${LIB}/public-errors.js`)});
  const network = () => tf.sequential({ layers: [tf.layers.dense({ units: 400, inputShape: [40] })] });
  const [work, asNobody] = process.argv.slice(1);
  const run = eval('() => ' + work);
  if (asNobody === 'yes' && process.geteuid() === 0) process.seteuid(${NOBODY});
  tf.setBackend('cpu').then(run).then(() => console.log('"fine"'), error => console.log(JSON.stringify({
    name: error.name, message: error.message, isTyped: error instanceof PiecewiseError })));`;

interface Circumstance {
  /** Which of the work it must stop. */
  stops: string[];
  env?: Record<string, string | undefined>;
  /** Blocks of 512 bytes that a file may have. */
  blocks?: number;
  readOnly?: boolean;
}

const SAVES = ['save an ONNX model', 'save numbers', 'save a table'];
const OFFLINE = {
  PIP_INDEX_URL: 'http://127.0.0.1:9/',
  PIP_RETRIES: '0',
  npm_config_registry: 'http://127.0.0.1:9/',
};

const CIRCUMSTANCES: Record<string, Circumstance> = {
  'a disk without room': { stops: [...SAVES, 'install the kernel', 'fetch data'], blocks: 4 },
  'a read-only folder': { stops: [...SAVES, 'install the kernel', 'fetch data'], readOnly: true },
  'no HOME': { stops: [], env: { HOME: undefined } },
  'an empty HOME': { stops: [], env: { HOME: '' } },
  'a HOME that is not a folder': {
    stops: ['fetch data'],
    env: { HOME: '/dev/null', PIECEWISE_CACHE: undefined },
  },
  'no TMPDIR': { stops: [], env: { TMPDIR: '/nonexistent' } },
  'no network': { stops: ['fetch data'], env: OFFLINE },
};

function attempt(work: string, { stops, env = {}, blocks, readOnly = false }: Circumstance): string | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'piecewise-attack-'));
  try {
    for (const name of ['old.onnx', 'old.npy', 'old.csv']) writeFileSync(path.join(folder, name), OLD);
    if (readOnly && process.getuid!() === 0) chownSync(folder, NOBODY, NOBODY);
    if (readOnly) chmodSync(folder, 0o555);
    const limit = blocks === undefined ? '' : `ulimit -f ${blocks}; `;
    const args = [
      '-c',
      `${limit}exec "$0" -e "$@"`,
      process.execPath,
      PROGRAM,
      WORK[work],
      readOnly ? 'yes' : 'no',
    ];
    const child = spawnSync('sh', args, {
      cwd: folder,
      env: { ...process.env, XDG_CACHE_HOME: undefined, PIECEWISE_CACHE: path.join(folder, 'cache'), ...env },
      encoding: 'utf8',
      timeout: 120_000,
    });
    if (readOnly) chmodSync(folder, 0o755);
    return judged(work, folder, child.stdout, stops.includes(work));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judged(work: string, folder: string, output: string, mustStop: boolean): string | null {
  const said = output.trim().split('\n').at(-1) ?? '';
  if (said === '"fine"') return mustStop ? `${work}: was not stopped` : null;
  if (!said.startsWith('{')) return `${work}: ended without a word`;
  const { name, message, isTyped } = JSON.parse(said) as { name: string; message: string; isTyped: boolean };
  if (!mustStop) return `${work}: ${name}: ${message}`;
  if (!isTyped || message.includes('\n')) return `${work}: not one typed sentence: ${name}: ${message}`;
  const changed = ['old.onnx', 'old.npy', 'old.csv'].find(
    file => readFileSync(path.join(folder, file), 'utf8') !== OLD,
  );
  if (changed !== undefined) return `${work}: ${changed} was changed`;
  const left = readdirSync(folder).filter(file => file.includes('.part-'));
  return left.length > 0 ? `${work}: left ${left.join(', ')}` : null;
}

export async function attackMachines(): Promise<Row[]> {
  return Object.entries(CIRCUMSTANCES).map(([name, circumstance]) => {
    const tally = new Tally(name);
    for (const work of Object.keys(WORK)) tally.count(attempt(work, circumstance));
    const { stops } = circumstance;
    return tally.row(
      stops.length === 0 ? 'everything works' : `one typed sentence for ${stops.length} kinds of work`,
    );
  });
}
