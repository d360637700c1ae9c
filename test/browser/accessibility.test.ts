import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { embeddingPayload } from '../../kernel-ext/src/bundles/embedding/embedding-payload';
import { pathPayload } from '../../kernel-ext/src/bundles/path/path-payload';
import { path } from '../../kernel-ext/src/paths/path';
import { imageEmbedding } from '../bundles/small-image-embedding';
import { payloadOf, randomNet, seven } from '../lab/random-net';
import { discard } from '../tsne/small-embedding';
import { axeViolations } from './axe';
import { useTheme, type Theme } from './browser';
import type { NotebookPage } from './notebook-page';
import { openSaved } from './saved-notebook';

const THEMES: Theme[] = ['JupyterLab Light', 'JupyterLab Dark', 'JupyterLab Dark High Contrast'];

const CELLS = ['a digit', 'a vector', 'a color image', 'a malformed payload', 'an embedding', 'a path'];

async function payloads(): Promise<unknown[]> {
  const digit = payloadOf(randomNet([784, 24, 16, 10], 5), seven(), [28, 28, 1], [1, 4, 7], { selected: 7 });
  const vector = Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const color = Array.from({ length: 12 * 16 * 3 }, (_, i) => (i % 3 === 0 ? 1 : 0.2));
  const embedding = await imageEmbedding({ epochs: 2 });
  const columns = { ink: Array.from({ length: 120 }, (_, i) => i) };
  const placed = await embeddingPayload(embedding, { point: [3, 0], columns, thumbnails: 20 }, 'h');
  discard(embedding);
  const rises = (x: tf.Tensor) => tf.tidy(() => tf.stack([x.relu().sum(), x.sub(0.5).relu().sum().mul(2)]));
  const line = await path(rises, tf.zeros([3, 3]), tf.linspace(0, 2, 9).reshape([3, 3]));
  return [
    digit,
    payloadOf(randomNet([40, 16, 30], 7), vector, [40], [...Array(30).keys()]),
    payloadOf(randomNet([color.length, 8, 3], 7), color, [12, 16, 3], [0, 1, 2], {
      exact: false,
      cut: null,
      policies: [{ layer: 'gelu_1', policy: 'tangent' }],
    }),
    { ...digit, schemaVersion: '2.0' },
    placed,
    await pathPayload(line, 'h'),
  ];
}

describe('the accessibility rules of axe-core', () => {
  let notebook: NotebookPage;
  before(async () => {
    notebook = await openSaved(await payloads());
  });
  after(() => notebook?.close());

  for (const theme of THEMES) {
    it(`find nothing in ${theme}`, async () => {
      await useTheme(notebook.page, theme);
      const found: string[] = [];
      for (const [cell, name] of CELLS.entries()) {
        await notebook.explorer(cell).scrollIntoViewIfNeeded();
        const here = await axeViolations(notebook.page, `.jp-Cell:nth-of-type(${cell + 1}) .pw-explorer`);
        found.push(...here.map(violation => `${name}: ${violation}`));
      }
      assert.deepEqual(found, []);
    });
  }

  it('find nothing where a class is contrasted and a row is missing', async () => {
    await useTheme(notebook.page, 'JupyterLab Light');
    await notebook.explorer(0).scrollIntoViewIfNeeded();
    await notebook.explorer(0).getByLabel('Contrast with another class').selectOption('against 3');
    await notebook.explorer(0).locator('.pw-refusal').waitFor();
    assert.deepEqual(await axeViolations(notebook.page, '.jp-Cell:nth-of-type(1) .pw-explorer'), []);
  });
});

describe('the keyboard alone', () => {
  let notebook: NotebookPage;
  before(async () => {
    notebook = await openSaved(await payloads());
  });
  after(() => notebook?.close());

  for (const [cell, name] of [
    [0, 'a digit'],
    [1, 'a vector'],
    [4, 'an embedding'],
    [5, 'a path'],
  ] as const) {
    it(`reaches everything that can be used in ${name}`, async () => {
      const explorer = notebook.explorer(cell);
      await explorer.scrollIntoViewIfNeeded();
      const wanted = await explorer.evaluate(mark);
      await explorer.evaluate(node => (node.querySelector('[data-reach="0"]') as HTMLElement).focus());
      const reached = new Set<string>();
      for (let n = 0; n < 2 * wanted; n++) {
        const at = await notebook.page.evaluate(() => document.activeElement?.getAttribute('data-reach'));
        if (at) reached.add(at);
        await notebook.page.keyboard.press('Tab');
      }
      assert.equal(reached.size, wanted);
    });
  }
});

/** Numbers everything that a pointer could use. To be run in the page. @returns how many there are */
function mark(explorer: Element): number {
  const usable =
    'button:not([disabled]), select, input, canvas[tabindex], [role=listbox], tr[tabindex], [tabindex]';
  const seen = [...explorer.querySelectorAll(usable)].filter(
    node => (node as HTMLElement).offsetParent !== null,
  );
  seen.forEach((node, i) => node.setAttribute('data-reach', String(i)));
  return seen.length;
}
