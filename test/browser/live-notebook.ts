import assert from 'node:assert/strict';
import { command } from './browser';
import type { PageSize } from './lab';
import { notebook } from './notebook';
import { NotebookPage } from './notebook-page';
import { sharedLab } from './shared-lab';

/** Opens a notebook and waits until its kernel, a real one, is idle. No cell has been run. */
export async function openLive(sources: readonly string[], size?: PageSize): Promise<NotebookPage> {
  const live = await NotebookPage.open(await sharedLab(), notebook(sources), size);
  await live.idle();
  return live;
}

/** Opens a notebook as `openLive` does, and sends all its cells to the kernel. */
export async function runLive(sources: readonly string[], size?: PageSize): Promise<NotebookPage> {
  const live = await openLive(sources, size);
  await command(live.page, 'notebook:run-all-cells');
  return live;
}

/**
 * Waits until a cell has printed something, and reads it as JSON. A cell that failed fails the test with its output.
 * @param part of the text to wait for
 */
export async function printed<T>(live: NotebookPage, cell: number, part = ''): Promise<T> {
  const shown = live.cell(cell).locator('.jp-OutputArea-output').filter({ hasText: part });
  const failed = live.page.locator(
    '.jp-Notebook .jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]',
  );
  await shown.or(failed).first().waitFor({ timeout: 90_000 });
  const [error] = await failed.allInnerTexts();
  assert.equal(error, undefined);
  return JSON.parse((await shown.allInnerTexts())[0]) as T;
}
