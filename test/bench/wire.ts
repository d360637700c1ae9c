import { setTimeout as sleep } from 'node:timers/promises';
import { Subscriber } from 'zeromq';
import { strayMessages } from '../kernel/stray-messages';
import { WireClient } from '../kernel/wire-client';
import { residentMebibytes } from './resident-memory';

/** How many cells wait for their answer at a time under full load. */
const LOAD = 50;
/** One stray message is sent beside this many cells. */
const CELLS_PER_STRAY = 20;

/**
 * Runs small cells beside stray, doubled and late messages on every channel, one after the other and fifty at a time, and
 * counts those that are not answered within a minute: `npm run bench:wire -- 100000`.
 */
async function bench(cells: number): Promise<void> {
  console.log('| cells | sent | unanswered | milliseconds per cell |\n| --- | --- | --- | --- |');
  for (const atOnce of [1, LOAD]) {
    const client = await WireClient.start({ keep: false });
    await client.run('let aa = 1');
    const start = performance.now();
    const unanswered = await run(client, cells / 2, atOnce);
    const each = (performance.now() - start) / (cells / 2);
    const how = atOnce === 1 ? 'one after the other' : `${atOnce} at a time`;
    console.log(`| ${cells / 2} | ${how} | ${unanswered} | ${each.toFixed(1)} |`);
    await client.stop();
  }
}

async function run(client: WireClient, cells: number, atOnce: number): Promise<number> {
  let unanswered = 0;
  for (let cell = 0; cell < cells; cell += atOnce) {
    if (cell % CELLS_PER_STRAY === 0 || atOnce > 1)
      await strayMessages(client, Math.floor(cell / CELLS_PER_STRAY));
    const sent = Array.from({ length: atOnce }, () => client.run('aa + 1').catch(() => unanswered++));
    await Promise.all(sent);
  }
  return unanswered;
}

/** Cells that print 50 MB each for a subscriber that never reads, over a longer time than the kernel keeps output for it. */
async function printForTheDeaf(cells: number, pauseMs: number): Promise<void> {
  const client = await WireClient.start({ keep: false });
  const deaf = new Subscriber({ receiveHighWaterMark: 10, linger: 0 });
  deaf.connect(`tcp://127.0.0.1:${client.ports.iopub}`);
  deaf.subscribe();
  await client.run('let aa = 1');
  const before = residentMebibytes(client.kernel!.pid);
  const taken: number[] = [];
  for (let cell = 0; cell < cells; cell++) {
    await client.run("for (let i = 0; i < 50; i++) console.log('x'.repeat(1e6))");
    taken.push(Math.round(residentMebibytes(client.kernel!.pid) - before));
    await sleep(pauseMs);
  }
  console.log(`\n${cells} cells of 50 MB for a subscriber that never reads:`);
  console.log(`at most +${Math.max(...taken)} MiB, +${taken.at(-1)} MiB after the last`);
  deaf.close();
  await client.stop();
}

void bench(Number(process.argv[2] ?? 100_000)).then(() => printForTheDeaf(60, 4000));
