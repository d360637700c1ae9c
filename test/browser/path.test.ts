import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { axeViolations } from './axe';
import { picture, useTheme } from './browser';
import { printed, runLive } from './live-notebook';
import type { NotebookPage } from './notebook-page';

const PATH = `
const model = await tf.loadLayersModel('file://models/mnist-cnn/model.json');
const digits = await data.mnist('test');
const line = await path(model, digits.instance(0), digits.instance(1));
plot(line);
`;

/** The kernel's own numbers, with which the view is compared. */
const NUMBERS = `
const gap = v => line.outputs[v * 10 + 7] - line.outputs[v * 10 + 2];
const v = Array.from(line.t).findIndex((_, i) => gap(i) < 0);
const tie = line.t[v - 1] + (gap(v - 1) / (gap(v - 1) - gap(v))) * (line.t[v] - line.t[v - 1]);
const lin = await line.piece(line.pieceOf(0.3));
const [bias] = [(await lin.bias.data())[7]];
console.log(JSON.stringify({ regions: line.regions, tie, at: Array.from(line.outputAt(0.3)), piece: line.pieceOf(0.3), bias }));
`;

/** Two points of a table, and a linearization at one of them. */
const TABLE = `
const layers = [tf.layers.dense({ inputShape: [4], units: 8, activation: 'relu' }), tf.layers.dense({ units: 2 })];
const flowers = await tsne(await data.iris(), { model: tf.sequential({ layers }), epochs: 2 });
plot(await path(flowers, 0, 100));
plot(await linearize(flowers, 0));
console.log(JSON.stringify(flowers.features));
`;

interface KernelNumbers {
  regions: number;
  /** Where 7 and 2 are equal. */
  tie: number;
  /** Logits at t = 0.3. */
  at: number[];
  piece: number;
  /** b of class 7 there. */
  bias: number;
}

describe('the view of a path with the live kernel', () => {
  let live: NotebookPage;
  let kernel: KernelNumbers;
  const view = (): Locator => live.explorer();
  const text = (selector: string) => view().locator(selector).first().innerText();
  const press = (name: string) => view().getByRole('button', { name, exact: true }).click();

  before(async () => {
    live = await runLive([PATH, NUMBERS, TABLE], { width: 1300, height: 1000 });
    kernel = await printed<KernelNumbers>(live, 1);
    await view().waitFor();
  });
  after(() => live?.close());

  it('states how many regions there are, and where the decision changes', async () => {
    assert.ok((await text('.pw-headline')).includes(`${kernel.regions.toLocaleString('en')} linear regions`));
    assert.ok((await text('.pw-headline')).includes(`7 → 2 at ${kernel.tie.toFixed(3)}`));
    await press('decision ›');
    assert.match(await text('.pw-position'), new RegExp(`^t = ${kernel.tie.toFixed(4)}.*largest: 2$`));
  });

  it('moves by the keyboard, and shows the outputs there', async () => {
    const slider = view().getByRole('slider');
    await slider.focus();
    await live.page.keyboard.press('Home');
    for (let i = 0; i < 3; i++) await live.page.keyboard.press('PageUp');
    const position = `t = 0.3000 · region ${(kernel.piece + 1).toLocaleString('en')} of`;
    assert.ok((await text('.pw-position')).startsWith(position), await text('.pw-position'));
    assert.ok((await slider.getAttribute('aria-valuetext'))!.startsWith(position));
    for (const c of [7, 2, 6]) {
      const shown = await view()
        .locator('.pw-path-outputs button')
        .filter({ has: live.page.locator('.pw-path-label', { hasText: String(c) }) })
        .locator('.pw-number')
        .innerText();
      assert.ok(Math.abs(Number(shown.replace('−', '-')) - kernel.at[c]) < 0.011, `${c}: ${shown}`);
    }
  });

  it('asks the kernel for W there, and follows the slider', async () => {
    await press('W of this region');
    await view().locator('.pw-path-status strong').first().waitFor();
    const sign = kernel.bias < 0 ? '−' : '+';
    const formula = await text('.pw-path-status');
    assert.ok(formula.includes(`${kernel.at[7].toFixed(2)} = W·x(t)`), formula);
    assert.ok(formula.includes(`b ${sign}${Math.abs(kernel.bias).toFixed(2)}`), formula);
    assert.equal(await view().locator('canvas').count(), 3);
    await press('region ›');
    const next = `This region reaches from`;
    await view().locator('.pw-path-status', { hasText: next }).waitFor();
    assert.ok((await text('.pw-position')).includes(`region ${(kernel.piece + 2).toLocaleString('en')} of`));
  });

  it('follows a pointer on the lines', async () => {
    const box = (await view().locator('.pw-path-field').boundingBox())!;
    await live.page.mouse.click(box.x + 0.75 * box.width, box.y + 40);
    const t = Number(/t = (\d\.\d+)/.exec(await text('.pw-position'))![1]);
    assert.ok(Math.abs(t - 0.75) < 0.003, `${t}`);
  });

  it('names its terms after the columns of a table, as the view of a decomposition does', async () => {
    const names = await printed<string[]>(live, 2, '[');
    assert.deepEqual(names.toSorted().slice(0, 2), ['petal length (cm)', 'petal width (cm)']);
    const [between, at] = [0, 1].map(i => live.explorer(2).nth(i));
    await between.getByRole('button', { name: 'W of this region', exact: true }).click();
    for (const table of [between.locator('.pw-path-images table'), at.locator('.pw-features')]) {
      await table.getByText('petal width (cm)').waitFor();
      const shown = await table.locator('tr > :first-child').allInnerTexts();
      assert.deepEqual(shown.filter(name => names.includes(name)).toSorted(), names.toSorted());
    }
  });

  it('is accessible and fits, light and dark, wide and narrow', async () => {
    for (const [width, theme, name] of [
      [1300, 'JupyterLab Light', 'light'],
      [860, 'JupyterLab Dark', 'dark'],
    ] as const) {
      await live.page.setViewportSize({ width, height: 1000 });
      await useTheme(live.page, theme);
      assert.deepEqual(await axeViolations(live.page, '.jp-Notebook .pw-explorer'), []);
      assert.ok(await view().evaluate(node => node.scrollWidth <= node.clientWidth));
      await picture(live.page, '.jp-Notebook .pw-explorer', `path-${name}`);
    }
    assert.deepEqual(live.faults, []);
  });
});
