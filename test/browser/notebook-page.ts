import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { kernelIdle, openNotebook } from './browser';
import type { Lab, PageSize } from './lab';

const MODELS = resolve(__dirname, '../../notebooks/models');

/** Part of the address of every file of the extension. */
const OURS = 'jupyterlab-piecewise';

const WIDE: PageSize = { width: 1440, height: 1000 };

let opened = 0;

/**
 * A notebook in a page and a folder of its own, with the shipped models beside it and with default settings. JupyterLab may
 * be shared: closing the notebook removes its page, its kernels and its files.
 */
export class NotebookPage {
  /** @param content of the notebook's file */
  static async open(lab: Lab, content: object, size: PageSize = WIDE): Promise<NotebookPage> {
    const name = `notebook-${++opened}`;
    const folder = join(lab.server.folder, name);
    await mkdir(folder);
    await symlink(MODELS, join(folder, 'models'));
    await lab.server.resetSettings();
    const page = await lab.page(size);
    const notebook = new NotebookPage(lab, page, name, folder);
    await notebook.write('notebook.ipynb', content);
    await notebook.show('notebook.ipynb');
    return notebook;
  }

  /** Errors that were thrown in the page, and those that the extension logged. */
  readonly faults: string[] = [];

  private constructor(
    readonly lab: Lab,
    readonly page: Page,
    /** The name of the folder, below the root of JupyterLab. */
    private readonly name: string,
    readonly folder: string,
  ) {
    page.setDefaultTimeout(60_000);
    page.on('pageerror', error => this.faults.push(String(error)));
    this.watchConsole(page);
  }

  /** The notebook's file. */
  get path(): string {
    return join(this.folder, 'notebook.ipynb');
  }

  async write(file: string, content: object): Promise<void> {
    await writeFile(join(this.folder, file), JSON.stringify(content));
  }

  /** Shows another notebook of the folder in this page. @param server another address of the same server */
  show(file: string, server = this.lab.server.url): Promise<void> {
    return openNotebook(this.page, server, `${this.name}/${file}`);
  }

  /** Shows a notebook whose kernel does not exist. */
  async showWithoutKernel(file: string): Promise<void> {
    await this.show(file);
    await this.refuseKernel();
  }

  /** Answers "No Kernel" when JupyterLab asks for one. */
  async refuseKernel(page = this.page): Promise<void> {
    await page.locator('.jp-Dialog').getByRole('button', { name: 'No Kernel' }).click();
  }

  /**
   * Opens another page of the same size. @param path after the address of the server; `@` stands for the folder
   * @param prepare runs before the page has loaded anything
   */
  async beside(path: string, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
    const { width, height } = this.page.viewportSize()!;
    const page = await this.lab.page({ width, height });
    // Notebook 7.6 itself throws when it starts without saved settings. Only errors in the extension's files count.
    page.on('pageerror', ({ stack = '' }) => stack.includes(OURS) && this.faults.push(stack));
    this.watchConsole(page);
    await prepare?.(page);
    await page.goto(`${this.lab.server.url}${path.replace('@', this.name)}`);
    return page;
  }

  cell(i: number): Locator {
    return this.page.locator('.jp-Notebook .jp-Cell').nth(i);
  }

  explorer(cell = 0): Locator {
    return this.cell(cell).locator('.pw-explorer');
  }

  idle(): Promise<void> {
    return kernelIdle(this.page);
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.lab.server.endSessions(this.name);
    await rm(this.folder, { recursive: true });
  }

  private watchConsole(page: Page): void {
    page.on('console', message => {
      if (message.type() === 'error' && message.location().url.includes(OURS))
        this.faults.push(message.text());
    });
  }
}
