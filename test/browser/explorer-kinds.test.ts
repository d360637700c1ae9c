import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { float32, payloadOf, randomNet, seven } from '../lab/random-net';
import { picture } from './browser';
import { colorAt } from './canvas';
import type { NotebookPage } from './notebook-page';
import { openSaved } from './saved-notebook';

const hostile = '<img src=x onerror="window.hacked=true"><script>window.hacked=true</script>';

/** A vector, a color image with a hostile label, two payloads that cannot be shown, and a text with a hostile token. */
function payloads(): unknown[] {
  const color = Array.from({ length: 12 * 16 * 3 }, (_, i) => (i % 3 === 0 ? 1 : 0.2));
  const vector = Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const x = seven();
  const digit = payloadOf(randomNet([784, 24, 16, 10], 5), x, [28, 28, 1], [7]);
  return [
    payloadOf(randomNet([40, 16, 30], 7), vector, [40], [...Array(30).keys()]),
    payloadOf(randomNet([color.length, 8, 3], 7), color, [12, 16, 3], [0, 1, 2], {
      labels: [hostile, '__proto__', 'dog'],
      exact: false,
      cut: null,
      policies: [{ layer: 'gelu_1', policy: 'tangent' }],
    }),
    { ...digit, input: float32(x, [28, 29]) },
    { ...digit, schemaVersion: '2.0' },
    payloadOf(randomNet([6, 8, 3], 9), Array(6).fill(1), [6], [0, 1, 2], {
      features: ['[CLS]', 'the', hostile, 'film', 'the', '[SEP]'],
      tokens: true,
      from: 'word_embeddings',
    }),
  ];
}

describe('the view of a decomposition for inputs of every kind', () => {
  let notebook: NotebookPage;
  let page: Page;

  before(async () => {
    notebook = await openSaved(payloads());
    page = notebook.page;
  });
  after(() => notebook?.close());

  const explorer = (cell: number) => notebook.explorer(cell);

  it('shows a vector as the entries that contribute most', async () => {
    await page.setViewportSize({ width: 1440, height: 1000 });
    await explorer(0).scrollIntoViewIfNeeded();
    assert.equal(await explorer(0).locator('.pw-features tr').count(), 21);
    assert.equal(await explorer(0).locator('canvas').count(), 0);
    await picture(page, '.jp-Cell:nth-of-type(1) .pw-explorer', 'explorer-vector');
  });

  it('lists the classes with the largest logits first when there are many, and all on request', async () => {
    assert.equal(await explorer(0).locator('.pw-class').count(), 12);
    await explorer(0).getByRole('button', { name: 'all 30 classes' }).click();
    assert.equal(await explorer(0).locator('.pw-class').count(), 30);
  });

  it('shows a color image in color, and w for each channel', async () => {
    await explorer(1).scrollIntoViewIfNeeded();
    assert.deepEqual(await colorAt(explorer(1).locator('canvas').nth(0), 0.5, 0.5), [255, 51, 51]);
    assert.match(await explorer(1).locator('.pw-reading').innerText(), /w red[\s\S]*w green[\s\S]*w blue/);
  });

  it('states where the linear map holds at x only, and under which policy', async () => {
    assert.deepEqual(await explorer(1).locator('.pw-chip').nth(1).innerText(), 'at x only · tangent');
  });

  it('shows a hostile label as text', async () => {
    assert.equal(await explorer(1).locator('.pw-class-label').nth(0).textContent(), hostile);
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
  });

  it('states what is wrong with a malformed payload, in the same frame, above the text of the output', async () => {
    await explorer(2).scrollIntoViewIfNeeded();
    assert.match(await explorer(2).innerText(), /input\.data is not 3248 bytes in base64/);
    assert.match(await explorer(2).innerText(), /the decomposition as text/);
  });

  it('shows a text by its tokens, in their order and by what they add', async () => {
    const text = explorer(4);
    await text.scrollIntoViewIfNeeded();
    const tokens = text.locator('.pw-token');
    assert.deepEqual(await tokens.allTextContents(), ['[CLS]', 'the', hostile, 'film', 'the', '[SEP]']);
    assert.equal(await text.locator('.pw-features tr').count(), 7);
    const heads = await text.locator('.pw-features tr').first().locator('th').allTextContents();
    assert.deepEqual(heads, ['token', 'contribution']);
    const first = await text.locator('.pw-features tr').nth(1).locator('th').textContent();
    const colors = await tokens.evaluateAll(nodes =>
      nodes.map(node => getComputedStyle(node).backgroundColor),
    );
    const strengths = colors.map(color => Number(/, ([\d.]+)\)$/.exec(color)?.[1] ?? 1));
    assert.equal(await tokens.nth(strengths.indexOf(Math.max(...strengths))).textContent(), first);
    await tokens.nth(3).hover();
    assert.equal(await text.locator('.pw-features tr.pw-mod-pointed th').textContent(), 'film');
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
  });

  it('states which version it reads when a payload has another one', async () => {
    await explorer(3).scrollIntoViewIfNeeded();
    assert.match(await explorer(3).innerText(), /has version 2\.0, but this extension reads 1\.x/);
  });
});
