import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { arrayChart } from '../../kernel-ext/src/charts/array-chart';
import { chartFigure } from '../../kernel-ext/src/charts/chart-figure';
import { CLASS_COLORS } from '../../kernel-ext/src/payload';
import { picture, useTheme } from './browser';
import { notebookOfBundles } from './notebook-of-bundles';
import { NotebookPage } from './notebook-page';
import { sharedLab } from './shared-lab';

const FIGURE = {
  data: [{ type: 'bar', x: ['0', '7'], y: [-4.77, 12.75] }],
  layout: { title: { text: '<script>window.hacked=true</script>Logits' } },
};

const SERIES = {
  data: [1, 2, 3].map(n => ({ type: 'scatter', name: `run ${n}`, x: [0, 1, 2], y: [n, n * n, n / 2] })),
  layout: { title: { text: 'Loss' }, xaxis: { title: { text: 'epoch' } } },
};

/** A figure that sets its own colors and font. */
const OWN = {
  data: [
    { type: 'scatter', y: [1, 2], line: { color: '#ff0000' } },
    { type: 'scatter', y: [2, 1] },
  ],
  layout: { colorway: ['#123456'], font: { family: 'monospace' }, paper_bgcolor: '#ffffee' },
};

const TABLE = {
  data: [
    {
      type: 'table',
      header: { values: ['layer', 'b'] },
      cells: {
        values: [
          ['conv1', 'dense'],
          [0.1, -0.2],
        ],
      },
    },
  ],
};

/** Frame n shows a line at height n; a button plays all of them, a slider shows one. */
const framesFigure = (heights: readonly number[]) => ({
  data: [{ type: 'scatter', mode: 'lines', x: [0, 1], y: [0, 0] }],
  layout: {
    yaxis: { range: [0, 10] },
    updatemenus: [
      {
        type: 'buttons',
        buttons: [
          {
            label: 'Play',
            method: 'animate',
            args: [null, { frame: { duration: 20 }, transition: { duration: 0 } }],
          },
        ],
      },
    ],
    sliders: [
      {
        steps: heights.map(height => ({
          label: `at ${height}`,
          method: 'animate',
          args: [
            [`at ${height}`],
            { mode: 'immediate', frame: { duration: 0 }, transition: { duration: 0 } },
          ],
        })),
      },
    ],
  },
  frames: heights.map(height => ({ name: `at ${height}`, data: [{ y: [height, height] }] })),
});

const notebook = (figures: readonly unknown[]): object =>
  notebookOfBundles(
    figures.map(figure => ({ 'application/vnd.plotly.v1+json': figure, 'text/plain': 'a figure' })),
  );

const heatMap = chartFigure(arrayChart([-1, 0, 1, 2, -2, 0.5], [2, 3], { kind: 'heatmap' })!);

describe('the renderer of plotly figures in JupyterLab', () => {
  let shown: NotebookPage;
  let page: Page;
  /** Addresses from which plotly.js was asked for. */
  const copies: string[] = [];

  before(async () => {
    shown = await NotebookPage.open(await sharedLab(), notebook([]), { width: 1200, height: 1400 });
    page = shown.page;
    page.on('request', request => {
      if (/jupyterlab-piecewise\/static\/plotly\./.test(request.url())) copies.push(request.url());
    });
    await shown.write('figures.ipynb', notebook([FIGURE, FIGURE, { data: 7 }, heatMap, SERIES, OWN, TABLE]));
  });
  after(() => shown?.close());

  it('does not load plotly.js for a notebook without a figure', async () => {
    await shown.showWithoutKernel('notebook.ipynb');
    assert.deepEqual(copies, []);
  });

  it('draws every figure with one copy of plotly.js', async () => {
    await shown.showWithoutKernel('figures.ipynb');
    await page.locator('.pw-plotly .bars path').nth(3).waitFor();
    assert.equal(new Set(copies).size, 1);
  });

  it('runs no code from a figure', async () => {
    assert.match(await page.locator('.pw-plotly .gtitle').first().innerHTML(), /Logits/);
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
  });

  it('takes the colors of the page, and takes the new ones when the theme changes', async () => {
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

  it('gives the middle of a scale around zero the color of the page', async () => {
    const middle = () =>
      page
        .locator('.pw-plotly')
        .nth(3)
        .evaluate(node => {
          const { _fullLayout } = node as unknown as {
            _fullLayout: { coloraxis: { colorscale: [number, string][] } };
          };
          return [
            _fullLayout.coloraxis.colorscale[1][1],
            getComputedStyle(node).getPropertyValue('--jp-layout-color0').trim(),
          ];
        });
    const [color, paper] = await middle();
    assert.equal(color, paper);
  });

  it('gives series the colors of classes and the font of the page, where a figure sets none', async () => {
    const looks = await page.locator('.pw-plotly').evaluateAll(nodes =>
      [nodes[4], nodes[5]].map(node => ({
        lines: [...node.querySelectorAll<SVGPathElement>('.scatterlayer .js-line')].map(
          path => path.style.stroke,
        ),
        font: node.querySelector<SVGTextElement>('.xtick text')!.style.fontFamily,
        page: getComputedStyle(node).getPropertyValue('--jp-ui-font-family').trim(),
      })),
    );
    const [first, second, third] = CLASS_COLORS.map(color => `rgb(${color.join(', ')})`);
    assert.deepEqual(looks[0].lines, [first, second, third]);
    assert.equal(looks[0].font.split(',')[0], looks[0].page.split(',')[0]);
    assert.deepEqual(looks[1].lines, ['rgb(255, 0, 0)', 'rgb(18, 52, 86)']);
    assert.equal(looks[1].font, 'monospace');
    const ink = page.locator('.pw-plotly').nth(5).locator('.xtick text').first();
    const onLight = 'rgb(0, 0, 0)';
    assert.equal(await ink.evaluate(node => getComputedStyle(node).fill), onLight, 'dark theme, light paper');
    for (const [theme, name] of [
      ['JupyterLab Dark', 'dark'],
      ['JupyterLab Light', 'light'],
    ] as const) {
      await useTheme(page, theme);
      for (const [n, figure] of ['bar', '', '', 'heat-map', 'series', 'own', 'table'].entries())
        if (figure) await picture(page, `.pw-plotly >> nth=${n}`, `plotly-${figure}-${name}`);
    }
  });

  it('shows the frames of a figure by its slider and by its button, also after it was drawn again', async () => {
    await shown.write('frames.ipynb', notebook([framesFigure([2, 5, 9]), { ...SERIES, frames: 7 }]));
    await shown.showWithoutKernel('frames.ipynb');
    const figure = page.locator('.pw-plotly').first();
    const line = () => figure.locator('.scatterlayer .js-line').getAttribute('d');
    const shows = (height: number) =>
      page.waitForFunction(wanted => {
        const node = document.querySelector('.pw-plotly') as unknown as { data?: { y: number[] }[] };
        return node.data?.[0].y[0] === wanted;
      }, height);
    await figure.locator('.updatemenu-button').waitFor();
    const before = await line();
    const rail = figure.locator('.slider-rail-touch-rect');
    const { width } = (await rail.boundingBox())!;
    await rail.click({ position: { x: width - 5, y: 5 } });
    await shows(9);
    assert.notEqual(await line(), before);
    await useTheme(page, 'JupyterLab Dark');
    await shows(0);
    const label = figure.locator('.updatemenu-item-text');
    assert.equal(await label.evaluate(node => getComputedStyle(node).fill), 'rgb(17, 17, 17)');
    assert.equal(await line(), before);
    await figure.locator('.updatemenu-button').click();
    await shows(9);
    assert.notEqual(await line(), before);
    await picture(page, '.pw-plotly', 'plotly-frames');
    assert.match(await page.locator('.pw-plotly').nth(1).innerText(), /figure\.frames is 7, not a list/);
    await useTheme(page, 'JupyterLab Light');
    await shown.showWithoutKernel('figures.ipynb');
  });

  it('is saved as PNG and as SVG by buttons', async () => {
    const buttons = page.locator('.pw-plotly').first().locator('.modebar-btn');
    await buttons.first().waitFor({ state: 'attached' });
    const titles = await buttons.evaluateAll(all => all.map(button => button.getAttribute('data-title')));
    assert.ok(titles.some(title => title?.includes('PNG')) && titles.includes('Save as SVG'), titles.join());
    assert.ok(!titles.some(title => title?.startsWith('Share')), 'nothing sends a figure away');
    await page.locator('.pw-plotly').first().hover();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.pw-plotly').first().locator('[data-title="Save as SVG"]').click(),
    ]);
    assert.equal(download.suggestedFilename(), 'figure.svg');
    assert.match(await readFile(await download.path(), 'utf8'), /^<svg[^]*Logits/);
  });

  it('states what is wrong with something that is not a figure', async () => {
    const text = await page.locator('.pw-plotly').nth(2).innerText();
    assert.match(text, /figure\.data is 7, not a list/);
    assert.match(text, /a figure/);
  });

  it('is as wide as its output, even after that has changed', async () => {
    const nodes = ['.pw-plotly', '.pw-plotly .main-svg'].map(selector => page.locator(selector).first());
    const widths = () => Promise.all(nodes.map(async node => Math.round((await node.boundingBox())!.width)));
    const before = await widths();
    assert.equal(before[1], before[0]);
    await page.setViewportSize({ width: 800, height: 1400 });
    await page.waitForFunction(([selector, width]) => document.querySelector(selector)!.clientWidth < width, [
      '.pw-plotly .main-svg',
      before[1],
    ] as const);
    const [wide, now] = await widths();
    assert.equal(now, wide);
    assert.equal(before[1] - now, 400);
    await page.setViewportSize({ width: 1200, height: 1400 });
  });

  it('throws nothing in the page', () => assert.deepEqual(shown.faults, []));
});
