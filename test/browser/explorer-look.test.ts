import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { payloadOf, randomNet, seven } from '../lab/random-net';
import { picture, useTheme } from './browser';
import { colorAt } from './canvas';
import type { NotebookPage } from './notebook-page';
import { overflowing } from './overflowing';
import { openSaved } from './saved-notebook';

const net = randomNet([784, 24, 16, 10], 5);
const digit = (saved: number[]) => payloadOf(net, seven(), [28, 28, 1], saved, { selected: 7 });

describe('the look of the view of a decomposition', () => {
  let notebook: NotebookPage;
  let page: Page;

  before(async () => {
    notebook = await openSaved([digit([1, 4, 7]), digit([...Array(10).keys()])]);
    page = notebook.page;
  });
  after(() => notebook?.close());

  const explorer = (cell: number) => notebook.explorer(cell);
  const canvas = (i: number) => explorer(0).locator('canvas').nth(i);

  it('shows zero as the page in the light and the dark theme, and draws again when the theme changes', async () => {
    for (const [theme, name] of [
      ['JupyterLab Dark', 'dark'],
      ['JupyterLab Light', 'light'],
    ] as const) {
      await useTheme(page, theme);
      const background = await explorer(0).evaluate(node =>
        getComputedStyle(node.ownerDocument.body).getPropertyValue('--jp-layout-color0'),
      );
      assert.deepEqual(await colorAt(canvas(2), 0, 0), await toRgb(background));
      await picture(page, '.pw-explorer', `explorer-${name}`);
    }
  });

  for (const width of [600, 900, 1060, 1200, 1300]) {
    it(`fits into ${width} pixels without anything cut off`, async () => {
      await page.setViewportSize({ width: width + 130, height: 1000 });
      const box = explorer(0);
      await box.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
      assert.deepEqual(await box.evaluate(overflowing), []);
      await picture(page, '.pw-explorer', `explorer-${width}`);
    });
  }

  for (const width of [900, 1060, 1200, 1300]) {
    it(`reads all ten classes without scrolling in ${width} pixels`, async () => {
      await page.setViewportSize({ width: width + 130, height: 1000 });
      const box = explorer(1);
      await box.scrollIntoViewIfNeeded();
      const digit = (await box.locator('canvas').first().boundingBox())!;
      await page.mouse.move(digit.x + digit.width / 2, digit.y + digit.height / 2);
      const table = box.locator('.pw-reading');
      await table.locator('table').waitFor();
      const [inside, room] = await table.evaluate(node => [node.scrollWidth, node.clientWidth]);
      assert.ok(inside <= room, `${inside} pixels of text in ${room}`);
      await picture(page, '.jp-Cell:nth-of-type(2) .pw-explorer', `explorer-ten-${width}`);
    });
  }

  function toRgb(css: string): Promise<number[]> {
    return page.evaluate(color => {
      const context = new OffscreenCanvas(1, 1).getContext('2d')!;
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    }, css.trim());
  }
});
