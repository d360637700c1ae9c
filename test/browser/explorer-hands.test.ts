import assert from 'node:assert/strict';
import { payloadOf, randomNet, seven, takeApart } from '../lab/random-net';
import { picture } from './browser';
import { inked } from './canvas';
import type { NotebookPage } from './notebook-page';
import { PlateHand } from './plate-hand';
import { readingTable } from './reading-table';
import { openSaved } from './saved-notebook';

const net = randomNet([784, 24, 16, 10], 5);
const x = seven();
const { rows } = takeApart(net, x);
/** A triangle none of whose sides touches the center of a pixel. */
const TRIANGLE = [
  [3.7, 3.8],
  [3.7, 24.3],
  [20.3, 4.2],
] as const;
const names = ['age', 'income', 'debt', 'rooms', 'distance', 'year'];
const table = { net: randomNet([6, 8, 3], 2), x: [0.5, -1, 2, 0.25, 1, -0.5] };

/** Σ w·x of a class over positions. */
const sumOver = (label: string, positions: readonly number[]) =>
  positions.reduce((sum, i) => sum + rows[Number(label)][i] * x[i], 0);

describe('pointer and keyboard on a decomposition', () => {
  let notebook: NotebookPage;
  let hand: PlateHand;

  before(async () => {
    const digit = payloadOf(net, x, [28, 28, 1], [1, 4, 7], { selected: 7 });
    const vector = payloadOf(table.net, table.x, [6], [0, 1, 2], { features: names });
    notebook = await openSaved([digit, vector]);
    hand = new PlateHand(notebook.page, explorer().locator('canvas').nth(2));
  });
  after(() => notebook?.close());

  const explorer = () => notebook.explorer(0);
  const reading = () => explorer().locator('.pw-reading');
  const press = (name: string) => explorer().getByRole('button', { name, exact: true }).click();
  const choose = (label: string, option: string) => explorer().getByLabel(label).selectOption(option);

  it('sums the pixels inside a lasso exactly', async () => {
    await press('lasso');
    await hand.drag(...TRIANGLE, TRIANGLE[0]);
    assert.match(await reading().innerText(), /selection \d+ pixels in rows 4–\d+, columns/);
    const { columns, numbers } = await readingTable(reading());
    const inside: number[] = [];
    for (let row = 0; row < 28; row++)
      for (let column = 0; column < 28; column++)
        if (isInTriangle(row, column)) inside.push(row * 28 + column);
    columns.forEach((label, i) =>
      assert.ok(Math.abs(numbers['Σ selection'][i] - sumOver(label, inside)) < 0.006, label),
    );
    await picture(notebook.page, '.pw-explorer', 'explorer-lasso');
    await press('box');
  });

  it('adds and removes single pixels with the space bar', async () => {
    await hand.canvas.focus();
    await notebook.page.keyboard.press('Escape');
    for (const key of ['ArrowUp', 'Space', 'ArrowUp', 'Space', 'ArrowRight', 'Space', 'Space'])
      await notebook.page.keyboard.press(key);
    assert.match(await reading().innerText(), /selection rows 12–13, column 14/);
    const { columns, numbers } = await readingTable(reading());
    const wanted = sumOver(columns[0], [12 * 28 + 14, 13 * 28 + 14]);
    assert.ok(Math.abs(numbers['Σ selection'][0] - wanted) < 0.006);
    await notebook.page.keyboard.press('Escape');
  });

  it('sums contributions over superpixels, exactly', async () => {
    await choose('Superpixels', 'squares of 4 × 4');
    await hand.pointAt(9, 15);
    const { columns, numbers } = await readingTable(reading());
    const block = Array.from({ length: 16 }, (_, i) => (8 + (i >> 2)) * 28 + 12 + (i % 4));
    assert.match(await reading().innerText(), /superpixel rows 8–11, columns 12–15/);
    columns.forEach((label, i) =>
      assert.ok(Math.abs(numbers['Σ superpixel'][i] - sumOver(label, block)) < 0.006, label),
    );
    assert.match(await explorer().locator('.pw-waterfall').innerText(), /Wx · at \d+, \d+/);
    await choose('Superpixels', 'superpixels');
    await hand.pointAt(9, 15);
    await picture(notebook.page, '.pw-explorer', 'explorer-superpixels');
    await choose('Superpixels', 'pixel by pixel');
  });

  it('zooms all images at the pixel under the pointer, and follows the keyboard', async () => {
    await hand.pointAt(9, 15);
    await notebook.page.keyboard.down('Control');
    await notebook.page.mouse.wheel(0, -400);
    await notebook.page.keyboard.up('Control');
    assert.match(await reading().innerText(), /pixel row 9, column 15/);
    await hand.pointAt(27, 27);
    const corner = /pixel row (\d+), column (\d+)/
      .exec(await reading().innerText())!
      .slice(1)
      .map(Number);
    assert.ok(corner[0] < 22 && corner[1] < 24, `${corner}`);
    await picture(notebook.page, '.pw-explorer', 'explorer-zoom');
    await hand.canvas.focus();
    for (let n = 0; n < 20; n++) await notebook.page.keyboard.press('ArrowDown');
    assert.match(await reading().innerText(), /pixel row 27/);
    await hand.pointAt(27, 14);
    assert.match(await reading().innerText(), /pixel row 27/);
  });

  it('moves the visible part, and zooms back out to the whole image', async () => {
    await press('move');
    await hand.drag([5, 14], [27, 14]);
    await hand.pointAt(0, 14);
    const [row] = /pixel row (\d+)/
      .exec(await reading().innerText())!
      .slice(1)
      .map(Number);
    assert.ok(row < 20, `${row}`);
    while (await explorer().getByRole('button', { name: 'farther' }).isEnabled()) await press('farther');
    assert.equal(await explorer().getByRole('button', { name: 'move' }).isVisible(), false);
    await hand.pointAt(27, 27);
    assert.match(await reading().innerText(), /pixel row 27, column 27/);
  });

  it('lays the input behind the contributions, and shows faint values on request', async () => {
    const bare = await inked(hand.canvas);
    await explorer().getByLabel('x behind W∘x').fill('60');
    const laid = await inked(hand.canvas);
    assert.ok(laid !== bare, `${bare}, ${laid}`);
    await explorer().getByLabel('x behind W∘x').fill('0');
    const plain = await hand.canvas.screenshot();
    await choose('Color scale', 'faint things too');
    assert.ok(!plain.equals(await hand.canvas.screenshot()));
    await choose('Color scale', 'linear colors');
  });

  it('reads an entry of a vector by its name for every class, and sums the selected ones', async () => {
    const vector = notebook.explorer(1);
    await vector.scrollIntoViewIfNeeded();
    const apart = takeApart(table.net, table.x);
    const entry = (name: string) => vector.locator('.pw-features tr').filter({ hasText: name });
    await entry('income').hover();
    const box = vector.locator('.pw-reading');
    assert.match(await box.innerText(), /input income · x −1/);
    const { columns, numbers } = await readingTable(box);
    columns.forEach((label, i) => {
      assert.ok(Math.abs(numbers['w'][i] - apart.rows[Number(label)][1]) < 0.006);
    });
    await entry('income').click();
    await entry('debt').focus();
    await notebook.page.keyboard.press('Space');
    const sums = (await readingTable(box)).numbers['Σ selected'];
    assert.match(await box.innerText(), /selected income, debt/);
    columns.forEach((label, i) => {
      const w = apart.rows[Number(label)];
      assert.ok(Math.abs(sums[i] - (w[1] * table.x[1] + w[2] * table.x[2])) < 0.006);
    });
    await picture(notebook.page, '.jp-Cell:nth-of-type(2) .pw-explorer', 'explorer-table');
  });

  it('throws nothing into the page', () => assert.deepEqual(notebook.faults, []));
});

/** Whether a center lies on the same side of all three sides. */
function isInTriangle(row: number, column: number): boolean {
  const sides = TRIANGLE.map(([r1, c1], i) => {
    const [r2, c2] = TRIANGLE[(i + 1) % 3];
    return (c2 - c1) * (row - r1) - (r2 - r1) * (column - c1) > 0;
  });
  return sides.every(side => side === sides[0]);
}
