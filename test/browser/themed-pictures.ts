import type { Page } from 'playwright-core';
import { picture, useTheme, type Theme } from './browser';

const THEMES: readonly [Theme, string][] = [
  ['JupyterLab Dark', 'dark'],
  ['JupyterLab Light', 'light'],
];

/** Takes a picture in the dark and then in the light theme, which stays. @param ready called in each theme before the picture */
export async function themedPictures(
  page: Page,
  selector: string,
  name: string,
  ready: () => Promise<void> = async () => {},
): Promise<void> {
  for (const [theme, suffix] of THEMES) {
    await useTheme(page, theme);
    await ready();
    await picture(page, selector, `${name}-${suffix}`);
  }
}
