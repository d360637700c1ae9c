import '../backend';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { LINEARIZATION_MIME } from '../../kernel-ext/src/payload';
import { signalLinearization } from '../bundles/signal-linearization';
import type { NotebookPage } from './notebook-page';
import { openSaved } from './saved-notebook';
import { themedPictures } from './themed-pictures';

const CHANNELS = ['Fp1', 'Fp2', 'C3', 'C4', 'P3', 'P4', 'O1', 'O2'];

/** A signal of one channel, and eight channels at 256 Hz. */
async function payloads(): Promise<unknown[]> {
  const single = await signalLinearization(200, 1);
  const several = await signalLinearization(128, 8);
  const view = { signal: { channels: CHANNELS, rate: 256 }, labels: ['rest', 'left hand', 'right hand'] };
  const bundles = [await linearizationBundle(single), await linearizationBundle(several, view)];
  [single, several].forEach(lin => lin.dispose());
  return bundles.map(bundle => bundle[LINEARIZATION_MIME]);
}

describe('the view of a decomposition for signals', () => {
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
});
