import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { setupModule } from '../setup/setup-module';

/** Pictures that a test run leaves for people to look at; git ignores them. */
const PICTURES = resolve(__dirname, '../output');

const FONTS = join(__dirname, 'fonts.conf');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--font-render-hinting=slight',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface ChromiumStep {
  findBrowser(): { executablePath: string; env: Record<string, string> } | null;
}

/**
 * Starts the browser that the set-up has found, headless, with a profile and fonts of its own.
 * @param flags added to its command line
 */
export async function startBrowser(...flags: string[]): Promise<Browser> {
  const { findBrowser } = await setupModule<ChromiumStep>('chromium.mjs');
  const found = findBrowser();
  if (!found)
    throw new Error(
      `The browser tests found no ${process.env.CHROMIUM || 'pinned Chromium'}: run \`npm run setup\`, which brings it or explains why it cannot.`,
    );
  return chromium.launch({
    executablePath: found.executablePath,
    args: [...FLAGS, ...flags],
    env: { ...process.env, FONTCONFIG_FILE: FONTS, ...found.env },
  });
}

/** Opens a notebook by itself, without side bars, and waits until it is shown. */
export async function openNotebook(page: Page, url: string, notebook: string): Promise<void> {
  await page.goto(`${url}/doc/tree/${notebook}?reset`);
  await page.locator('.jp-Notebook').waitFor({ timeout: 60_000 });
}

/** Waits until the status bar reports an idle kernel: before that, commands would have no effect. */
export async function kernelIdle(page: Page): Promise<void> {
  await page.getByText('TypeScript (Piecewise) | Idle').waitFor({ timeout: 60_000 });
}

export type Theme = 'JupyterLab Light' | 'JupyterLab Dark' | 'JupyterLab Dark High Contrast';

/** Switches the theme with JupyterLab's own command, as its Settings menu does. */
export async function useTheme(page: Page, theme: Theme): Promise<void> {
  await command(page, 'apputils:change-theme', { theme });
  await page.waitForFunction(name => document.body.dataset.jpThemeName === name, theme);
  await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
  // The explorer draws again in the frame after the body was marked.
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Runs a JupyterLab command in the page. */
export async function command(page: Page, id: string, args: Record<string, string> = {}): Promise<void> {
  await page.evaluate(
    ([name, given]) => {
      const { jupyterapp } = window as unknown as {
        jupyterapp: { commands: { execute(id: string, args: object): Promise<unknown> } };
      };
      return jupyterapp.commands.execute(name as string, given as object).then(() => undefined);
    },
    [id, args],
  );
}

/** Trusts the notebook as a person does: JupyterLab shows SVG, and HTML with all its styles, only then. */
export async function trust(page: Page): Promise<void> {
  const asked = command(page, 'notebook:trust');
  await page.locator('.jp-Dialog').getByRole('button', { name: 'Trust' }).click();
  await asked;
}

/** @returns the path for a picture or a figure that a test leaves in test/output */
export async function pictureFile(name: string): Promise<string> {
  await mkdir(PICTURES, { recursive: true });
  return join(PICTURES, name);
}

export async function picture(page: Page, selector: string, name: string): Promise<string> {
  const path = await pictureFile(`${name}.png`);
  await page.locator(selector).first().screenshot({ path });
  return path;
}
