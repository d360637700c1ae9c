import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { GLOSSARY } from 'piecewise/payload';
import { useTheme } from './browser';
import { runLive } from './live-notebook';
import type { NotebookPage } from './notebook-page';
import { PlateHand } from './plate-hand';
import { assertLooksAs } from './screenshot';

/** A network of 16 × 16 pixels whose weights are the same on every machine; x is a cross. Its edit leaves the region of x. */
const EXPLAIN = `
const weights = (rows, columns) =>
  tf.tensor2d(Array.from({ length: rows * columns }, (_, i) => Math.sin((i * i) % 997)), [rows, columns]);
const [first, second] = [weights(256, 12).div(4), weights(12, 4)];
const network = x => tf.tidy(() => x.reshape([-1, 256]).matMul(first).add(0.1).relu().matMul(second).add(0.2));
const cross = tf.tensor(
  Array.from({ length: 256 }, (_, i) => Number(Math.abs((i >> 4) - 7) < 2 || Math.abs((i & 15) - 7) < 2)),
  [16, 16, 1],
);
plot(await linearize(network, cross, { labels: ['ash', 'birch', 'cedar', 'elm'] }), { rows: 4 });
`;

describe('the view of a decomposition after an edit', () => {
  let live: NotebookPage;
  let page: Page;
  const explorer = (): Locator => live.explorer();

  before(async () => {
    live = await runLive([EXPLAIN], { width: 1400, height: 1100 });
    page = live.page;
    const hand = new PlateHand(page, explorer().locator('canvas').nth(2), { height: 16, width: 16 });
    await hand.drag([0, 4], [5, 11]);
    await explorer().getByRole('button', { name: 'empty' }).click();
    await explorer().locator('.pw-gauge').getByText('Exact up to').waitFor();
  });
  after(() => live?.close());

  it('shows what NumPy computes: 4.4888 at x, 3.0317 at x′, and 2.2902 by W and b of x', async () => {
    const formula = await explorer().locator('.pw-formula').innerText();
    assert.match(formula, /^cedar\s*output 4\.49 → 3\.03 at x′.* = 2\.29$/s);
    assert.match(
      await explorer().locator('.pw-what-if').innerText(),
      /cedar moves by −1\.46.*predicts −2\.20/s,
    );
  });

  for (const [name, theme] of [
    ['light', 'JupyterLab Light'],
    ['dark', 'JupyterLab Dark'],
  ] as const)
    it(`looks as committed in ${theme}`, async () => {
      await useTheme(page, theme);
      await page.mouse.move(0, 0);
      await explorer().evaluate(node => node.scrollIntoView({ block: 'start' }));
      await assertLooksAs(explorer(), `edited-${name}`);
    });

  it('explains its words by a sentence below them, to the keyboard and to the pointer', async () => {
    const words: [Locator, string][] = [
      [explorer().locator('.pw-formula .pw-word').first(), GLOSSARY.output],
      [explorer().locator('.pw-chip').getByText('residual'), GLOSSARY.residual],
      [explorer().locator('.pw-headline .pw-chip').getByText('region'), GLOSSARY.region],
      [explorer().getByLabel('Contrast with another output'), GLOSSARY.contrast],
    ];
    const box = explorer().locator('.pw-meaning');
    for (const [word, sentence] of words) {
      await word.focus();
      assert.ok((await box.innerText()).includes(sentence), sentence);
      const [above, below] = [(await word.boundingBox())!, (await box.boundingBox())!];
      assert.ok(below.y >= above.y + above.height, 'it covers nothing that it explains');
      await page.keyboard.press('Escape');
      assert.equal(await box.count(), 0);
      await word.blur();
      await word.hover();
      assert.ok((await box.innerText()).includes(sentence), sentence);
      await page.mouse.move(0, 0);
      assert.equal(await box.count(), 0);
    }
  });
});
