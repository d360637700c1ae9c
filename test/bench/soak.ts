/**
 * `npm run bench:soak [cells]`: 10,000 cells in one kernel, driven by jupyter_client: variables, functions and types that are
 * declared again and again, results, output, displays, errors, completions and tensors. Prints what the kernel holds after a
 * garbage collection every 1,000 cells, and at the end whether it stayed within the bound. Checks every result.
 */
import assert from 'node:assert/strict';
import { Client, OWN_KERNEL, resultText } from '../kernel/client';

const CELLS = Number(process.argv[2] ?? 10_000);
const STEPS = 10;
/** JavaScript's heap may grow by this much per cell, averaged from the first tenth of the cells to the last. */
const BOUND_KIB_A_CELL = 4;

/** One of these in turn; each gives the number of the cell, or fails. */
const KINDS: ((i: number) => string)[] = [
  i => `const value = ${i}; value`,
  i => `let text${i % 50} = 'x'.repeat(100) + ${i}; text${i % 50}.length > 100 ? ${i} : 0`,
  i => `function twice(x: number): number { return 2 * x; } twice(${i}) / 2`,
  i => `interface Named { id: number } const named: Named[] = [{ id: ${i} }]; named[0].id`,
  i => `class Point { constructor(readonly x: number) {} } new Point(${i}).x`,
  i => `console.log('line', ${i}); await Promise.resolve(${i})`,
  i => `display([{ id: ${i}, name: 'row' }]); ${i}`,
  i => `throw new Error('on purpose ${i}')`,
  i => `const wrong: string = ${i};`,
  i => `tf.tidy(() => tf.scalar(${i}).add(1).sub(1).dataSync()[0])`,
];

interface Memory {
  heap: number;
  resident: number;
}

async function main(): Promise<void> {
  const awake = setInterval(() => {}, 1000); // The client alone does not keep a process alive.
  const [node, ...rest] = OWN_KERNEL;
  const client = await Client.start({ argv: [node, '--expose-gc', ...rest] });
  const samples: Memory[] = [];
  for (let step = 0, i = 0; step < STEPS; step++) {
    const since = Date.now();
    for (const until = (CELLS / STEPS) * (step + 1); i < until; i++) await check(client, i);
    const milliseconds = (Date.now() - since) / (CELLS / STEPS);
    const memory = await measure(client);
    samples.push(memory);
    console.log(
      `${String(i).padStart(6)} cells: heap ${mebibytes(memory.heap)}, resident ${mebibytes(memory.resident)}, ${milliseconds.toFixed(1)} ms per cell`,
    );
  }
  await client.stop();
  clearInterval(awake);
  report(samples);
}

async function check(client: Client, i: number): Promise<void> {
  const kind = i % KINDS.length;
  const ran = await client.run(KINDS[kind](i));
  if (ran.reply.status === 'ok') assert.equal(resultText(ran), String(i));
  else assert.match(ran.reply.evalue, kind === 7 ? /^on purpose/ : /not assignable/);
  await client.request('complete_request', { code: 'value.toF', cursor_pos: 9 });
  client.received.length = 0;
}

async function measure(client: Client): Promise<Memory> {
  const ran = await client.run(
    '(globalThis as any).gc(); JSON.stringify([process.memoryUsage().heapUsed, process.memoryUsage().rss])',
  );
  const [heap, resident] = JSON.parse(resultText(ran)!.slice(1, -1)) as number[];
  return { heap, resident };
}

function report(samples: Memory[]): void {
  const [first, last] = [samples[0], samples[samples.length - 1]];
  const cells = CELLS - CELLS / STEPS;
  const kib = (last.heap - first.heap) / 1024 / cells;
  const holds = kib <= BOUND_KIB_A_CELL;
  console.log(
    `Heap: ${kib.toFixed(2)} KiB per cell over the last ${cells} cells; the bound of ${BOUND_KIB_A_CELL} KiB ${holds ? 'holds' : 'is broken'}.`,
  );
  if (!holds) process.exitCode = 1;
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

void main();
