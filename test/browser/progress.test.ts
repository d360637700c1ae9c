import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { command, picture, useTheme } from './browser';
import { openLive } from './live-notebook';
import type { NotebookPage } from './notebook-page';

const BAR = `
const bar = progress.bar({ label: 'Rows of W', total: 8, unit: 'rows' });
for (let i = 0; i < 6; i++) { await new Promise(next => setTimeout(next, 150)); bar.advance(); }
`;
const REST = `bar.finish();`;

describe('progress in JupyterLab', () => {
  let live: NotebookPage;
  let page: Page;

  const output = () => live.cell(0).locator('.jp-OutputArea-output');

  before(async () => {
    live = await openLive([BAR, REST], { width: 1000, height: 500, scale: 2 });
    page = live.page;
    await live.cell(0).locator('.cm-content').click();
    await command(page, 'notebook:run-cell-and-select-next');
  });
  after(() => live?.close());

  it('is one bar that fills as the work proceeds, with rate and remaining time, in both themes', async () => {
    await page.getByText(/6\/8 rows/).waitFor();
    assert.match(await output().innerText(), /^Rows of W\s*6\/8 rows · [\d.]+\/s · [\d.]+ s left$/);
    assert.equal(await output().count(), 1);
    const bar = output().locator('[style*="220px"]');
    const [whole, full] = await Promise.all([bar.boundingBox(), bar.locator('div').boundingBox()]);
    assert.ok(Math.abs(full!.width / whole!.width - 6 / 8) < 0.01);
    for (const theme of ['JupyterLab Dark', 'JupyterLab Light'] as const) {
      await useTheme(page, theme);
      await picture(page, '.jp-Notebook', `progress-${theme.split(' ')[1].toLowerCase()}`);
    }
  });

  it('is updated by a later cell', async () => {
    await command(page, 'notebook:run-cell-and-select-next');
    await page.getByText(/6 rows in/).waitFor();
    assert.equal(await output().count(), 1);
  });
});
