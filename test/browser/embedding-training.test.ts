import assert from 'node:assert/strict';
import { command, picture } from './browser';
import { openLive } from './live-notebook';
import type { NotebookPage } from './notebook-page';

/** Would train for a minute if it were not stopped. */
const WATCHED = `
const digits = await data.mnist('test');
const labels = Array.from(digits.labels).slice(0, 400).map(String);
const small = tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dense({ units: 16, activation: 'relu' }), tf.layers.dense({ units: 2 }),
] });
const watched = await tsne(digits.batch(0, 400), { model: small, labels, epochs: 2000, watch: true });
console.log(watched.training.history.length);
`;

describe('the view of an embedding while it is trained', () => {
  let live: NotebookPage;
  before(async () => void (live = await openLive([WATCHED])));
  after(() => live?.close());

  it('moves points while a network is training, and pause and stop reach the kernel', async () => {
    const { page } = live;
    const cell = live.cell(0);
    await cell.locator('.cm-content').click();
    const run = command(page, 'notebook:run-cell');
    const watched = cell.locator('.pw-embedding');
    await watched.getByText(/epoch \d+ of 2000, running/).waitFor({ timeout: 90_000 });
    await watched.getByRole('button', { name: 'pause' }).click();
    await watched.getByText(/paused/).waitFor();
    const [, epoch] = /epoch (\d+) of/.exec(await watched.locator('summary').innerText())!;
    await picture(page, '.jp-Notebook .pw-embedding', 'embedding-training');
    await watched.getByRole('button', { name: 'resume' }).click();
    await watched.getByText(/running/).waitFor();
    await watched.getByRole('button', { name: 'stop' }).click();
    await watched.getByText(/stopped/).waitFor();
    await run;
    const [, last] = /epoch (\d+) of/.exec(await watched.locator('summary').innerText())!;
    assert.ok(Number(last) >= Number(epoch) && Number(last) < 2000, `${epoch}, ${last}`);
    await cell
      .locator('.jp-OutputArea-output')
      .filter({ hasText: /^\d+\s*$/ })
      .waitFor();
    assert.deepEqual(live.faults, []);
  });
});
