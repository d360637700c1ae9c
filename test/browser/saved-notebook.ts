import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { notebookOf } from '../lab/random-net';
import { openNotebook, startBrowser } from './browser';
import { startJupyter, type JupyterServer, type LabVersion } from './jupyter-server';

/** A notebook that was saved with one decomposition a cell, opened again in JupyterLab without a kernel. */
export class SavedNotebook {
  static async open(payloads: readonly unknown[], version?: LabVersion): Promise<SavedNotebook> {
    const server = await startJupyter([], version);
    await writeFile(
      join(server.folder, 'saved.ipynb'),
      JSON.stringify(notebookOf(payloads, 'no-such-kernel')),
    );
    const browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    const saved = new SavedNotebook(server, browser, page);
    page.on('pageerror', error => saved.faults.push(String(error)));
    await openNotebook(page, server.url, 'saved.ipynb');
    await page.locator('.jp-Dialog').getByRole('button', { name: 'No Kernel' }).click();
    await saved.explorer(0).waitFor();
    return saved;
  }

  /** What was thrown into the page. */
  readonly faults: string[] = [];

  private constructor(
    readonly server: JupyterServer,
    readonly browser: Browser,
    readonly page: Page,
  ) {}

  explorer(cell: number): Locator {
    return this.page.locator('.jp-Notebook .jp-Cell').nth(cell).locator('.pw-explorer');
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }
}
