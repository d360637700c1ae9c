import '../backend';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { LINEARIZATION_MIME } from '../../kernel-ext/src/payload';
import { payloadOf, randomNet } from '../lab/random-net';
import { signalLinearization } from '../bundles/signal-linearization';
import type { NotebookPage } from './notebook-page';
import { openSaved } from './saved-notebook';
import { themedPictures } from './themed-pictures';

const CHANNELS = ['Fp1', 'Fp2', 'C3', 'C4', 'P3', 'P4', 'O1', 'O2'];

const ramp = (length: number) => Array.from({ length }, (_, i) => Math.sin(i / 7) ** 2);

/** A spectrogram of 40 × 200, a thousand classes with long names, and a regression with a unit. */
function otherShapes(): unknown[] {
  const names = Array.from({ length: 1000 }, (_, i) => `class name ${i} of ImageNet`);
  const features = ['age', 'sex', 'body mass index', 'blood pressure', 's1', 's2'];
  const unnamed = { cut: null, to: 'progression' } as const;
  return [
    payloadOf(randomNet([8000, 6, 3], 3), ramp(8000), [40, 200], [0, 1, 2]),
    payloadOf(randomNet([12, 8, 1000], 4), ramp(12), [12], [...Array(20).keys()], { labels: names }),
    payloadOf(randomNet([6, 8, 1], 5), ramp(6), [6], [0], {
      ...unnamed,
      labels: ['output'],
      unit: 'mg/dl',
      features,
    }),
  ];
}

/** A signal of one channel, and eight channels at 256 Hz. */
async function payloads(): Promise<unknown[]> {
  const single = await signalLinearization(200, 1);
  const several = await signalLinearization(128, 8);
  const view = { signal: { channels: CHANNELS, rate: 256 }, labels: ['rest', 'left hand', 'right hand'] };
  const bundles = [await linearizationBundle(single), await linearizationBundle(several, view)];
  [single, several].forEach(lin => lin.dispose());
  return [...bundles.map(bundle => bundle[LINEARIZATION_MIME]), ...otherShapes()];
}

describe('the view of a decomposition for signals, flat images, many classes and regressions', () => {
  let notebook: NotebookPage;
  let page: Page;

  before(async () => {
    notebook = await openSaved(await payloads());
    page = notebook.page;
    await page.setViewportSize({ width: 1440, height: 1000 });
  });
  after(() => notebook?.close());

  const explorer = (cell: number) => notebook.explorer(cell);
  const frame = (cell: number, i: number) => explorer(cell).locator('.pw-signal-frame').nth(i);

  it('shows x, W and W∘x as lines over time, within a bounded height', async () => {
    for (const [cell, name] of ['signal', 'signals'].entries()) {
      await explorer(cell).scrollIntoViewIfNeeded();
      await explorer(cell).locator('.pw-signal-adds').nth(1).waitFor({ state: 'attached' });
      assert.equal(await explorer(cell).locator('.pw-signal-frame svg').count(), 3);
      const { height } = (await explorer(cell).boundingBox())!;
      assert.ok(height < 1100, `${height} pixels`);
      await themedPictures(page, `.jp-Cell:nth-of-type(${cell + 1}) .pw-explorer`, `explorer-${name}`);
    }
  });

  it('reads a step under the pointer, and the exact sum of a stretch that is dragged over', async () => {
    await frame(1, 2).scrollIntoViewIfNeeded();
    const box = (await frame(1, 2).boundingBox())!;
    const y = box.y + (2.5 * box.height) / 8;
    await page.mouse.move(box.x + 0.5 * box.width, y);
    assert.match(await explorer(1).locator('.pw-reading').innerText(), /C3, 0\.250 s/);
    await page.mouse.move(box.x + 0.252 * box.width, y);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.498 * box.width, y, { steps: 4 });
    await page.mouse.up();
    const text = await explorer(1).locator('.pw-reading').innerText();
    assert.match(text, /selected 0\.125–0\.246 s of C3/);
    assert.match(text, /Σ selected/);
    assert.equal(await frame(1, 0).locator('.pw-signal-brush').isVisible(), true);
  });

  it('moves by steps and channels with the arrow keys', async () => {
    await frame(1, 0).focus();
    await page.keyboard.press('Escape');
    for (const key of ['ArrowRight', 'ArrowDown', 'Shift+ArrowRight']) await page.keyboard.press(key);
    assert.match(await explorer(1).locator('.pw-reading').innerText(), /of Fp2/);
  });

  it('stacks the images of a spectrogram, so that they are no strips', async () => {
    await explorer(2).scrollIntoViewIfNeeded();
    const boxes = [];
    for (const i of [0, 1, 2])
      boxes.push((await explorer(2).locator('.pw-plates canvas').nth(i).boundingBox())!);
    assert.ok(
      boxes.every(({ height, width }) => height >= 100 && width >= 400),
      JSON.stringify(boxes),
    );
    assert.ok(boxes[1].y > boxes[0].y + boxes[0].height);
    await themedPictures(page, '.jp-Cell:nth-of-type(3) .pw-explorer', 'explorer-spectrogram');
  });

  it('tells a thousand classes apart, and finds those that a person searches for', async () => {
    const classes = explorer(3).locator('.pw-class-label');
    await explorer(3).scrollIntoViewIfNeeded();
    assert.equal(new Set(await classes.allTextContents()).size, 12);
    await explorer(3).getByRole('searchbox', { name: 'search 1,000 classes' }).fill('NAME 77');
    const found = await classes.allTextContents();
    assert.equal(found.length, 12, '77, 770 to 779, and the selected class');
    assert.equal(found.filter(name => name.includes('77')).length, 11, found.join());
    await themedPictures(page, '.jp-Cell:nth-of-type(4) .pw-explorer', 'explorer-thousand');
  });

  it('has no class, no logit and no list for a regression, but its unit', async () => {
    await explorer(4).scrollIntoViewIfNeeded();
    const text = await explorer(4).innerText();
    assert.doesNotMatch(text, /class|logit/i);
    assert.match(text, /output\s*[−\d.]+ mg\/dl/);
    assert.equal(await explorer(4).locator('.pw-classes').isVisible(), false);
    await themedPictures(page, '.jp-Cell:nth-of-type(5) .pw-explorer', 'explorer-regression');
  });
});
