import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { EMBEDDING_MIME } from 'piecewise/payload';
import { axeViolations } from './axe';
import { command, picture, useTheme } from './browser';
import { openLive, printed } from './live-notebook';
import { EmbeddingHand } from './embedding-hand';
import type { NotebookPage } from './notebook-page';
import { overflowing } from './overflowing';
import { SvgFile } from './svg-file';

const EMBEDDING = `
const digits = await data.mnist('test');
const labels = Array.from(digits.labels).slice(0, 2000).map(String);
const embedding = await loadEmbedding('models/mnist-embedding', digits.batch(0, 2000), { labels });
plot(embedding, { point: 61, columns: { ink: labels.map(Number) } });
`;

/** The kernel's own numbers, with which the view is compared. */
const NUMBERS = `
const coordinates = await embedding.coordinates.array();
const lin = await linearize(embedding, 7);
const parts = await Promise.all([0, 1].map(async axis => Array.from(await (await lin.contribution(axis)).data())));
console.log(JSON.stringify({ coordinates, parts, bias: Array.from(await lin.bias.data()) }));
`;

const SELECTED = `const chosen = await selection(embedding, { wait: false }); console.log(JSON.stringify(chosen));`;

/** Where pictures for the README go; written only when $PIECEWISE_PICTURES asks for them. */
const README_IMAGES = resolve(__dirname, '../../notebooks/images');

interface KernelNumbers {
  coordinates: number[][];
  /** W∘x of point 7 on each axis, and b. */
  parts: number[][];
  bias: number[];
}

describe('the view of an embedding with the live kernel', () => {
  let live: NotebookPage;
  let page: Page;
  let kernel: KernelNumbers;
  let hand: EmbeddingHand;

  const view = (): Locator => page.locator('.jp-Notebook .pw-embedding').first();
  const stage = () => view().locator('.pw-embedding-marks');
  const status = () => view().locator('.pw-embedding-status');
  const explanation = () => view().locator('.pw-explanation');

  before(async () => {
    live = await openLive([EMBEDDING, NUMBERS, SELECTED], { width: 1440, height: 1000, scale: 2 });
    page = live.page;
    await page.locator('.jp-Notebook .jp-Cell').nth(0).locator('.cm-content').click();
    for (let n = 0; n < 2; n++) await command(page, 'notebook:run-cell-and-select-next');
    await command(page, 'notebook:run-cell');
    kernel = await printed<KernelNumbers>(live, 1);
    await view().waitFor();
    await view().scrollIntoViewIfNeeded();
    hand = new EmbeddingHand(page, view(), kernel.coordinates);
  });
  after(() => live?.close());

  it('shows what the embedding is, how good it is, and why the requested point is there', async () => {
    // JupyterLab may still be scrolling to the cell that ran last; what it has scrolled away has no inner text.
    const chips = await view().locator('.pw-headline .pw-chip').allTextContents();
    assert.deepEqual(chips.slice(0, 2), ['2,000 points', '28 × 28 × 1 → 2']);
    assert.match(chips.slice(2).join(), /^trustworthiness 0\.\d{3},1-NN error \d+\.\d %$/);
    assert.match((await explanation().textContent()) ?? '', /Why is point 61 here\?\s*8/);
  });

  it('clips nothing in narrow and wide windows', async () => {
    for (const width of [700, 1000, 1400]) {
      await page.setViewportSize({ width, height: 1000 });
      const find = view().getByRole('button', { name: 'find the nearest in the data' });
      await find.scrollIntoViewIfNeeded();
      assert.deepEqual(await view().evaluate(overflowing), [], `${width} px`);
      const text = await find.evaluate(node => [node.scrollWidth, node.clientWidth]);
      assert.ok(text[0] <= text[1], `${width} px: the button shows ${text[1]} of ${text[0]} px`);
      await picture(page, '.pw-embedding', `embedding-${width}`);
    }
    await page.setViewportSize({ width: 1440, height: 1000 });
  });

  it('shows which point is under the pointer, with its image', async () => {
    await hand.hover(7);
    assert.match(
      await status().innerText(),
      new RegExp(`Point 7 · 9 · at \\(${numberText(kernel.coordinates[7][0])}`),
    );
    await status().locator('.pw-thumbnail').waitFor();
  });

  it('gets the exact linear map of a clicked point from the kernel, and it adds up', async () => {
    await hand.click(7);
    await explanation().getByText('Why is point 7 here?').waitFor();
    await explanation().locator('.pw-embedding-formula').first().waitFor();
    const lines = await explanation().locator('.pw-embedding-formula').allInnerTexts();
    lines.forEach((line, axis) => {
      const [coordinate, product, bias] = [...line.matchAll(/[+−]?\d+\.\d+/g)].map(([text]) =>
        toNumber(text),
      );
      assert.ok(Math.abs(coordinate - kernel.coordinates[7][axis]) < 0.011, line);
      assert.ok(Math.abs(bias - kernel.bias[axis]) < 0.011, line);
      assert.ok(Math.abs(product + bias - coordinate) < 0.021, line);
    });
  });

  it('states exactly how far a pixel and a selection push', async () => {
    await hand.dragPlate(1, [8, 8], [20, 18]);
    const text = await view().locator('.pw-embedding-reading').innerText();
    assert.match(text, /rows 8–20, columns 8–18/);
    const pushes = [...text.matchAll(/([+−]?\d+\.\d+) along/g)].map(([, value]) => toNumber(value));
    kernel.parts.forEach((part, axis) => {
      let sum = 0;
      for (let r = 8; r <= 20; r++) for (let c = 8; c <= 18; c++) sum += part[28 * r + c];
      assert.ok(Math.abs(pushes[axis] - sum) < 0.006, `${pushes[axis]}, ${sum}`);
    });
    await pictures('embedding-live');
  });

  it('is saved as a self-contained vector figure with points, labels, explanation and caption', async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), command(page, 'piecewise:save-svg')]);
    const svg = await SvgFile.open(page, await readFile(await file.path(), 'utf8'));
    assert.deepEqual(svg.foreign, []);
    for (const label of '0123456789') assert.ok(svg.texts.filter(text => text === label).length >= 2, label);
    assert.ok(svg.texts.some(text => text.startsWith(kernel.coordinates[7][0].toFixed(2).replace('-', '−'))));
    assert.ok(svg.texts.some(text => /Point 7 is ringed; its coordinates are/.test(text)));
    await svg.picture('figure-embedding');
  });

  it('shows which points are nearest in the data and in the embedding', async () => {
    await view().getByText('Nearest in the data').waitFor();
    assert.equal(await view().locator('.pw-neighbor').count(), 16);
    assert.match(await view().locator('.pw-neighbors').innerText(), /\d of 8 shared/);
  });

  it('compares two points after a Shift-click, with the displacements that W predicts', async () => {
    await page.keyboard.down('Shift');
    await hand.click(2);
    await page.keyboard.up('Shift');
    const shown = view().locator('.pw-comparison');
    await shown.locator('.pw-plates').nth(4).waitFor();
    const apart = kernel.coordinates[2].map((v, axis) => v - kernel.coordinates[7][axis]);
    assert.match(
      await shown.innerText(),
      new RegExp(`they are \\(${signedText(apart[0])}, ${signedText(apart[1])}\\) apart`),
    );
    assert.match(await shown.innerText(), /predicts that they are .* apart, which is off by/);
    await shown.getByRole('button', { name: 'Why are these two apart?' }).click();
    await shown.getByText('summed exactly').waitFor();
    const vector = `\\(${signedText(apart[0])}, ${signedText(apart[1])}\\)`;
    assert.match(
      await shown.innerText(),
      new RegExp(`the parts add up to ${vector}, and they are ${vector} apart`),
    );
    assert.deepEqual(await axeViolations(page, '.pw-embedding'), []);
    await picture(page, '.pw-embedding', 'embedding-comparison');
    await shown.getByRole('button', { name: 'back to one point' }).click();
    await explanation().waitFor();
  });

  it('gives the points of a lasso to code, as indices and labels', async () => {
    await view().getByRole('button', { name: 'lasso' }).click();
    await hand.drag([0.02, 0.02], [0.98, 0.02], [0.98, 0.5], [0.02, 0.5]);
    const text = await view().locator('.pw-selection').innerText();
    const count = Number(/^(\d+) selected/.exec(text)?.[1]);
    assert.ok(count > 100 && count < 1900, text);
    await runCell(2);
    const chosen = await printed<{ indices: number[]; labels: string[] }>(live, 2, `"indices"`);
    assert.equal(chosen.indices.length, count);
    assert.equal(chosen.labels.length, count);
    const middle = chosen.indices.map(i => kernel.coordinates[i][1]).sort((a, b) => a - b)[0];
    assert.ok(kernel.coordinates.filter(([, up]) => up > middle + 1e-6).length <= count, 'the upper ones');
  });

  it('compares two groups by their means', async () => {
    await view().getByRole('button', { name: 'keep as first group' }).click();
    await view().getByRole('button', { name: 'box' }).click();
    await hand.drag([0.02, 0.5], [0.98, 0.98]);
    await view()
      .getByRole('button', { name: /compare with the first group/ })
      .click();
    await view().locator('.pw-comparison .pw-plates').nth(2).waitFor();
    assert.match(
      await view().locator('.pw-comparison').innerText(),
      /first group \(\d+\) and second group \(\d+\)/,
    );
    await view().locator('.pw-selection').getByRole('button', { name: 'clear' }).click();
  });

  it('filters by the legend, colors by a column, finds by number and class', async () => {
    const entry = view().locator('.pw-legend-entry').nth(9);
    await entry.click();
    assert.equal(await entry.getAttribute('aria-pressed'), 'false');
    await hand.hover(7);
    assert.doesNotMatch(await status().innerText(), /^Point 7 /);
    await entry.click();
    await view().getByRole('combobox').selectOption({ label: 'color: ink' });
    await view().locator('.pw-scalar').waitFor();
    await view().getByRole('combobox').selectOption({ label: 'color: class' });
    const search = view().getByRole('searchbox');
    await search.fill('17');
    await search.press('Enter');
    await explanation().getByText('Why is point 17 here?').waitFor();
    await view().getByRole('button', { name: 'density' }).click();
    await picture(page, '.pw-embedding', 'embedding-density');
    await view().getByRole('button', { name: 'density' }).click();
  });

  it('goes from point to point with the arrow keys, picks with Enter, zooms with + and 0', async () => {
    await stage().focus();
    await page.keyboard.press('ArrowRight');
    const [, first] = /Point (\d+)/.exec(await status().innerText())!;
    assert.ok(kernel.coordinates[Number(first)][0] > kernel.coordinates[17][0]);
    await page.keyboard.press('+');
    await page.keyboard.press('Enter');
    await explanation().getByText(`Why is point ${first} here?`).waitFor();
    await page.keyboard.press('0');
    const active = await page.locator('.jp-Notebook .jp-Cell').nth(0).getAttribute('class');
    assert.doesNotMatch(active ?? '', /jp-mod-editMode/);
  });

  it('reports that the kernel was restarted, and keeps what was saved', async () => {
    const restarted = command(page, 'kernelmenu:restart');
    await page.locator('.jp-Dialog').getByRole('button', { name: 'Confirm Kernel Restart' }).click();
    await restarted;
    await live.idle();
    await hand.click(12);
    assert.match(
      await explanation().locator('.pw-refusal').innerText(),
      /Why point 12 is here is not saved in this notebook, and the kernel has restarted/,
    );
    await hand.click(61);
    await explanation().locator('.pw-embedding-formula').first().waitFor();
  });

  it('shows what was saved without a kernel, and the picture of what cannot be read', async () => {
    await command(page, 'docmanager:save');
    const saved = JSON.parse(await readFile(live.path, 'utf8')) as Saved;
    saved.metadata = { kernelspec: { name: 'no-such-kernel', display_name: 'none' } };
    const outputs = saved.cells[0].outputs;
    const bundle = outputs.find(output => output.data?.[EMBEDDING_MIME])!.data!;
    const payload = bundle[EMBEDDING_MIME] as object;
    for (const change of [{ schemaVersion: '2.0' }, { coordinates: null }])
      outputs.push({
        output_type: 'display_data',
        metadata: {},
        data: { ...bundle, [EMBEDDING_MIME]: { ...payload, ...change } },
      });
    await live.write('copy.ipynb', saved);
    await live.showWithoutKernel('copy.ipynb');
    await view().waitFor();
    assert.match(await explanation().innerText(), /Why is point 61 here/);
    assert.match(await view().locator('.pw-neighbors').innerText(), /a live kernel can find them/);
    await hand.click(7);
    assert.match(await explanation().locator('.pw-refusal').innerText(), /no kernel is running here/);
    const notices = page.locator('.jp-Notebook .pw-notice');
    assert.match(await notices.nth(0).innerText(), /has version 2\.0, but this extension reads 1\.x/);
    assert.match(await notices.nth(1).innerText(), /its field coordinates is null/);
    await notices.nth(1).locator('img.pw-twin').waitFor();
    await picture(page, '.pw-embedding', 'embedding-saved');
    assert.deepEqual(live.faults, []);
  });

  interface Saved {
    metadata: object;
    cells: { outputs: { output_type: string; metadata: object; data?: Record<string, unknown> }[] }[];
  }

  async function runCell(cell: number): Promise<void> {
    const output = page.locator('.jp-Notebook .jp-Cell').nth(cell).locator('.jp-OutputArea-output');
    await page.locator('.jp-Notebook .jp-Cell').nth(cell).locator('.cm-content').click();
    await command(page, 'notebook:run-cell');
    await output.filter({ hasText: '"indices":[' }).filter({ hasNotText: '"indices":[]' }).waitFor();
  }

  async function pictures(name: string): Promise<void> {
    for (const [theme, suffix] of [
      ['JupyterLab Dark', 'dark'],
      ['JupyterLab Dark High Contrast', 'contrast'],
      ['JupyterLab Light', 'light'],
    ] as const) {
      await useTheme(page, theme);
      await picture(page, '.pw-embedding', `${name}-${suffix}`);
      if (!process.env.PIECEWISE_PICTURES || suffix === 'contrast') continue;
      await mkdir(README_IMAGES, { recursive: true });
      await view().screenshot({ path: join(README_IMAGES, `embedding-${suffix}.png`) });
    }
  }
});

const toNumber = (text: string): number => Number(text.replace('−', '-').replace('+', ''));

const numberText = (value: number): string => value.toFixed(2).replace('.', '\\.').replace('-', '−');

function signedText(value: number): string {
  const text = Math.abs(value).toFixed(2).replace('.', '\\.');
  return (value < 0 ? '−' : '\\+') + text;
}
