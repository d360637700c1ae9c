import assert from 'node:assert/strict';
import { axeViolations } from './axe';
import { picture } from './browser';
import { inked } from './canvas';
import { printed, runLive } from './live-notebook';
import type { NotebookPage } from './notebook-page';
import { PlateHand } from './plate-hand';
import { themedPictures } from './themed-pictures';

const EXPLAIN = `
const model = await tf.loadLayersModel('file://models/mnist-cnn/model.json');
const digits = await data.mnist('test');
const x = digits.instance(0);
const lin = await linearize(model, x);
plot(lin);
`;

/** The kernel's own numbers, with which the view is compared. */
const NUMBERS = `
const sums = async (from: string, c: number) => {
  const inner = await linearize(model, x, { from });
  return Array.from(await (await inner.contributionByChannel(c)).data());
};
const pool = [await sums('pool1', 7), await sums('pool1', 2)];
const dense = await sums('dense', 7);
console.log(JSON.stringify({ pool, dense, layers: lin.instance(0).channelLayers, logits: Array.from(await lin.output.data()) }));
`;

interface KernelNumbers {
  /** By channel of pool1, to the classes 7 and 2. */
  pool: [number[], number[]];
  dense: number[];
  layers: string[];
  logits: number[];
}

describe('the channels of a layer in the view of a decomposition', () => {
  let live: NotebookPage;
  let kernel: KernelNumbers;

  before(async () => {
    live = await runLive([EXPLAIN, NUMBERS]);
    kernel = await printed<KernelNumbers>(live, 1);
    await live.explorer().waitFor();
  });
  after(() => live?.close());

  const channels = () => live.explorer().locator('.pw-channels');
  const menu = () => live.explorer().getByLabel('Channels of a layer', { exact: true }).first();

  /** Channel and sum of every tile, in their order. */
  async function tiles(): Promise<[number, number][]> {
    await channels().locator('.pw-tile').first().waitFor();
    const texts = await channels().locator('.pw-tile-caption').allInnerTexts();
    return texts.map(text => {
      const [channel, sum] = text.split(/\s+/);
      return [Number(channel), Number(sum.replace('−', '-'))];
    });
  }

  function assertTiles(found: [number, number][], wanted: readonly number[]): void {
    const order = [...wanted.keys()].sort((i, j) => Math.abs(wanted[j]) - Math.abs(wanted[i]));
    assert.equal(found.length, Math.min(48, wanted.length));
    found.forEach(([channel, sum], i) => {
      assert.ok(Math.abs(sum - wanted[channel]) < 0.0051, `channel ${channel}: ${sum}, ${wanted[channel]}`);
      assert.ok(Math.abs(Math.abs(wanted[channel]) - Math.abs(wanted[order[i]])) < 1e-4);
    });
  }

  it('offers every layer at which the linear map may start, and computes nothing before one is chosen', async () => {
    const options = await menu().locator('option').allInnerTexts();
    assert.deepEqual(options.slice(1), kernel.layers);
    assert.equal(await channels().isVisible(), false);
  });

  it('shows each channel with its exact contribution, the largest first', async () => {
    await menu().selectOption('pool1');
    assertTiles(await tiles(), kernel.pool[0]);
    const first = channels().locator('canvas').first();
    assert.ok((await inked(first)) > 0);
    assert.match((await first.getAttribute('aria-label')) ?? '', /Contributions of channel \d+/);
  });

  it('states the sum of its channels and b: the logit', async () => {
    const text = await channels().locator('.pw-channels-sum').innerText();
    const together = Number(/together ([+−\d.]+)\./.exec(text)![1].replace('−', '-'));
    assert.ok(Math.abs(together - kernel.logits[7]) < 0.0051, text);
  });

  it('follows an edit of x: its sum is W·x′ + b, and back', async () => {
    const hand = new PlateHand(live.page, live.explorer().locator('canvas').nth(2));
    await hand.drag([6, 5], [12, 22]);
    await live.explorer().getByRole('button', { name: 'empty' }).click();
    await channels().getByText('what each adds to 7 at x′').waitFor();
    const text = await channels().locator('.pw-channels-sum').innerText();
    const together = /together ([+−\d.]+)\./.exec(text)![1].replace('+', '');
    const predicted = live.explorer().locator('.pw-class').nth(7).locator('.pw-class-predicted');
    assert.equal(together, await predicted.innerText());
    await live.explorer().getByRole('button', { name: 'back to x' }).click();
    await channels().getByText('what each adds to 7', { exact: true }).waitFor();
    assertTiles(await tiles(), kernel.pool[0]);
  });

  it('follows the class and the contrast that are chosen', async () => {
    await live.explorer().getByLabel('Contrast with another class').selectOption('against 2');
    await channels().getByText('what each adds to 7 − 2').waitFor();
    const [seven, two] = kernel.pool;
    assertTiles(
      await tiles(),
      seven.map((v, i) => v - two[i]),
    );
    await live.explorer().getByLabel('Contrast with another class').selectOption('contrast with…');
  });

  it('looks good in light and dark, and is accessible', async () => {
    await tiles();
    assert.deepEqual(await axeViolations(live.page, '.jp-Notebook .pw-explorer'), []);
    await themedPictures(live.page, '.pw-explorer', 'channels');
  });

  it('shows channels without positions as bars', async () => {
    await menu().selectOption('dense');
    await channels().locator('.pw-tile-bar').first().waitFor();
    assertTiles(await tiles(), kernel.dense);
    await picture(live.page, '.pw-channels', 'channels-bars');
  });

  it('goes away when it is closed, and throws nothing', async () => {
    await channels().getByRole('button', { name: 'close' }).click();
    assert.equal(await channels().isVisible(), false);
    assert.deepEqual(live.faults, []);
  });
});
