import { strayMessages } from '../kernel/stray-messages';
import { WireClient } from '../kernel/wire-client';

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

void bench(Number(process.argv[2] ?? 100_000));
