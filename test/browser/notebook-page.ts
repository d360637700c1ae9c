import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { kernelIdle, openNotebook } from './browser';
import type { Lab, PageSize } from './lab';

const MODELS = resolve(__dirname, '../../notebooks/models');

/** Stands in the address of every file of the extension. */
const OURS = 'jupyterlab-piecewise';

const WIDE: PageSize = { width: 1440, height: 1000 };

let opened = 0;

/**
 * A notebook in a page of its own, in a folder of its own beside the shipped models, under settings that nobody has changed.
 * What it leaves in a JupyterLab that others use goes when it is closed: page, kernels and files.
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

  /** What was thrown into the page, and what the extension wrote into its console as an error. */
  readonly faults: string[] = [];

  private constructor(
    readonly lab: Lab,
    readonly page: Page,
    /** Of the folder, below the root of JupyterLab. */
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

  /** Opens a notebook of the folder in place of the one that is shown. @param server another address of the same server */
  show(file: string, server = this.lab.server.url): Promise<void> {
    return openNotebook(this.page, server, `${this.name}/${file}`);
  }

  /** As `show`, for a notebook whose kernel is not there. */
  async showWithoutKernel(file: string): Promise<void> {
    await this.show(file);
    await this.refuseKernel();
  }

  /** Answers JupyterLab's question for a kernel. */
  async refuseKernel(page = this.page): Promise<void> {
    await page.locator('.jp-Dialog').getByRole('button', { name: 'No Kernel' }).click();
  }

  /** A page of the same size beside this one; `path` begins after the address of the server, `@` stands for the folder. */
  async beside(path: string): Promise<Page> {
    const { width, height } = this.page.viewportSize()!;
    const page = await this.lab.page({ width, height });
    // Notebook 7.6 throws on its own when it starts without saved settings; what is ours names our files.
    page.on('pageerror', ({ stack = '' }) => stack.includes(OURS) && this.faults.push(stack));
    this.watchConsole(page);
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
