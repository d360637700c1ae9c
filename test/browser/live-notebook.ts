import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { command, kernelIdle, openNotebook, startBrowser } from './browser';
import { startJupyter, type JupyterServer } from './jupyter-server';
import { notebook } from './notebook';

/** A notebook with the real kernel beside the shipped models; its cells have been run. */
export class LiveNotebook {
  static async run(sources: readonly string[]): Promise<LiveNotebook> {
    const server = await startJupyter(['notebooks/models']);
    const path = join(server.folder, 'notebooks/live.ipynb');
    await writeFile(path, JSON.stringify(notebook(sources)));
    const browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    const live = new LiveNotebook(server, browser, page, path);
    page.setDefaultTimeout(30_000);
    page.on('pageerror', error => live.faults.push(String(error)));
    await openNotebook(page, server.url, 'notebooks/live.ipynb');
    await live.idle();
    await command(page, 'notebook:run-all-cells');
    return live;
  }

  /** What was thrown into the page. */
  readonly faults: string[] = [];

  private constructor(
    readonly server: JupyterServer,
    readonly browser: Browser,
    readonly page: Page,
    /** Of the notebook's file. */
    readonly path: string,
  ) {}

  cell(i: number): Locator {
    return this.page.locator('.jp-Notebook .jp-Cell').nth(i);
  }

  explorer(cell = 0): Locator {
    return this.cell(cell).locator('.pw-explorer');
  }

  idle(): Promise<void> {
    return kernelIdle(this.page);
  }

  /** What a cell has printed, once it has, read as JSON; a cell that failed fails the test with its output. */
  async printed<T>(cell: number): Promise<T> {
    const shown = this.cell(cell).locator('.jp-OutputArea-output');
    const failed = this.page.locator(
      '.jp-Notebook .jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]',
    );
    await shown.or(failed).first().waitFor({ timeout: 90_000 });
    const [error] = await failed.allInnerTexts();
    assert.equal(error, undefined);
    return JSON.parse((await shown.allInnerTexts())[0]) as T;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }
}
