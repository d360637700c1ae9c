import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { axeViolations } from './axe';
import { printed, runLive } from './live-notebook';
import { EmbeddingHand } from './embedding-hand';
import type { NotebookPage } from './notebook-page';
import { themedPictures } from './themed-pictures';

const EMBEDDING = `
const digits = await data.mnist('test');
const labels = Array.from(digits.labels).slice(0, 300).map(String);
const embedding = await loadEmbedding('models/mnist-embedding', digits.batch(0, 300), { labels });
plot(embedding, { point: 61 });
`;

/** Where the network puts point 61 without its upper half. */
const NUMBERS = `
const x = Array.from(await embedding.pick(61).data());
const emptied = x.map((v, i) => (i < 14 * 28 ? 0 : v));
const there = await embedding.transform(tf.tensor(emptied, [1, 28, 28, 1])).array();
console.log(JSON.stringify({ coordinates: await embedding.coordinates.array(), there: there[0] }));
`;

describe('a picked point of an embedding with the live kernel', () => {
  let live: NotebookPage;
  let hand: EmbeddingHand;
  let kernel: { coordinates: number[][]; there: number[] };

  before(async () => {
    live = await runLive([EMBEDDING, NUMBERS]);
    kernel = await printed(live, 1);
    await view().waitFor();
    hand = new EmbeddingHand(live.page, view(), kernel.coordinates);
  });
  after(() => live?.close());

  const view = (): Locator => live.cell(0).locator('.pw-embedding');
  const status = () => view().locator('.pw-moved-status');
  const answered = () => status().getByText('the network puts').waitFor();

  /** The coordinates in the sentence: by W and b, and by the network. */
  async function coordinates(): Promise<number[][]> {
    await answered();
    const text = (await status().innerText()).replaceAll('−', '-');
    return [...text.matchAll(/\(([^)]*)\)/g)].map(([, numbers]) => numbers.split(', ').map(Number));
  }

  it('moves to where its arrow is pulled, by the smallest change of its input', async () => {
    await hand.pull(61, [60, -40]);
    const [predicted, real] = await coordinates();
    const [from] = [kernel.coordinates[61]];
    assert.ok(predicted[0] > from[0] && predicted[1] > from[1], `${predicted}, ${from}`);
    assert.ok(real.every(Number.isFinite));
    assert.equal(await view().locator('.pw-explanation .pw-plate strong').first().innerText(), 'x′');
    await themedPictures(live.page, '.pw-embedding', 'embedding-moved');
    assert.deepEqual(await axeViolations(live.page, '.jp-Notebook .pw-embedding'), []);
  });

  it('goes back', async () => {
    await view().getByRole('button', { name: 'back to x' }).click();
    assert.match(await status().innerText(), /^Drag the picked point/);
    assert.equal(await view().locator('.pw-explanation .pw-plate strong').first().innerText(), 'x');
  });

  it('can also be pulled with the keyboard', async () => {
    await view().locator('.pw-embedding-marks').focus();
    for (let n = 0; n < 3; n++) await live.page.keyboard.press('Alt+ArrowRight');
    const [predicted] = await coordinates();
    const from = kernel.coordinates[61];
    assert.ok(predicted[0] > from[0] && Math.abs(predicted[1] - from[1]) < 0.01, `${predicted}, ${from}`);
    await live.page.keyboard.press('Escape');
  });

  it('moves as its input is erased, to where the network puts that input', async () => {
    await view().locator('.pw-moved').getByRole('button', { name: 'erase' }).click();
    for (let row = 0; row < 13; row += 2) await hand.dragPlate(0, [row, 0], [row, 27]);
    await live.page.waitForTimeout(500);
    const [predicted, real] = await coordinates();
    assert.ok(predicted.every(Number.isFinite));
    const distance = Math.hypot(real[0] - kernel.there[0], real[1] - kernel.there[1]);
    assert.ok(distance < 0.02 * Math.max(1, Math.hypot(...kernel.there)), `${real}, ${kernel.there}`);
  });

  it('throws nothing into the page', () => assert.deepEqual(live.faults, []));
});
