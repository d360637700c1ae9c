/** A real kernel that two notebooks share, and one whose runs of onnxruntime are interrupted. */
import { type Reply, WireClient } from '../../kernel/wire-client';
import { type Row, Tally } from './row';

const CELLS = 50;
const INTERRUPTS = 20;
/** How long an answer may take on a loaded machine. */
const PATIENCE_MS = 60_000;

const pause = (milliseconds: number): Promise<void> => new Promise(done => setTimeout(done, milliseconds));

/** What a kernel sent on iopub for a request, once it has reported that it is idle again. */
async function outputsOf(client: WireClient, id: string): Promise<Reply[]> {
  const of = (): Reply[] =>
    client.received.filter(({ channel, parent }) => channel === 'iopub' && parent === id);
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(10))
    if (of().some(({ type, content }) => type === 'status' && content.execution_state === 'idle'))
      return of();
  throw new Error(`The kernel has not reported within ${PATIENCE_MS} ms that it is idle after a cell.`);
}

const textOf = (outputs: Reply[]): string =>
  outputs
    .filter(({ type }) => type === 'stream')
    .map(({ content }) => String(content.text))
    .join('');

interface Sent {
  id: string;
  name: string;
  owner: WireClient;
}

/** A cell that prints at once, after an await, and from a timer after it has ended; every fifth one asks for a line. */
async function sendCell(owner: WireClient, name: string, asks: boolean): Promise<Sent> {
  const line = asks ? `console.log(prompt('${name}?'));` : '';
  const code = `console.log('${name} a'); ${line} runs++; await new Promise(done => setTimeout(done, 3));
console.log('${name} b'); setTimeout(() => console.log('${name} c'), 20); '${name} result'`;
  const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true };
  const { id, frames } = owner.frames('execute_request', { ...content, stop_on_error: true });
  const replied = owner.replyTo(id, name, PATIENCE_MS);
  await owner.sendFrames('shell', frames);
  const answered = asks ? answerQuestion(owner, id, name) : null;
  await Promise.all([replied, answered]);
  return { id, name, owner };
}

async function answerQuestion(owner: WireClient, id: string, name: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(5))
    if (owner.received.some(({ type, parent }) => type === 'input_request' && parent === id)) {
      await owner.send('stdin', 'input_reply', { status: 'ok', value: `${name} typed` });
      return;
    }
  throw new Error(`${name} was not asked for its line.`);
}

/** What a client received on its own channels that answers a request of another. */
const strangers = (client: WireClient, own: Set<string>): Reply[] =>
  client.received.filter(
    ({ channel, parent, type }) => channel !== 'iopub' && type !== 'kernel_info_reply' && !own.has(parent),
  );

async function faultOf({ id, name }: Sent, asks: boolean, watcher: WireClient): Promise<string | null> {
  const outputs = await outputsOf(watcher, id);
  const typed = asks ? `${name} typed\n` : '';
  const text = textOf(outputs);
  if (text !== `${name} a\n${typed}${name} b\n${name} c\n`) return `${name} printed ${JSON.stringify(text)}`;
  const results = outputs.filter(({ type }) => type === 'execute_result').map(({ content }) => content.data);
  const isOwn = results.length === 1 && JSON.stringify(results).includes(`${name} result`);
  return isOwn ? null : `${name} returned ${JSON.stringify(results)}`;
}

async function twoNotebooks(): Promise<Row> {
  const tally = new Tally('cells of two notebooks on one kernel, sent at once');
  const clients = [await WireClient.start()];
  try {
    clients.push(await clients[0].beside());
    await clients[0].run('let runs = 0');
    clients[0].received.length = 0;
    const cells = Array.from({ length: CELLS }, (_, i) => ({ asks: i % 5 === 0, i }));
    const sent = await Promise.all(
      clients.flatMap((client, c) => cells.map(({ asks, i }) => sendCell(client, `${c}-${i}`, asks))),
    );
    await pause(500);
    for (const [at, each] of sent.entries())
      for (const watcher of clients) tally.count(await faultOf(each, (at % CELLS) % 5 === 0, watcher));
    for (const client of clients) {
      const own = new Set(sent.filter(({ owner }) => owner === client).map(({ id }) => id));
      const foreign = strangers(client, own).map(({ channel, type }) => `${type} on ${channel}`);
      tally.count(foreign.length === 0 ? null : `answers to the other notebook: ${foreign.join(', ')}`);
    }
    const { content } = await clients[1].request('shell', 'execute_request', {
      code: '',
      user_expressions: { runs: 'runs' },
    });
    const runs = JSON.stringify(content.user_expressions);
    tally.count(runs.includes(`"${sent.length}"`) ? null : `the cells that ran: ${runs}`);
  } finally {
    for (const client of clients.reverse()) await client.stop();
  }
  return tally.row(
    'each got only its own answers and questions; prints, also late ones, and results had the right parent',
  );
}

/** A network whose runs take most of the time of the cell that is interrupted. */
const PREPARE = `
const net = tf.sequential({ layers: [
  tf.layers.conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [96, 96, 3] }),
  tf.layers.conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
  tf.layers.conv2d({ filters: 32, kernelSize: 3, strides: 4, activation: 'relu' }),
  tf.layers.flatten(), tf.layers.dense({ units: 10 }),
] });
const photo = tf.randomUniform([96, 96, 3], 0, 1, 'float32', 5);
async function numbers(executor: 'tfjs' | 'onnx'): Promise<number[]> {
  const lin = await linearize(net, photo, { executor });
  try {
    const row = await lin.row(3);
    const kept = [...(await row.data()), ...(await lin.bias.data())];
    row.dispose();
    return kept;
  } finally {
    lin.dispose();
  }
}
const right = await numbers('tfjs');
await numbers('onnx');
const tensors = tf.memory().numTensors;`;

const CHECK = `
const again = await numbers('onnx');
console.log(JSON.stringify([Math.max(...again.map((v, i) => Math.abs(v - right[i]))), tf.memory().numTensors - tensors]));`;

async function interruptedRuns(): Promise<Row> {
  const tally = new Tally('interrupts inside runs of onnxruntime');
  const client = await WireClient.start();
  let stopped = 0;
  try {
    const prepared = await client.run(PREPARE);
    if (prepared.content.status !== 'ok') throw new Error(String(prepared.content.evalue));
    for (let i = 0; i < INTERRUPTS; i++) {
      const cell = client.run(`for (;;) await numbers('onnx')`, PATIENCE_MS);
      await pause(200 + Math.random() * 400);
      await client.request('control', 'interrupt_request');
      const { content } = await cell;
      if (content.ename === 'Interrupted') stopped++;
      const checked = await client.run(CHECK, PATIENCE_MS);
      const text = textOf(await outputsOf(client, checked.parent));
      const [difference, left] = JSON.parse(text || '[null, null]') as [number | null, number | null];
      const isRight = difference !== null && difference < 1e-4 && left === 0;
      tally.count(
        isRight
          ? null
          : `differs by ${difference}, ${left} tensors are left, ${String(checked.content.evalue)}`,
      );
    }
  } finally {
    await client.stop();
  }
  return tally.row(
    `${stopped} cells ended as Interrupted; the next run gave the right numbers, no tensor left`,
  );
}

/** @returns one row for two notebooks on one kernel, and one for interrupts */
export async function attackSharedKernel(): Promise<Row[]> {
  return [await twoNotebooks(), await interruptedRuns()];
}
