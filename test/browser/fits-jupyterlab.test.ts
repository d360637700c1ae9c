import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import type { Download, Locator } from 'playwright-core';
import { PNG } from 'pngjs';
import { parseNpy } from '../../kernel-ext/src/data/npy';
import { payloadOf, randomNet, seven, takeApart } from '../lab/random-net';
import { command, picture, pictureFile } from './browser';
import { Lab } from './lab';
import { notebookOfBundles } from './notebook-of-bundles';
import type { NotebookPage } from './notebook-page';
import { overflowing } from './overflowing';
import { PlateHand } from './plate-hand';
import { openSaved } from './saved-notebook';
import { sharedLab } from './shared-lab';
import { SvgFile } from './svg-file';

const net = randomNet([784, 24, 16, 10], 5);
const x = seven();
const { output, rows } = takeApart(net, x);
const digit = (selected: number) => payloadOf(net, x, [28, 28, 1], [1, 4, 7], { selected });

for (const version of ['newest', 'oldest'] as const) {
  describe(`in the ${version} JupyterLab 4, the explorer`, () => {
    let lab: Lab;
    let notebook: NotebookPage;
    before(async () => {
      lab = version === 'newest' ? await sharedLab() : await Lab.start(version);
      notebook = await openSaved([digit(7), digit(4)], lab);
      await notebook.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    });
    after(async () => {
      await notebook?.close();
      if (version === 'oldest') await lab?.close();
    });

    const panel = (): Locator => notebook.page.locator('#piecewise-selected-output');

    it('runs in the expected version of JupyterLab', async () => {
      const shown = await notebook.page.evaluate(
        () => (window as unknown as { jupyterapp: { version: string } }).jupyterapp.version,
      );
      if (version === 'oldest') assert.equal(shown, '4.0.0');
      else assert.match(shown, /^4\.[1-9]/);
    });

    it('reads, brushes and switches classes', async () => {
      const { page } = notebook;
      const hand = new PlateHand(page, notebook.explorer(0).locator('canvas').nth(1));
      await hand.drag([7, 6], [14, 22]);
      assert.match(await notebook.explorer(0).locator('.pw-reading').innerText(), /rows 7–14, columns 6–22/);
      await notebook.explorer(0).getByRole('listbox').focus();
      for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowUp');
      assert.match(await notebook.explorer(0).locator('.pw-formula').innerText(), /^4/);
    });

    it('adds its commands to the palette', async () => {
      const { page } = notebook;
      await command(page, 'apputils:activate-command-palette');
      const palette = page.locator('.lm-CommandPalette').last();
      await palette.locator('input').fill('piecewise');
      const labels = palette.locator('.lm-CommandPalette-itemLabel');
      await labels.first().waitFor();
      assert.deepEqual((await labels.allInnerTexts()).toSorted(), [
        'Copy View as Image',
        'Save Numbers of View as CSV',
        'Save Numbers of View as NPY',
        'Save View as Image',
        'Save View as PDF',
        'Save View as SVG',
        'Show Selected Output in Side Bar',
      ]);
      await page.keyboard.press('Escape');
    });

    it('is copied from the context menu as an image that looks the same', async () => {
      const { page } = notebook;
      await openMenu(notebook.explorer(0));
      await page.locator('.lm-Menu').getByText('Copy View as Image').click();
      const base64 = await page.evaluate(async () => {
        for (;;) {
          const items = await navigator.clipboard.read().catch(() => []);
          const image = items.find(item => item.types.includes('image/png'));
          if (image) {
            const bytes = new Uint8Array(await (await image.getType('image/png')).arrayBuffer());
            return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
          }
          await new Promise(next => setTimeout(next, 50));
        }
      });
      const image = PNG.sync.read(Buffer.from(base64, 'base64'));
      const box = (await notebook.explorer(0).boundingBox())!;
      assert.ok(Math.abs(image.width - 2 * box.width) <= 2, `${image.width}, ${box.width}`);
      assert.ok(hasColor(image, [0xb3, 0x58, 0x06]), 'orange of what adds');
      await writeFile(await pictureFile(`copied-${version}.png`), PNG.sync.write(image));
    });

    it('is saved as a self-contained vector figure with the shown numbers', async () => {
      const { page } = notebook;
      await openMenu(notebook.explorer(0));
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.lm-Menu').getByText('Save View as SVG').click(),
      ]);
      assert.equal(file.suggestedFilename(), 'decomposition-4.svg');
      const svg = await SvgFile.open(page, await readFile(await file.path(), 'utf8'));
      assert.deepEqual(svg.foreign, []);
      for (const c of output.keys())
        assert.ok(svg.texts.includes(output[c].toFixed(2).replace('-', '−')), `logit ${output[c]}`);
      assert.ok(svg.texts.some(text => text.startsWith('The logit of 4 taken apart')));
      assert.deepEqual(
        svg.texts.filter(text => /contrast with|layer…|lasso|^export$/.test(text)),
        [],
      );
      assert.equal(svg.images, 3);
      assert.equal(await page.locator('.pw-figure').count(), 0);
      await svg.picture(`figure-${version}`);
    });

    it('saves its numbers: each column w·x and b sum to the logit', async () => {
      const { page } = notebook;
      await openMenu(notebook.explorer(0));
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.lm-Menu').getByText('Save Numbers of View as CSV').click(),
      ]);
      assert.equal(file.suggestedFilename(), 'decomposition-4.csv');
      const [head, ...lines] = await readCsv(file);
      const entries = lines.slice(0, 784);
      for (const c of [1, 4, 7]) {
        const at = head.indexOf(`w·x ${c}`);
        const [b, whole] = ['b', 'F(x)'].map(name => Number(lines.find(([entry]) => entry === name)![at]));
        const sum = entries.reduce((total, line) => total + Number(line[at]), b);
        assert.ok(Math.abs(sum - output[c]) < 1e-5, `class ${c}: ${sum}, ${output[c]}`);
        assert.equal(whole, output[c]);
        assert.ok(Math.abs(Number(lines[240][at - 1]) - rows[c][240]) < 1e-7);
      }
    });

    it('saves what it shows as an array for NumPy: x, W and W∘x', async () => {
      const { page } = notebook;
      await openMenu(notebook.explorer(0));
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.lm-Menu').getByText('Save Numbers of View as NPY').click(),
      ]);
      assert.equal(file.suggestedFilename(), 'decomposition-4.npy');
      const { shape, values } = parseNpy(await readFile(await file.path()), 'decomposition-4.npy');
      const numbers = Array.from(values, Number);
      assert.deepEqual(shape.slice(0, 3), [3, 28, 28]);
      for (const i of [240, 400]) {
        assert.ok(Math.abs(numbers[784 + i] - rows[4][i]) < 1e-7);
        assert.ok(Math.abs(numbers[2 * 784 + i] - numbers[i] * rows[4][i]) < 1e-6);
      }
    });

    it('is shown in the side bar, which follows the cell that is selected', async () => {
      const { page } = notebook;
      await page.locator('.jp-Notebook .jp-Cell').nth(0).locator('.jp-InputPrompt').click();
      await command(page, 'piecewise:show-panel');
      await panel().locator('.pw-explorer').waitFor();
      assert.match(await panel().locator('.pw-formula').innerText(), /^7/);
      await page.locator('.jp-Notebook .jp-Cell').nth(1).locator('.jp-InputPrompt').click();
      await panel().locator('.pw-formula').getByText('4', { exact: true }).waitFor();
      await panel().locator('.pw-class').nth(1).click();
      assert.match(await panel().locator('.pw-formula').innerText(), /^1/);
      assert.match(await notebook.explorer(1).locator('.pw-formula').innerText(), /^4/);
      assert.deepEqual(await panel().locator('.pw-explorer').evaluate(overflowing), []);
      await picture(page, '#piecewise-selected-output', `panel-${version}`);
    });

    it('starts with the options from the settings', async () => {
      const { page } = notebook;
      const settings = { scale: 'root', pooling: '4', backdrop: 30 };
      await lab.server.changeSettings('jupyterlab-piecewise:plugin', settings);
      await page.reload();
      await notebook.refuseKernel();
      await notebook.explorer(0).waitFor();
      const value = (label: string) => notebook.explorer(0).getByLabel(label).inputValue();
      assert.deepEqual(
        [await value('Color scale'), await value('Superpixels'), await value('x behind W∘x')],
        ['root', '4', '30'],
      );
    });

    if (version === 'oldest')
      it('leaves plotly figures to a renderer that the user has installed', async () => {
        const figure = { data: [{ y: [1, 2] }], layout: {} };
        await notebook.write(
          'figure.ipynb',
          notebookOfBundles([{ 'application/vnd.plotly.v1+json': figure, 'text/plain': 'a figure' }]),
        );
        await notebook.showWithoutKernel('figure.ipynb');
        await notebook.page.locator('.other-renderer').getByText('drawn by another').waitFor();
        assert.equal(await notebook.page.locator('.pw-plotly').count(), 0);
      });

    it('throws nothing into the page', () => assert.deepEqual(notebook.faults, []));

    async function openMenu(explorer: Locator): Promise<void> {
      await explorer.locator('.pw-formula').click({ button: 'right' });
      await notebook.page.locator('.lm-Menu').waitFor();
    }
  });
}

async function readCsv(file: Download): Promise<string[][]> {
  const text = await readFile(await file.path(), 'utf8');
  assert.ok(text.endsWith('\r\n'));
  return text
    .trimEnd()
    .split('\r\n')
    .map(line => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
}

function hasColor({ data }: PNG, [r, g, b]: readonly [number, number, number]): boolean {
  for (let i = 0; i < data.length; i += 4)
    if (data[i] === r && data[i + 1] === g && data[i + 2] === b) return true;
  return false;
}
