import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from './browser';
import { startJupyter, type JupyterServer, type LabVersion } from './jupyter-server';

/** The size of a page in CSS pixels, and how many device pixels make a CSS pixel in each direction. */
export interface PageSize {
  width: number;
  height: number;
  /** Default: 1. */
  scale?: number;
}

/** A JupyterLab and the Chromium that shows it. */
export class Lab {
  static async start(version?: LabVersion): Promise<Lab> {
    const server = await startJupyter(version);
    try {
      return new Lab(server, await startBrowser());
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  private readonly contexts = new Map<number, Promise<BrowserContext>>();

  private constructor(
    readonly server: JupyterServer,
    private readonly browser: Browser,
  ) {}

  /** Opens a new page. Pages of the same scale share the browser's cache, so that JupyterLab's files are loaded once. */
  async page({ width, height, scale = 1 }: PageSize): Promise<Page> {
    if (!this.contexts.has(scale))
      this.contexts.set(scale, this.browser.newContext({ deviceScaleFactor: scale }));
    const context = await this.contexts.get(scale)!;
    const page = await context.newPage();
    await page.setViewportSize({ width, height });
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }
}
