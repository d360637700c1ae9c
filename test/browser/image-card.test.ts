import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { imageBundle } from '../../kernel-ext/src/bundles/image/image-bundle';
import { picture, trust, useTheme, type Theme } from './browser';
import { notebookOfBundles } from './notebook-of-bundles';
import { NotebookPage } from './notebook-page';
import { sharedLab } from './shared-lab';

const THEMES: Theme[] = ['JupyterLab Light', 'JupyterLab Dark', 'JupyterLab Dark High Contrast'];
/** The least contrast of text that WCAG 2 (AA) asks for. */
const LEAST_CONTRAST = 4.5;

const ramp = (low: number) => Float32Array.from({ length: 128 }, (_, i) => low + (i % 64) / 64);
const bundles = [
  imageBundle(ramp(0), [2, 8, 8, 1], { title: 'Ramps', labels: ['first', 'second'] }),
  imageBundle(ramp(-0.5), [2, 8, 8, 1], { title: 'Signed ramps', labels: ['first', 'second'] }),
];

interface CardText {
  text: string;
  ink: string;
  /** CSS backgrounds of the element and of all around it, from the inside out. */
  backgrounds: string[];
  aroundCard: string[];
}

/** Every text of the cards with its colors. Runs in the page, so it names no function of its own. */
function cardTexts(): CardText[] {
  return [...document.querySelectorAll('.jp-RenderedHTML > div')].flatMap(card =>
    [...card.querySelectorAll('*')]
      .filter(node => node.children.length === 0 && node.textContent)
      .map(node => {
        const [backgrounds, aroundCard] = [node, card.parentElement].map(from => {
          const found: string[] = [];
          for (let at = from; at; at = at.parentElement) found.push(getComputedStyle(at).backgroundColor);
          return found;
        });
        return { text: node.textContent, ink: getComputedStyle(node).color, backgrounds, aroundCard };
      }),
  );
}

/** Red, green and blue from 0 to 255, and alpha. */
function partsOf(color: string): number[] {
  const [r, g, b, alpha = 1] = color.match(/[\d.]+/g)!.map(Number);
  return [r, g, b, alpha];
}

const opaque = (backgrounds: readonly string[]): number[] =>
  backgrounds.map(partsOf).find(([, , , alpha]) => alpha === 1)!;

/** Relative luminance as WCAG 2 defines it. */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb
    .map(part => part / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrastOf({ ink, backgrounds }: CardText): number {
  const behind = opaque(backgrounds);
  const [r, g, b, alpha] = partsOf(ink);
  const seen = [r, g, b].map((part, i) => alpha * part + (1 - alpha) * behind[i]);
  const [dark, light] = [luminance(seen), luminance(behind)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

describe('the page of an image in JupyterLab', () => {
  let notebook: NotebookPage;
  let page: Page;

  before(async () => {
    notebook = await NotebookPage.open(await sharedLab(), notebookOfBundles(bundles));
    page = notebook.page;
    await notebook.refuseKernel();
  });
  after(() => notebook?.close());

  it('is legible in every theme, and has the colors of the page once the notebook is trusted', async () => {
    for (const trusted of [false, true]) {
      if (trusted) await trust(page);
      for (const theme of THEMES) {
        await useTheme(page, theme);
        const where = `${theme}, ${trusted ? 'trusted' : 'untrusted'}`;
        const texts = await page.evaluate(cardTexts);
        assert.equal(texts.length, 8, where);
        for (const shown of texts) {
          const { text, backgrounds, aroundCard } = shown;
          const ratio = contrastOf(shown);
          const onPage = opaque(backgrounds).join() === opaque(aroundCard).join();
          assert.ok(ratio >= LEAST_CONTRAST, `${where}: contrast ${ratio.toFixed(2)} of "${text}"`);
          assert.equal(onPage, trusted || theme === 'JupyterLab Light', `${where}: what surrounds "${text}"`);
        }
        await picture(page, '.jp-Notebook', `image-card-${where.replace(/\W+/g, '-')}`);
      }
    }
  });
});
