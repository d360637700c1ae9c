import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openNotebook, picture, startBrowser, useTheme } from './browser';
import { startJupyter, type JupyterServer } from './jupyter-server';

const FIGURE = {
  data: [{ type: 'bar', x: ['0', '7'], y: [-4.77, 12.75] }],
  layout: { title: { text: '<script>window.hacked=true</script>Logits' } },
};

function notebook(figures: readonly unknown[]): object {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'no-such-kernel', display_name: 'none' } },
    cells: figures.map((figure, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      execution_count: i + 1,
      metadata: {},
      source: '',
      outputs: [
        {
          output_type: 'display_data',
          metadata: {},
          data: { 'application/vnd.plotly.v1+json': figure, 'text/plain': 'a figure' },
        },
      ],
    })),
  };
}

describe('the renderer of plotly figures in JupyterLab', () => {
  let server: JupyterServer;
  let browser: Browser;
  let page: Page;
  const large: string[] = [];

  before(async () => {
    server = await startJupyter();
    await writeFile(join(server.folder, 'empty.ipynb'), JSON.stringify(notebook([])));
    await writeFile(
      join(server.folder, 'plotly.ipynb'),
      JSON.stringify(notebook([FIGURE, FIGURE, { data: 7 }])),
    );
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
    page.on('response', async response => {
      const isOurs = response.url().includes('jupyterlab-piecewise');
      if (isOurs && (await response.body().catch(() => Buffer.alloc(0))).length > 1e6)
        large.push(response.url());
    });
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('does not load plotly.js for a notebook without a figure', async () => {
    await openNotebook(page, server.url, 'empty.ipynb');
    await page.locator('.jp-Dialog').getByRole('button', { name: 'No Kernel' }).click();
    assert.deepEqual(large, []);
  });

  it('draws every figure with one copy of plotly.js', async () => {
    await openNotebook(page, server.url, 'plotly.ipynb');
    await page.locator('.jp-Dialog').getByRole('button', { name: 'No Kernel' }).click();
    await page.locator('.pw-plotly .bars path').nth(3).waitFor();
    assert.equal(new Set(large).size, 1);
    await picture(page, '.pw-plotly', 'plotly');
  });

  it('runs nothing of a figure', async () => {
    assert.match(await page.locator('.pw-plotly .gtitle').first().innerHTML(), /Logits/);
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
  });

  it('takes the colors of the page, and the new ones when the theme changes', async () => {
    const ink = () =>
      page
        .locator('.pw-plotly .xtick text')
        .first()
        .evaluate(node => getComputedStyle(node).fill);
    const light = await ink();
    await useTheme(page, 'JupyterLab Dark');
    await page.waitForFunction(
      before => getComputedStyle(document.querySelector('.pw-plotly .xtick text')!).fill !== before,
      light,
    );
    assert.notEqual(await ink(), light);
  });

  it('says what is wrong with something that is no figure', async () => {
    const text = await page.locator('.pw-plotly').nth(2).innerText();
    assert.match(text, /figure\.data is 7, not a list/);
    assert.match(text, /a figure/);
  });
});
