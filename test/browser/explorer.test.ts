import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { payloadOf, randomNet, seven, takeApart } from '../lab/random-net';
import { command, picture } from './browser';
import { inked } from './canvas';
import type { NotebookPage } from './notebook-page';
import { PlateHand } from './plate-hand';
import { readingTable } from './reading-table';
import { openSaved } from './saved-notebook';

const net = randomNet([784, 24, 16, 10], 5);
const x = seven();
const { output, rows } = takeApart(net, x);

describe('the view of a decomposition in JupyterLab, in a notebook that was opened again', () => {
  let notebook: NotebookPage;
  let page: Page;
  let hand: PlateHand;

  before(async () => {
    notebook = await openSaved([payloadOf(net, x, [28, 28, 1], [1, 4, 7], { selected: 7 })]);
    page = notebook.page;
    hand = new PlateHand(page, canvas(1));
  });
  after(() => notebook?.close());

  const explorer = (cell: number) => notebook.explorer(cell);
  const canvas = (i: number) => explorer(0).locator('canvas').nth(i);
  const reading = () => explorer(0).locator('.pw-reading');

  it('is shown in a notebook that nobody has trusted', async () => {
    const isTrusted = await page.evaluate(() => {
      const { jupyterapp } = window as unknown as {
        jupyterapp: {
          shell: {
            currentWidget: { content: { model: { cells: { get(i: number): { trusted: boolean } } } } };
          };
        };
      };
      return jupyterapp.shell.currentWidget.content.model.cells.get(0).trusted;
    });
    assert.equal(isTrusted, false);
    assert.equal(await explorer(0).locator('canvas').count(), 3);
  });

  it('begins with the formula: the logit is W·x + b', async () => {
    const text = (await explorer(0).locator('.pw-formula').innerText()).replace(/\s+/g, ' ');
    const match = /^7 ?logit (\S+) = W·x (\S+) \+ b (\S+)$/.exec(text);
    assert.ok(match, text);
    const [logit, linear, bias] = match.slice(1).map(t => Number(t.replace('−', '-')));
    assert.ok(Math.abs(logit - output[7]) < 0.01);
    assert.ok(Math.abs(linear + bias - logit) < 0.011);
  });

  it('states the residual, where the linear map holds, and its layers', async () => {
    const chips = await explorer(0).locator('.pw-chip').allInnerTexts();
    assert.match(chips[0], /^residual \d·10⁻\S+$/);
    assert.deepEqual(chips.slice(1), ['exact on its region', 'from input to logits · softmax cut off']);
  });

  it('reads x, w and w·x at the pixel under the pointer, for every saved class', async () => {
    await hand.pointAt(9, 15);
    assert.match(await reading().innerText(), /row 9, column 15/);
    const { columns, numbers } = await readingTable(reading());
    assert.deepEqual(columns, ['7', ...['1', '4'].toSorted((a, b) => output[Number(b)] - output[Number(a)])]);
    columns.forEach((label, i) => {
      const w = rows[Number(label)][9 * 28 + 15];
      assert.ok(Math.abs(numbers['w'][i] - w) < 0.006, `w of ${label}`);
      assert.ok(Math.abs(numbers['w·x'][i] - w * x[9 * 28 + 15]) < 0.006, `w·x of ${label}`);
    });
  });

  it('sums a selected box exactly', async () => {
    await hand.drag([7, 6], [14, 22]);
    const { columns, numbers } = await readingTable(reading());
    columns.forEach((label, i) => {
      let sum = 0;
      for (let r = 7; r <= 14; r++)
        for (let c = 6; c <= 22; c++) sum += rows[Number(label)][r * 28 + c] * x[r * 28 + c];
      assert.ok(Math.abs(numbers['Σ selection'][i] - sum) < 0.006, `${label}: ${sum}`);
    });
    await picture(page, '.pw-explorer', 'explorer-selection');
  });

  it('moves the crosshair with the arrow keys, selects with Shift, and leaves the notebook where it is', async () => {
    await canvas(1).focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.match(await reading().innerText(), /pixel row 15, column 15/);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowLeft');
    assert.match(await reading().innerText(), /selection rows 15–16, columns 14–15/);
    await page.keyboard.press('Escape');
    assert.match(await reading().innerText(), /strongest pixel/);
    const active = await page.locator('.jp-Notebook .jp-Cell').nth(0).getAttribute('class');
    assert.match(active ?? '', /jp-mod-active/);
  });

  it('switches to a saved class by a click and by the arrow keys', async () => {
    await explorer(0).locator('.pw-class').nth(4).click();
    assert.match(await explorer(0).locator('.pw-formula').innerText(), /^4/);
    assert.deepEqual((await readingTable(reading())).columns[0], '4');
    await explorer(0).getByRole('listbox').focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowUp');
    assert.match(await explorer(0).locator('.pw-formula').innerText(), /^1/);
  });

  it('states in one sentence which rows are available when a row is not saved and no kernel is running', async () => {
    await explorer(0).locator('.pw-class').nth(3).click();
    const sentence = await reading().locator('.pw-refusal').innerText();
    assert.match(
      sentence,
      /row of 3 is not saved.*no kernel is running.*Saved here: .*7.*Run the cell again/,
    );
    assert.match(await explorer(0).locator('.pw-formula').innerText(), /^3/);
    await picture(page, '.pw-explorer', 'explorer-no-kernel');
    await explorer(0).locator('.pw-class').nth(7).click();
    assert.equal(await reading().locator('.pw-refusal').count(), 0);
  });

  it('shows one sign only on request', async () => {
    const all = await inked(canvas(2));
    await explorer(0).getByRole('button', { name: '+', exact: true }).click();
    const positive = await inked(canvas(2));
    await explorer(0).getByRole('button', { name: '−', exact: true }).click();
    const negative = await inked(canvas(2));
    await explorer(0).getByRole('button', { name: 'all', exact: true }).click();
    assert.ok(positive > 0 && negative > 0);
    assert.equal(positive + negative, all);
  });

  it('contrasts two classes: the difference of their rows, b and logits', async () => {
    await explorer(0).getByLabel('Contrast with another class').selectOption({ label: 'against 4' });
    const text = await explorer(0).locator('.pw-formula').innerText();
    const difference = (output[7] - output[4]).toFixed(2).replace('-', '−');
    assert.ok(text.startsWith('7 − 4') && text.includes(difference), text);
    const { columns, numbers } = await readingTable(reading());
    assert.deepEqual(columns[0], '7 − 4');
    assert.ok(
      Math.abs(numbers['w'][0] - (numbers['w'][columns.indexOf('7')] - numbers['w'][columns.indexOf('4')])) <
        0.02,
    );
    await explorer(0).getByLabel('Contrast with another class').selectOption({ label: 'contrast with…' });
  });

  it('is drawn again when the notebook scrolls back to it', async () => {
    await explorer(0).scrollIntoViewIfNeeded();
    assert.ok((await inked(canvas(2))) > 0);
  });

  it('offers a second view of the output that is independent of the first', async () => {
    await page.locator('.jp-Notebook .jp-Cell').nth(0).locator('.jp-InputPrompt').click();
    await command(page, 'notebook:create-output-view');
    const second = page.locator('.jp-LinkedOutputView .pw-explorer');
    await second.waitFor();
    await second.locator('.pw-class').nth(1).click();
    assert.match(await second.locator('.pw-formula').innerText(), /^1/);
    assert.match(await explorer(0).locator('.pw-formula').innerText(), /^7/);
    assert.ok((await inked(second.locator('canvas').nth(2))) > 0);
  });

  it('works in Notebook 7 as well', async () => {
    const other = await notebook.beside('/notebooks/@/notebook.ipynb');
    await notebook.refuseKernel(other);
    const shown = other.locator('.pw-explorer').first();
    await shown.locator('.pw-class').nth(4).click();
    assert.match(await shown.locator('.pw-formula').innerText(), /^4/);
    assert.ok((await inked(shown.locator('canvas').nth(2))) > 0);
    await picture(other, '.pw-explorer', 'explorer-notebook7');
    await other.close();
  });

  it('throws nothing into the page', () => {
    assert.deepEqual(notebook.faults, []);
  });
});
