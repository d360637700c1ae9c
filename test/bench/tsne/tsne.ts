/**
 * `npm run bench:tsne [-- points epochs contenders]`: embeddings of MNIST digits by Piecewise, openTSNE, scikit-learn's
 * TSNE, umap-learn, parametric UMAP and glass-box-umap, one after the other, each in a process of its own with all threads.
 * Measures the time for the embedding and for placing 10,000 new digits, peak memory, and T(12) and the 1-NN error of the
 * embedding and of the new digits; then compares W of the new digits with torch.func.vmap(jacrev). Default: 10,000 points, as
 * many epochs as `tsne` chooses (0), all contenders; `openTSNE,umap` runs those two beside us, `none` us alone. With 70,000, all
 * digits are embedded, and the test digits are placed once more. Prints a table with ratios and writes
 * test/output/bench-tsne.json.
 */
import '../../backend';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { data, type LabeledData } from '../../../kernel-ext/src';
import { knnError, trustworthiness } from '../../../kernel-ext/src/tsne/quality';
import { resultOf } from '../../../kernel-ext/src/tsne/steps';
import { randomFor, sampleOf } from '../../../kernel-ext/src/tsne/random';
import type { Rows } from '../../../kernel-ext/src/tsne/points';
import { peerEnvironment } from '../peer-environment';

const PERPLEXITY = 30;
const NEIGHBORS = 12;
const WIDTH = 784;
const TRAINED = 60_000;
/** T(12) compares all pairs, so it looks at this many points, the same for every contender. */
const SAMPLE = 2000;

/** The contenders, and the libraries that each one imports. */
const PEERS = [
  { name: 'openTSNE', needs: ['openTSNE'] },
  { name: 'sklearn', needs: ['sklearn'] },
  { name: 'umap', needs: ['umap'] },
  { name: 'parametric-umap', needs: ['umap', 'tensorflow'] },
  { name: 'glass-box-umap', needs: ['glass_box_umap', 'torch'] },
];

interface Timed {
  /** Seconds for the embedding, and for placing the new points where that is possible. */
  seconds: number[];
  megabytes: number;
  epoch?: number;
  linearize?: number;
}

interface Row extends Timed {
  name: string;
  /** T(12) of the embedding, and of the new points. */
  trust: number[];
  /** 1-NN error of the embedded points among each other, and of the new points among the embedded ones. */
  error: number[];
}

interface Digits {
  rows: Rows;
  labels: string[];
}

async function main(): Promise<void> {
  const [points = 10_000, epochs = 0] = process.argv.slice(2, 4).map(Number);
  const wanted = process.argv[4]?.split(',') ?? PEERS.map(({ name }) => name);
  const { python, libraries, missing } = peerEnvironment(path.join(__dirname, 'requirements.txt'));
  for (const [library, reason] of missing) console.log(`without ${library}: ${reason}`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'piecewise-bench-'));
  try {
    const test = await digitsOf(await data.mnist('test'), 10_000);
    const train = await digitsOf(await data.mnist('train'), Math.min(points, TRAINED));
    const mapped = points > TRAINED ? joined(train, test) : train;
    writeFileSync(path.join(folder, 'train.bin'), mapped.rows.values);
    writeFileSync(path.join(folder, 'test.bin'), test.rows.values);
    const threads = String(os.availableParallelism());
    const arguments_ = [folder, String(PERPLEXITY)];
    const ours = [require.resolve('tsx/cli'), path.join(__dirname, 'ours.ts'), ...arguments_, String(epochs)];
    const rows = [measured('piecewise', folder, mapped, test, process.execPath, ours)];
    const peers = PEERS.filter(({ name }) => wanted.includes(name));
    for (const { name, needs } of peers.filter(peer => peer.needs.every(one => libraries.includes(one)))) {
      const peer = [path.join(__dirname, 'peer.py'), name, ...arguments_, threads];
      try {
        rows.push(measured(name, folder, mapped, test, python, peer));
      } catch (error) {
        console.log(`without ${name} (${needs.join(', ')}): ${lastLine(error)}`);
      }
    }
    const torch = libraries.includes('torch') ? jacobian(python, folder, threads) : null;
    print(mapped.rows.count, rows, torch);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function digitsOf(images: LabeledData, count: number): Promise<Digits> {
  const tensor = images.batch(0, count);
  const values = await tensor.data<'float32'>();
  tensor.dispose();
  return { rows: { count, width: WIDTH, values }, labels: [...images.labels.subarray(0, count)].map(String) };
}

function joined(a: Digits, b: Digits): Digits {
  const values = new Float32Array(a.rows.values.length + b.rows.values.length);
  values.set(a.rows.values);
  values.set(b.rows.values, a.rows.values.length);
  const count = a.rows.count + b.rows.count;
  return { rows: { count, width: WIDTH, values }, labels: [...a.labels, ...b.labels] };
}

interface Jacobian {
  seconds: number;
  doubtful: number;
}

/** W of the new digits by torch.func.vmap(jacrev), of the very network that Piecewise trained; null after printing why, if that fails. */
function jacobian(python: string, folder: string, threads: string): Jacobian | null {
  const script = path.join(__dirname, 'jacobian.py');
  try {
    const output = execFileSync(python, [script, folder, threads], { encoding: 'utf8', env: quietly() });
    return JSON.parse(output.trim().split('\n').at(-1)!) as Jacobian;
  } catch (error) {
    console.log(`without torch.func.vmap(jacrev): ${lastLine(error)}`);
    process.exitCode = 1;
    return null;
  }
}

const quietly = () => ({ ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' });

/** The last line that a failed process wrote. */
const lastLine = (error: unknown): string =>
  String((error as { stderr?: string }).stderr ?? error)
    .trim()
    .split('\n')
    .at(-1)!;

function measured(
  name: string,
  folder: string,
  mapped: Digits,
  test: Digits,
  command: string,
  args: string[],
): Row {
  console.log(`${name} …`);
  const output = execFileSync(command, args, {
    encoding: 'utf8',
    env: quietly(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timed = JSON.parse(output.trim().split('\n').at(-1)!) as Timed;
  const map = coordinatesOf(path.join(folder, `${name}.map.bin`))!;
  const placed = coordinatesOf(path.join(folder, `${name}.placed.bin`));
  const trust = [trustOf(mapped.rows, map)];
  const error = [errorOf(map, mapped.labels)];
  if (placed) {
    trust.push(trustOf(test.rows, placed));
    error.push(resultOf(knnError(map, mapped.labels, 1, { embedded: placed, labels: test.labels })));
  }
  return { name, ...timed, trust, error };
}

function coordinatesOf(file: string): Rows | null {
  if (!existsSync(file)) return null;
  const values = new Float32Array(new Uint8Array(readFileSync(file)).buffer);
  return { count: values.length / 2, width: 2, values };
}

function trustOf(points: Rows, places: Rows): number {
  const chosen = sampleOf(points.count, SAMPLE, randomFor(1, 'bench'));
  const at = ({ width, values }: Rows): Rows => {
    const some = new Float32Array(chosen.length * width);
    chosen.forEach((i, row) => some.set(values.subarray(i * width, (i + 1) * width), row * width));
    return { count: chosen.length, width, values: some };
  };
  return resultOf(trustworthiness(at(points), at(places), NEIGHBORS));
}

/** The error of 10,000 of the points among each other. */
function errorOf(map: Rows, labels: string[]): number {
  const count = Math.min(map.count, 10_000);
  return resultOf(
    knnError({ count, width: 2, values: map.values.subarray(0, 2 * count) }, labels.slice(0, count), 1),
  );
}

function print(points: number, rows: Row[], torch: Jacobian | null): void {
  const [ours] = rows;
  const ratio = (value: number | undefined, own: number) =>
    value === undefined
      ? '-'.padStart(16)
      : `${value.toFixed(2)} s ${(value / own).toFixed(2)}×`.padStart(16);
  const share = (values: number[], digits: number, factor: number) =>
    [0, 1]
      .map(i => (values[i] === undefined ? '-' : (factor * values[i]).toFixed(digits)).padStart(8))
      .join('');
  console.log(`\n${points} digits; ×: relative to our time`);
  console.log(
    `${''.padEnd(12)}${'embedding'.padStart(16)}${'10,000 placed'.padStart(16)}${'MB'.padStart(8)}` +
      `${`T(${NEIGHBORS}) own, new`.padStart(16)}${'1-NN error % own, new'.padStart(24)}`,
  );
  for (const { name, seconds, megabytes, trust, error } of rows) {
    console.log(
      name.padEnd(12) +
        ratio(seconds[0], ours.seconds[0]) +
        ratio(seconds[1], ours.seconds[1]) +
        megabytes.toFixed(0).padStart(8) +
        share(trust, 4, 1) +
        share(error, 2, 100).padStart(24),
    );
  }
  console.log(
    `piecewise: W and b of the 10,000 new digits take ${ours.linearize!.toFixed(2)} s, ` +
      `${(ours.linearize! / ours.epoch!).toFixed(2)} times an epoch of ${points} digits`,
  );
  if (torch)
    console.log(
      `torch.func.vmap(jacrev): ${torch.seconds.toFixed(2)} s for the same W, ` +
        `${(torch.seconds / ours.linearize!).toFixed(2)}× ours (${torch.doubtful} digits on a threshold)`,
    );
  const file = path.resolve(__dirname, '../../output/bench-tsne.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ points, threads: os.availableParallelism(), rows, torch }, null, 2));
}

void main();
