import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { PNG } from 'pngjs';
import { payloadOf, randomNet, seven, takeApart } from '../lab/random-net';
import { readPdf } from '../read-pdf';
import { type Theme, useTheme } from './browser';
import type { NotebookPage } from './notebook-page';
import { openSaved } from './saved-notebook';
import { SvgFile } from './svg-file';

const net = randomNet([784, 24, 16, 10], 5);
const x = seven();
const { output } = takeApart(net, x);

describe('exports of an explorer', () => {
  let notebook: NotebookPage;
  before(async () => {
    notebook = await openSaved([payloadOf(net, x, [28, 28, 1], [1, 4, 7], { selected: 7 })]);
    await useTheme(notebook.page, 'JupyterLab Dark');
  });
  after(() => notebook?.close());

  /** What a button of the view's export tools downloads. */
  async function exported(form: string): Promise<Buffer> {
    const explorer = notebook.explorer(0);
    await explorer.getByRole('button', { name: 'export', exact: true }).click();
    const [file] = await Promise.all([
      notebook.page.waitForEvent('download'),
      tools(explorer).getByRole('button', { name: form, exact: true }).click(),
    ]);
    return readFile(await file.path());
  }

  const tools = (explorer: Locator) => explorer.getByRole('group', { name: 'Export as' });

  it('are behind a button that opens and closes, also with the keyboard', async () => {
    const explorer = notebook.explorer(0);
    const opener = explorer.getByRole('button', { name: 'export', exact: true });
    assert.equal(await opener.getAttribute('aria-expanded'), 'false');
    await opener.focus();
    await notebook.page.keyboard.press('Enter');
    assert.deepEqual(await tools(explorer).getByRole('button').allInnerTexts(), [
      'copy',
      'PNG',
      'SVG',
      'PDF',
      'CSV',
      'NPY',
    ]);
    await notebook.page.keyboard.press('Tab');
    await notebook.page.keyboard.press('Escape');
    assert.equal(await tools(explorer).count(), 0);
    assert.ok(await opener.evaluate(node => node === document.activeElement));
  });

  it('stand together in the context menu', async () => {
    const { page } = notebook;
    await notebook.explorer(0).locator('.pw-formula').click({ button: 'right' });
    const items = page.locator('.lm-Menu .lm-Menu-item:not(.lm-mod-hidden)');
    await items.first().waitFor();
    const entries = await items.evaluateAll(nodes =>
      nodes.map(node =>
        node.getAttribute('data-type') === 'separator'
          ? '—'
          : (node.querySelector('.lm-Menu-itemLabel')?.textContent ?? ''),
      ),
    );
    const first = entries.indexOf('Copy View as Image');
    assert.deepEqual(entries.slice(first - 1, first + 8), [
      '—',
      'Copy View as Image',
      'Save View as Image',
      'Save View as SVG',
      'Save View as PDF',
      'Save Numbers of View as CSV',
      'Save Numbers of View as NPY',
      'Show Selected Output in Side Bar',
      '—',
    ]);
    assert.ok(entries.indexOf('Clear Cell Output') < first);
    await page.keyboard.press('Escape');
  });

  it('have the colors of paper while the page is dark', async () => {
    const { page } = notebook;
    const source = (await exported('SVG')).toString('utf8');
    const svg = await SvgFile.open(page, source);
    assert.deepEqual(svg.foreign, []);
    assert.match(source, /<rect[^>]*fill="#ffffff"/);
    assert.doesNotMatch(source, /<text[^>]*fill="#(fff|e|d)/, 'bright texts');
    for (const color of ['#b35806', '#1f6cb0']) assert.ok(source.includes(color), color);
    const png = PNG.sync.read(await exported('PNG'));
    assert.deepEqual([...png.data.subarray(0, 3)], [255, 255, 255]);
    await svg.picture('figure-from-dark');
    const page0 = await notebook
      .explorer(0)
      .evaluate(node => getComputedStyle(node).getPropertyValue('--pw-ink').trim());
    assert.equal(page0, '#fff', 'the view itself is dark again');
  });

  it('are the same figure in the light theme', async () => {
    const dark = (await exported('SVG')).toString('utf8');
    await inTheme('JupyterLab Light', async () =>
      assert.equal((await exported('SVG')).toString('utf8'), dark),
    );
  });

  it('make a PDF of one page, with texts and images, and without scripts', async () => {
    const pdf = await readPdf(await exported('PDF'));
    assert.equal(pdf.pages, 1);
    assert.equal(pdf.images, 3);
    assert.deepEqual(pdf.active, []);
    const text = pdf.text.replaceAll(/\s+/g, ' ');
    for (const c of output.keys())
      assert.ok(text.includes(output[c].toFixed(2).replace('-', '−')), `logit ${output[c]}`);
    assert.match(text, /The logit of 7 taken apart/);
    assert.match(text, /W7∘x/);
  });

  it('throw nothing into the page', () => assert.deepEqual(notebook.faults, []));

  async function inTheme(theme: Theme, run: () => Promise<void>): Promise<void> {
    await useTheme(notebook.page, theme);
    await run();
    await useTheme(notebook.page, 'JupyterLab Dark');
  }
});
