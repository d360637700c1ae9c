import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { LINEARIZATION_MIME, type Reach, type Unit } from 'piecewise/payload';
import { axeViolations } from './axe';
import { command, picture, useTheme } from './browser';
import { followsEdit } from './follows-edit';
import { printed, runLive } from './live-notebook';
import type { NotebookPage } from './notebook-page';
import { themedPictures } from './themed-pictures';
import { PlateHand } from './plate-hand';
import { readingTable } from './reading-table';
import { WhatIfFrames } from './what-if-frames';

const EXPLAIN = `
const model = await tf.loadLayersModel('file://models/mnist-cnn/model.json');
const digits = await data.mnist('test');
const x = digits.instance(0);
const lin = await linearize(model, x);
plot(lin, { rows: 1 });
`;

/** The kernel's own numbers, with which the view is compared. */
const NUMBERS = `
const w = await (await lin.row(3)).data();
const pixels = await x.data();
const logits = await lin.output.data();
const emptied = pixels.map((v, i) => {
  const [row, column] = [Math.floor(i / 28), i % 28];
  return row >= 6 && row <= 12 && column >= 5 && column <= 22 ? 0 : v;
});
const predicted = model.predict(tf.tensor(emptied, [1, 28, 28, 1]));
const probabilities = await (Array.isArray(predicted) ? predicted[0] : predicted).data();
const shown = [w, pixels, logits, probabilities].map(values => Array.from(values));
const { touching, unit } = await lin.radius({ ties: 'skip' });
const reach = await lin.reach(tf.tensor(emptied, [28, 28, 1]), { ties: 'skip' });
console.log(JSON.stringify({ w: shown[0], x: shown[1], logits: shown[2], probabilities: shown[3], touching, unit, reach }));
`;

/** Where pictures for the README go; written only when $PIECEWISE_PICTURES asks for them. */
const README_IMAGES = resolve(__dirname, '../../notebooks/images');

interface KernelNumbers {
  w: number[];
  x: number[];
  logits: number[];
  /** Of x without rows 6–12, columns 5–22. */
  probabilities: number[];
  /** How many units have x on their border, and the unit with the nearest border that x is not on. */
  touching: number;
  unit: Unit;
  /** How far the linear map is exact toward that input. */
  reach: Reach;
}

interface Output {
  data?: Record<string, unknown>;
  text?: string | string[];
}

describe('the view of a decomposition with the live kernel', () => {
  let live: NotebookPage;
  let page: Page;
  let kernel: KernelNumbers;
  let hand: PlateHand;

  const explorer = (): Locator => live.explorer();
  const choose = (c: number) => explorer().locator('.pw-class').nth(c).click();
  const formula = () => explorer().locator('.pw-formula').innerText();

  before(async () => {
    live = await runLive([EXPLAIN, NUMBERS], { width: 1440, height: 1000, scale: 2 });
    page = live.page;
    hand = new PlateHand(page, explorer().locator('canvas').nth(2));
    kernel = await printed<KernelNumbers>(live, 1);
  });
  after(() => live?.close());

  it('shows plot(lin) of the shipped model on a digit: the largest logit first, and its residual', async () => {
    await explorer().waitFor();
    const logit = kernel.logits[7].toFixed(2);
    assert.match(await formula(), new RegExp(`^7[\\s\\S]*${logit.replace('.', '\\.')}`));
    const residual = await explorer().locator('.pw-mod-sound').innerText();
    assert.match(residual, /^residual (0|\d·10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/);
  });

  it('gets a row that is not in the notebook from the kernel, with the right numbers', async () => {
    await choose(3);
    await explorer().locator('.pw-plate:not(.pw-mod-absent)').nth(2).waitFor();
    await hand.pointAt(11, 19);
    const { columns, numbers } = await readingTable(explorer().locator('.pw-reading'));
    const i = 11 * 28 + 19;
    assert.equal(columns[0], '3');
    assert.ok(Math.abs(numbers['w'][0] - kernel.w[i]) < 0.006, `${numbers['w'][0]} is not ${kernel.w[i]}`);
    assert.ok(Math.abs(numbers['w·x'][0] - kernel.w[i] * kernel.x[i]) < 0.006);
  });

  it('sums a selection of the fetched row exactly', async () => {
    await brushTop();
    let sum = 0;
    for (let r = 6; r <= 12; r++)
      for (let c = 5; c <= 22; c++) sum += kernel.w[r * 28 + c] * kernel.x[r * 28 + c];
    const { numbers } = await readingTable(explorer().locator('.pw-reading'));
    assert.ok(Math.abs(numbers['Σ selection'][0] - sum) < 0.006, `${sum}`);
  });

  it('fetches the rows of all classes with one click', async () => {
    await explorer().getByRole('button', { name: 'read all classes' }).click();
    await explorer().locator('.pw-reading th').nth(10).waitFor();
    const { columns, numbers } = await readingTable(explorer().locator('.pw-reading'));
    assert.deepEqual(columns.toSorted(), [...'0123456789']);
    assert.equal(numbers['w'].length, 10);
    const box = explorer().locator('.pw-reading');
    assert.equal(await box.evaluate(node => node.scrollWidth <= node.clientWidth), true);
    await choose(7);
    await pictures();
  });

  it('answers “what if”: the outputs of the network and of the linear map of x at an edited input', async () => {
    await brushTop();
    await explorer().getByRole('button', { name: 'empty' }).click();
    const whatIf = explorer().locator('.pw-what-if');
    await whatIf.locator('table').waitFor();
    assert.match(await whatIf.innerText(), /outside the region/);
    const { columns, numbers } = await readingTable(whatIf);
    const [i, j] = ['7', '9'].map(label => columns.indexOf(label));
    const { probabilities: p } = kernel;
    const difference = numbers['F(x′)'][i] - numbers['F(x′)'][j];
    assert.ok(
      Math.abs(difference - Math.log(p[7] / p[9])) < 0.011,
      `${difference}, ${Math.log(p[7] / p[9])}`,
    );
    const { numbers: read } = await readingTable(explorer().locator('.pw-reading'));
    assert.equal(read['Σ selection'][0], 0);
    await followsEdit(explorer(), kernel, c => numbers['W·x′ + b'][columns.indexOf(String(c))]);
    const gauge = whatIf.locator('.pw-gauge');
    await gauge.getByText('of this edit').waitFor();
    const { share, unit } = kernel.reach;
    assert.ok((await gauge.innerText()).includes(nameOf(unit!)), await gauge.innerText());
    assert.match(await whatIf.innerText(), /7 moves by −\d/);
    const [bar, exact] = await Promise.all(['bar', 'exact'].map(part => widthOf(gauge, part)));
    assert.ok(Math.abs(exact / bar - share) < 0.02, `${exact} of ${bar} for ${share}`);
    assert.deepEqual(await axeViolations(page, '.jp-Notebook .pw-explorer'), []);
    await themedPictures(page, '.pw-explorer', 'what-if');
    await whatIf.getByRole('button', { name: 'back to x' }).click();
    assert.equal(await whatIf.locator('table').count(), 0);
    assert.ok((await formula()).includes(kernel.logits[7].toFixed(2)) && !(await formula()).includes('→'));
  });

  it('states how far the linear map holds in all directions, once it is asked', async () => {
    const validity = explorer().locator('.pw-validity');
    assert.equal(await validity.locator('strong').count(), 0);
    await validity.getByRole('button', { name: 'How far is this linear map exact?' }).click();
    await validity.locator('strong').waitFor();
    const { touching, unit } = kernel;
    const text = await validity.innerText();
    assert.ok(text.includes(`${nameOf(unit)} switches`), text);
    assert.ok(text.includes(`${touching.toLocaleString('en')} units are exactly at the threshold`), text);
    assert.deepEqual(await axeViolations(page, '.jp-Notebook .pw-explorer'), []);
  });

  it('finds the smallest edit that ties the two classes of a contrast, and takes it into “what if”', async () => {
    const edit = explorer().locator('.pw-contrast-edit');
    assert.ok(await edit.isHidden());
    await explorer().getByLabel('Contrast with another class').selectOption('against 9');
    await edit.getByRole('button', { name: 'Smallest edit that makes 7 and 9 equal' }).click();
    await edit.getByText('the edit', { exact: true }).waitFor();
    const gap = (kernel.logits[7] - kernel.logits[9]).toFixed(2);
    assert.ok((await edit.innerText()).includes(`closes the margin of +${gap}`), await edit.innerText());
    assert.match(await edit.innerText(), /not proved to be the smallest/);
    assert.deepEqual(await axeViolations(page, '.jp-Notebook .pw-explorer'), []);
    await edit.getByRole('button', { name: 'take x′ into What if' }).click();
    const whatIf = explorer().locator('.pw-what-if');
    await whatIf.locator('table').waitFor();
    const { columns, numbers } = await readingTable(whatIf);
    const [i, j] = ['7', '9'].map(label => columns.indexOf(label));
    assert.ok(Math.abs(numbers['F(x′)'][i] - numbers['F(x′)'][j]) < 0.011, 'for the network itself they tie');
    await whatIf.getByRole('button', { name: 'back to x' }).click();
    await explorer().getByLabel('Contrast with another class').selectOption('contrast with…');
    assert.ok(await edit.isHidden());
  });

  it('swaps a selection with the part of the image that is clicked, and back with the keyboard', async () => {
    const { w, x } = kernel;
    /** Σ over the selection, with W shifted by `down` rows. */
    const sum = (down: number) => {
      let total = 0;
      for (let r = 6; r <= 12; r++)
        for (let c = 5; c <= 22; c++) total += w[(r + down) * 28 + c] * x[r * 28 + c];
      return total;
    };
    const sumOf3 = async () => {
      const { columns, numbers } = await readingTable(explorer().locator('.pw-reading'));
      return numbers['Σ selection'][columns.indexOf('3')];
    };
    await brushTop();
    const swap = explorer().getByRole('button', { name: 'swap with…' });
    await swap.click();
    await hand.pointAt(20, 13);
    await page.mouse.down();
    await page.mouse.up();
    assert.match(await explorer().locator('.pw-reading').innerText(), /rows 17–23, columns 5–22/);
    assert.ok(Math.abs((await sumOf3()) - sum(11)) < 0.006, `${await sumOf3()}, ${sum(11)}`);
    await explorer().locator('.pw-what-if table').waitFor();
    await swap.click();
    const image = explorer().locator('canvas').nth(2);
    // From the middle of the image, 14 and 14.
    for (const key of ['ArrowLeft', ...Array<string>(5).fill('ArrowUp')]) await image.press(key);
    await picture(page, '.pw-explorer', 'swap');
    await image.press('Enter');
    assert.match(await explorer().locator('.pw-reading').innerText(), /rows 6–12, columns 5–22/);
    assert.ok(Math.abs((await sumOf3()) - sum(0)) < 0.006);
    await image.press('Escape');
    await explorer().getByRole('button', { name: 'back to x' }).click();
  });

  it('follows a pen that is drawn over the input, and prints how long a frame takes', async () => {
    const whatIf = explorer().locator('.pw-what-if');
    await whatIf.getByRole('button', { name: 'paint' }).click();
    await hand.pointAt(20, 4);
    const frames = await WhatIfFrames.watch(page);
    await page.mouse.down();
    for (let column = 5; column < 24; column++) {
      await hand.pointAt(20, column);
      await frames.next();
    }
    await page.mouse.up();
    await whatIf.locator('table').waitFor();
    console.log(`      ${await frames.medians()}`);
    await whatIf.getByRole('button', { name: 'paint' }).click();
    await whatIf.getByRole('button', { name: 'back to x' }).click();
  });

  it('draws a line with the pen, however few points of it the pointer reports', async () => {
    await explorer().getByRole('button', { name: 'paint' }).click();
    await hand.drag([3, 2], [3, 25]);
    const gaps: number[] = [];
    for (let column = 2; column <= 25; column++) {
      await hand.pointAt(3, column);
      const text = await explorer().locator('.pw-position').innerText();
      if (!text.endsWith('x′ 1')) gaps.push(column);
    }
    assert.deepEqual(gaps, []);
    await explorer().getByRole('button', { name: 'paint' }).click();
    await explorer().getByRole('button', { name: 'back to x' }).click();
  });

  it('keeps only the row that was asked for in the notebook', async () => {
    await command(page, 'docmanager:save');
    const saved = JSON.parse(await readFile(live.path, 'utf8')) as { cells: { outputs: Output[] }[] };
    const bundle = saved.cells[0].outputs.find(output => output.data?.[LINEARIZATION_MIME])?.data;
    const payload = bundle?.[LINEARIZATION_MIME] as { rows: { index: number }[] };
    assert.deepEqual(
      payload.rows.map(row => row.index),
      [7],
    );
  });

  it('reports that the kernel was restarted, and keeps what it has', async () => {
    await reopen();
    await live.idle();
    // The command ends only after its own question was answered.
    const restarted = command(page, 'kernelmenu:restart');
    await page.locator('.jp-Dialog').getByRole('button', { name: 'Confirm Kernel Restart' }).click();
    await restarted;
    await live.idle();
    await choose(5);
    const sentence = explorer().locator('.pw-refusal');
    assert.match(await sentence.innerText(), /row of 5 is not saved.*kernel has restarted.*Saved here: 7\./);
    await choose(7);
    assert.equal(await sentence.count(), 0);
    assert.match(await formula(), /^7/);
  });

  it('releases the kernel when the notebook is closed, and throws nothing', async () => {
    await choose(2);
    await command(page, 'application:close');
    await page.locator('.jp-Notebook').waitFor({ state: 'detached' });
    assert.deepEqual(live.faults, []);
  });

  it('shows what was saved when the notebook is opened again without a kernel', async () => {
    await withoutKernel();
    assert.match(await formula(), /^7/);
    await choose(3);
    assert.match(
      await explorer().locator('.pw-refusal').innerText(),
      /no kernel is running.*Saved here: 7\./,
    );
    await picture(page, '.pw-explorer', 'live-saved');
  });

  /** Saves and reloads the page: the kernel keeps running, and the views start with what was saved. */
  async function reopen(): Promise<void> {
    await command(page, 'docmanager:save');
    await live.show('notebook.ipynb');
    await explorer().waitFor();
  }

  async function withoutKernel(): Promise<void> {
    const saved = JSON.parse(await readFile(live.path, 'utf8')) as { metadata: object };
    saved.metadata = { kernelspec: { name: 'no-such-kernel', display_name: 'none' } };
    await live.write('copy.ipynb', saved);
    await live.showWithoutKernel('copy.ipynb');
    await explorer().waitFor();
  }

  /** As people name a unit of an image. */
  const nameOf = ({ layer, position: [row, column, channel] }: Unit) =>
    `channel ${channel} of ${layer} at row ${row}, column ${column}`;

  const widthOf = (gauge: Locator, part: string) =>
    gauge.locator(`.pw-gauge-${part}`).evaluate(node => node.getBoundingClientRect().width);

  const brushTop = () => hand.drag([6, 5], [12, 22]);

  async function pictures(): Promise<void> {
    for (const [theme, name] of [
      ['JupyterLab Dark', 'dark'],
      ['JupyterLab Light', 'light'],
    ] as const) {
      await useTheme(page, theme);
      await hand.pointAt(11, 19);
      await picture(page, '.pw-explorer', `live-${name}`);
      if (!process.env.PIECEWISE_PICTURES) continue;
      await mkdir(README_IMAGES, { recursive: true });
      await explorer().screenshot({ path: join(README_IMAGES, `explorer-${name}.png`) });
    }
  }
});
