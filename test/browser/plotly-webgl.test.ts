import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { picture, startBrowser } from './browser';
import { loseContextAtShader, type LossyWindow } from './lose-context';
import { notebookOfBundles } from './notebook-of-bundles';
import { NotebookPage } from './notebook-page';
import { sharedLab } from './shared-lab';

const CLOUD = notebookOfBundles([
  {
    'application/vnd.plotly.v1+json': {
      data: [{ type: 'scatter3d', mode: 'markers', x: [0, 1, 2], y: [0, 1, 0], z: [0, 1, 2] }],
      layout: {},
    },
    'text/plain': 'a figure',
  },
]);

describe('a plotly figure that needs WebGL', () => {
  let shown: NotebookPage;
  let page: Page;

  before(async () => {
    shown = await NotebookPage.open(await sharedLab(), CLOUD, { width: 1200, height: 1400 });
    page = shown.page;
    await shown.refuseKernel();
  });
  after(() => shown?.close());

  it('reports that the browser has taken WebGL away, and is drawn again once WebGL is back', async () => {
    const figure = page.locator('.pw-plotly').first();
    const canvas = figure.locator('.gl-container canvas').first();
    await canvas.waitFor();
    const extension = await canvas.evaluateHandle(node =>
      (node as HTMLCanvasElement).getContext('webgl')!.getExtension('WEBGL_lose_context')!,
    );
    // It happens just when the figure begins to follow a new width.
    await extension.evaluate(card => {
      const { setTimeout } = window;
      window.setTimeout = ((work: () => void, delay: number) =>
        setTimeout(() => {
          if (delay === 100) card.loseContext();
          work();
        }, delay)) as typeof setTimeout;
    });
    await page.setViewportSize({ width: 1100, height: 1400 });
    await figure.getByText(/^The browser has taken the graphics memory of this figure/).waitFor();
    assert.match(await figure.innerText(), /a figure/);
    await picture(page, '.pw-plotly', 'plotly-webgl-lost');
    await extension.evaluate(card => card.restoreContext());
    await figure.locator('.pw-notice').waitFor({ state: 'detached' });
    await canvas.waitFor();
    await picture(page, '.pw-plotly', 'plotly-webgl-back');
    await page.setViewportSize({ width: 1200, height: 1400 });
  });

  it('is drawn again if WebGL is taken away while plotly.js draws', async () => {
    const faults: string[] = [];
    const lossy = await shown.beside('/doc/tree/@/notebook.ipynb?reset', blank => {
      blank.on('pageerror', error => faults.push(String(error)));
      return blank.addInitScript(loseContextAtShader);
    });
    await shown.refuseKernel(lossy);
    const figure = lossy.locator('.pw-plotly').first();
    await figure.getByText(/^The browser has taken the graphics memory of this figure/).waitFor();
    assert.doesNotMatch(await figure.innerText(), /not supported/);
    await lossy.evaluate(() => (window as unknown as LossyWindow).restoreContext());
    await figure.locator('.pw-notice').waitFor({ state: 'detached' });
    await figure.locator('.gl-container canvas').first().waitFor();
    await picture(lossy, '.pw-plotly', 'plotly-webgl-lost-while-drawing');
    assert.deepEqual(faults, []);
    await lossy.close();
  });

  it('reports that there is no WebGL, and shows the text instead', async () => {
    const browser = await startBrowser('--disable-3d-apis');
    try {
      const bare = await browser.newPage();
      const faults: string[] = [];
      bare.on('pageerror', error => faults.push(String(error)));
      await bare.goto(page.url());
      await shown.refuseKernel(bare);
      const figure = bare.locator('.pw-plotly').first();
      await figure.getByText('This figure needs WebGL, which this browser does not provide.').waitFor();
      assert.match(await figure.innerText(), /a figure/);
      await picture(bare, '.pw-plotly', 'plotly-webgl-missing');
      assert.deepEqual(faults, []);
    } finally {
      await browser.close();
    }
  });

  it('throws nothing in the page', () => assert.deepEqual(shown.faults, []));
});
