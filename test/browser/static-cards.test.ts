import '../backend';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import type { Page } from 'playwright-core';
import { census, contrastEdit, slice } from '../../kernel-ext/src';
import { imageBundle } from '../../kernel-ext/src/bundles/image/image-bundle';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import type { Bundle } from '../../kernel-ext/src/sink/sink';
import { mnistLinearization, vectorLinearization } from '../bundles/mnist-linearization';
import { imageEmbedding } from '../bundles/small-image-embedding';
import { bundleOf as plotted } from '../plot/bundle-of';
import { discard, smallNetwork } from '../tsne/small-embedding';
import { picture, trust, useTheme, type Theme } from './browser';
import { type CardText, cardTexts, contrastOf, isDark, opaque } from './card-texts';
import { notebookOfBundles } from './notebook-of-bundles';
import { NotebookPage } from './notebook-page';
import { sharedLab } from './shared-lab';

const THEMES: Theme[] = ['JupyterLab Light', 'JupyterLab Dark', 'JupyterLab Dark High Contrast'];
/** The least contrast of text that WCAG 2 (AA) asks for. */
const LEAST_CONTRAST = 4.5;
const JUPYTER = resolve(__dirname, '../../.venv/bin/jupyter');

const ramp = (low: number) => Float32Array.from({ length: 128 }, (_, i) => low + (i % 64) / 64);
const labels = ['first', 'second'];

async function planeBundle(color: 'class' | 'output'): Promise<Bundle> {
  const plane = { center: [0, 0] as [number, number], radius: 1, labels: ['wide', 'tall'] };
  return plotted(await slice((x: tf.Tensor) => x.abs(), [0, 0], [1, 0], [0, 1], plane), { color });
}

/** Everything that has a page without scripts. */
const BUNDLES: (() => Bundle | Promise<Bundle>)[] = [
  () => imageBundle(ramp(0), [2, 8, 8, 1], { title: 'Ramps', labels }),
  () => imageBundle(ramp(-0.5), [2, 8, 8, 1], { title: 'Signed ramps', labels }),
  () => {
    const noise = Float32Array.from({ length: 60 * 3072 }, (_, i) => Math.abs(Math.sin(i ** 2)));
    return imageBundle(noise, [60, 32, 32, 3], { title: 'Sixty images' });
  },
  async () => linearizationBundle(await mnistLinearization()),
  async () => linearizationBundle(await vectorLinearization()),
  async () => {
    const embedding = await imageEmbedding({ epochs: 2 });
    const bundle = await plotted(embedding);
    discard(embedding);
    return bundle;
  },
  async () => plotted(await census(smallNetwork(), tf.randomUniform([40, 6], -1, 1, 'float32', 3))),
  () => planeBundle('class'),
  () => planeBundle('output'),
  async () => plotted(await contrastEdit(smallNetwork(), [1, -1, 0.5, 0, 2, 0.25], 0, 1)),
];

/** What a page shows where nothing but HTML is known. */
async function pages(): Promise<Bundle[]> {
  const bundles: Bundle[] = [];
  for (const bundle of BUNDLES) bundles.push(await bundle());
  return bundles.map(bundle => {
    assert.equal(typeof bundle['text/html'], 'string', String(bundle['text/plain']));
    return { 'text/html': bundle['text/html'], 'text/plain': bundle['text/plain'] };
  });
}

/** @param onPage whether the card has the colors of the page */
function assertLegible(cards: CardText[][], where: string, onPage: boolean): void {
  assert.equal(cards.length, BUNDLES.length, where);
  for (const texts of cards) {
    assert.ok(texts.length > 0, where);
    for (const shown of texts) {
      const ratio = contrastOf(shown);
      const what = `"${shown.text}" in ${where}`;
      assert.ok(
        ratio >= LEAST_CONTRAST,
        `contrast ${ratio.toFixed(2)} of ${what}: ${shown.ink} on ${shown.backgrounds.join()}`,
      );
      assert.equal(isDark(opaque(shown.backgrounds)), onPage && isDark(opaque(shown.aroundCard)), what);
    }
  }
}

describe('pages without scripts, in the colors of the theme', () => {
  let notebook: NotebookPage;
  let page: Page;

  before(async () => {
    notebook = await NotebookPage.open(await sharedLab(), notebookOfBundles(await pages()));
    page = notebook.page;
    await notebook.refuseKernel();
  });
  after(() => notebook?.close());

  it('are legible in every theme of JupyterLab, and have its colors once the notebook is trusted', async () => {
    for (const trusted of [false, true]) {
      if (trusted) await trust(page);
      for (const theme of THEMES) {
        await useTheme(page, theme);
        const where = `${theme}, ${trusted ? 'trusted' : 'untrusted'}`;
        assertLegible(await page.evaluate(cardTexts), where, trusted);
        await picture(page, '.jp-Notebook', `cards-${where.replace(/\W+/g, '-')}`);
      }
    }
  });

  it('have the colors of the dark page that nbconvert writes', async () => {
    const options = ['--to', 'html', '--theme', 'dark', '--output', 'dark.html', notebook.path];
    await promisify(execFile)(JUPYTER, ['nbconvert', ...options]);
    const written = await notebook.lab.page({ width: 1200, height: 1000 });
    await written.route(/^https?:/, route => route.abort());
    await written.goto(pathToFileURL(join(notebook.folder, 'dark.html')).href);
    const cards = await written.evaluate(cardTexts);
    assertLegible(cards, 'nbconvert', true);
    assert.ok(isDark(opaque(cards[0][0].aroundCard)));
    await picture(written, 'body', 'cards-nbconvert-dark');
    await written.close();
  });
});
