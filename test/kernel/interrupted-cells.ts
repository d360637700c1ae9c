import type { Client } from './client';

/** A cell that an interrupt must end; it does not end by itself, however fast the machine is. */
export interface InterruptedCell {
  what: string;
  /** The cell; it prints when it has begun. */
  code: string;
  /** How long it runs before the interrupt, in milliseconds. Default: 300. */
  after?: number;
  /** What the next cell runs, instead of a sum, and the text of its result. */
  next?: [code: string, text: string];
}

/** Cells that every one of `INTERRUPTED_CELLS` may need. */
export const PREPARATION = `
import { execSync } from 'node:child_process';
const small = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [8] })] });
small.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
const [xs, ys] = [tf.randomNormal([4096, 8]), tf.randomNormal([4096, 4])];
const conv = (filters: number, strides = 1): tf.layers.Layer =>
  tf.layers.conv2d({ filters, kernelSize: 3, strides, padding: 'same', activation: 'relu' });
const deep = tf.sequential({ layers: [
  tf.layers.conv2d({ filters: 24, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [64, 64, 3] }),
  conv(32, 2), conv(32), conv(48, 2), conv(48), tf.layers.flatten(), tf.layers.dense({ units: 300 }),
] });
const images = tf.randomUniform([64, 64, 64, 3], 0, 1, 'float32', 7);
const image = tf.randomUniform([64, 64, 3], 0, 1, 'float32', 8);
const points = tf.randomNormal([500, 20], 0, 1, 'float32', 9);
const rowsOf = (t: tf.Tensor): any => t.arraySync();
const pairs: any = tf.data.zip({ xs: tf.data.array(rowsOf(xs)), ys: tf.data.array(rowsOf(ys)) } as any).batch(64);
const scopes = (): number => (tf.engine() as any).state.scopeStack.length;
const slope = (): number => tf.tidy(() => tf.grad((x: tf.Tensor) => x.square())(tf.scalar(3)).dataSync()[0]);
`;

const begin = "console.log('started'); ";

export const INTERRUPTED_CELLS: readonly InterruptedCell[] = [
  { what: 'a loop', code: `${begin}for (;;) {}` },
  { what: 'a loop after an await', code: `${begin}await null; for (;;) {}` },
  { what: 'awaits of null', code: `${begin}for (;;) await null` },
  { what: 'awaits of setImmediate', code: `${begin}for (;;) await new Promise(setImmediate)` },
  { what: 'a catastrophic pattern', code: `${begin}/^(a+)+$/.test('a'.repeat(40) + 'b')` },
  {
    what: 'an endless generator in a Set',
    code: `${begin}new Set((function* () { for (;;) yield 1; })())`,
  },
  { what: 'a program', code: `${begin}execSync('sleep 8')` },
  { what: 'a program after an await', code: `${begin}await null; execSync('sleep 8')` },
  {
    what: 'Atomics.wait',
    code: `${begin}Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
  },
  {
    what: 'Atomics.wait after an await',
    code: `${begin}await null; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
  },
  {
    what: 'try and catch around an inner loop',
    code: `${begin}for (;;) { try { for (;;) Math.random(); } catch {} }`,
  },
  {
    what: 'a finally with an await that never settles',
    code: `${begin}try { await new Promise(() => {}); } finally { await new Promise(() => {}); }`,
  },
  {
    what: 'operations of tf',
    code: `${begin}for (;;) tf.tidy(() => void tf.ones([300, 300]).matMul(tf.ones([300, 300])))`,
  },
  {
    what: 'operations of tf after an await',
    code: `${begin}await null; for (;;) tf.tidy(() => void tf.ones([300, 300]).matMul(tf.ones([300, 300])))`,
  },
  {
    what: 'model.fit',
    code: `${begin}await small.fit(xs, ys, { epochs: 1000, verbose: 0 })`,
    next: ['(await small.fit(xs, ys, { epochs: 1, verbose: 0 })).epoch.length', '1'],
  },
  {
    what: 'model.fitDataset',
    code: `${begin}await small.fitDataset(pairs, { epochs: 1000, verbose: 0 })`,
    next: ['(await small.fitDataset(pairs, { epochs: 1, verbose: 0 })).epoch.length', '1'],
  },
  {
    what: 'model.fit in a loop',
    code: `${begin}for (;;) await small.fit(xs, ys, { epochs: 1, verbose: 0 })`,
    next: ['(await small.fit(xs, ys, { epochs: 1, verbose: 0 })).epoch.length', '1'],
  },
  {
    what: 'a loop in a callback of model.fit',
    code: `${begin}await small.fit(xs, ys, { verbose: 0, callbacks: { onBatchEnd: async () => { for (;;) Math.random(); } } })`,
    next: ['(await small.fit(xs, ys, { epochs: 3, verbose: 0 })).epoch.length', '3'],
  },
  {
    what: 'a loop in a callback that watches the work',
    code: `${begin}const seen = await linearize(deep, image); await seen.weights.rows([0, 1, 2], { onProgress: () => { for (;;); } })`,
  },
  {
    what: 'a loop in a function that is linearized',
    code: `${begin}await null; await linearize((x: tf.Tensor) => { for (;;); return x; }, image)`,
  },
  {
    what: 'a gradient in a tidy',
    code: `${begin}for (;;) tf.tidy(() => tf.grad((x: tf.Tensor) => tf.tidy(() => x.square().sum()))(tf.ones([200, 200])))`,
    next: ['[scopes(), slope()]', '[ 0, 6 ]'],
  },
  {
    what: 'a profile that waits',
    code: 'await tf.profile(async () => { console.log("started"); await new Promise(() => {}); return tf.scalar(1); })',
    next: ['(tf.engine() as any).state.profiling', 'false'],
  },
  {
    what: 'an open scope that waits',
    code: `${begin}tf.engine().startScope(); await new Promise(() => {})`,
    next: ['[scopes(), slope()]', '[ 0, 6 ]'],
  },
  {
    what: 'an iterator that waits',
    code: `${begin}await pairs.mapAsync(() => new Promise(() => {})).toArray()`,
    next: ['(await pairs.take(1).toArray()).length', '1'],
  },
  {
    what: 'lin.radius',
    code: `${begin}const near = await linearize(deep, image); for (;;) await near.radius({ exact: true })`,
  },
  {
    what: 'svd',
    code: `${begin}const wide = await linearize(deep, image); for (;;) await wide.weights.svd(3)`,
  },
  {
    what: 'linearize of a batch',
    code: `${begin}for (;;) await linearize(deep, images, { memory: 2 ** 26, executor: 'onnx' })`,
  },
  { what: 'path', code: `${begin}for (;;) await path(deep, tf.zeros([64, 64, 3]), image)` },
  { what: 'tsne', code: `${begin}for (;;) await tsne(points)` },
  { what: 'census', code: `${begin}for (;;) await census(deep, images)` },
];

/** What the user saw of an interrupt. */
export interface InterruptedRun {
  /** Milliseconds from the interrupt to the cell's reply, and to the result of the next cell. */
  ended: number;
  answered: number;
  ename: string;
  /** What the next cell returned. */
  result: string | undefined;
  /** Whether the user was told what the interrupt waits for. */
  told: boolean;
}

/** The cell that runs after an interrupted one, and the text of its result. */
export const nextOf = ({ next = ['1 + 1', '2'] }: InterruptedCell): [code: string, text: string] => next;

/** Runs a cell, interrupts it, and runs the next one. */
export async function interruptCell(client: Client, cell: InterruptedCell): Promise<InterruptedRun> {
  const [code] = nextOf(cell);
  const id = await client.submitTalking(cell.code);
  await pause(cell.after ?? 300);
  const start = performance.now();
  void client.send('control', 'interrupt_request', {});
  const { reply, outputs } = await client.ended(id);
  const ended = performance.now() - start;
  const next = await client.run(code);
  const answered = performance.now() - start;
  const result = next.outputs.find(({ type }) => type === 'execute_result');
  const told = outputs.some(({ content }) => /^The interrupt is waiting for /.test(String(content.text)));
  return { ended, answered, ename: String(reply.ename), result: result?.content.data['text/plain'], told };
}

/** The share of a processor that the kernel takes while no cell runs. */
export async function loadOf(client: Client): Promise<number> {
  const used = async (): Promise<number> => {
    const { outputs } = await client.run('(({ user, system }) => user + system)(process.cpuUsage())');
    return Number(outputs.find(({ type }) => type === 'execute_result')?.content.data['text/plain']) / 1e6;
  };
  await used();
  const before = await used();
  const start = performance.now();
  await pause(700);
  return ((await used()) - before) / ((performance.now() - start) / 1000);
}

const pause = (milliseconds: number): Promise<void> => new Promise(done => setTimeout(done, milliseconds));
