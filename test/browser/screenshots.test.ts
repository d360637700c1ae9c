import '../backend';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { loadEmbedding } from '../../kernel-ext/src';
import { data } from '../../kernel-ext/src/data';
import { linearizationHtml } from '../../kernel-ext/src/bundles/linearization/linearization-html';
import { readDecomposition } from '../../kernel-ext/src/payload';
import { embeddingPayload } from '../../kernel-ext/src/bundles/embedding/embedding-payload';
import { bundleOf as plotted } from '../plot/bundle-of';
import { photograph } from '../lab/photograph';
import { bundleOf, payloadOf, randomNet, seeded, seven } from '../lab/random-net';
import { trust, useTheme, type Theme } from './browser';
import { notebookOfBundles } from './notebook-of-bundles';
import { NotebookPage } from './notebook-page';
import { assertLooksAs } from './screenshot';
import { sharedLab } from './shared-lab';

type Bundle = Record<string, unknown>;

const EMBEDDING = join(__dirname, '../../notebooks/models/mnist-embedding');
const THEMES: [string, Theme][] = [
  ['light', 'JupyterLab Light'],
  ['dark', 'JupyterLab Dark'],
  ['contrast', 'JupyterLab Dark High Contrast'],
];
/** The outputs that are also compared in high contrast. */
const VIEWS = ['decomposition', 'embedding'];

const random = seeded(3);
const noisy = (n: number, value: (i: number) => number) =>
  Array.from({ length: n }, (_, i) => value(i) + random());
const groups = Array.from({ length: 60 }, (_, i) => ['first', 'second', 'third'][i % 3]);

/** Everything that is shown, by the name of its picture. Its numbers are the same on every machine to far below a pixel. */
const OUTPUTS: Record<string, () => Promise<Bundle>> = {
  decomposition: async () => {
    const net = randomNet([784, 24, 16, 10], 5);
    return bundleOf(payloadOf(net, seven(), [28, 28, 1], [...Array(10).keys()], { selected: 7 }));
  },
  vector: async () => {
    const x = Array.from({ length: 12 }, (_, i) => Math.sin(i));
    const features = x.map((_, i) => `measure ${i + 1}`);
    return bundleOf(payloadOf(randomNet([12, 16, 5], 7), x, [12], [...Array(5).keys()], { features }));
  },
  embedding: async () => {
    const digits = await data.mnist('test');
    const labels = Array.from(digits.labels).slice(0, 300).map(String);
    const points = digits.batch(0, 300);
    const map = await loadEmbedding(EMBEDDING, points, { labels });
    const payload = await embeddingPayload(map, { point: 61 }, 'a-map-of-an-earlier-session');
    // Its last digit depends on the processor.
    payload.explained[0].residual = { absolute: 1e-6, relative: 1e-7, ulps: 1 };
    points.dispose();
    return bundleOf(payload);
  },
  line: () => plotted({ day: [1, 2, 3, 4, 5, 6], price: [3, 4.5, 4, 6, 5.5, 7], cost: [2, 2, 3, 3, 4, 4] }),
  scatter: () =>
    plotted(
      { length: noisy(60, i => i % 3), width: noisy(60, i => 2 * (i % 3)), kind: groups },
      { kind: 'scatter', color: 'kind' },
    ),
  bar: () => plotted({ class: ['cat', 'dog', 'owl'], logit: [3.2, -1.5, 0.7] }, { kind: 'bar' }),
  histogram: () =>
    plotted(
      noisy(200, i => Math.sin(i)),
      { kind: 'histogram' },
    ),
  heatmap: () =>
    plotted([noisy(5, i => i - 2), noisy(5, i => 2 - i), noisy(5, () => 0)], { kind: 'heatmap' }),
  box: () => plotted({ group: groups, size: noisy(60, i => i % 3) }, { kind: 'box' }),
  images: () => {
    const x = seven();
    const turned = x.map((_, i) => x[28 * (i % 28) + Math.floor(i / 28)]);
    return plotted(tf.tensor4d([...x, ...turned], [2, 28, 28, 1]), { labels: ['seven', 'turned'] });
  },
  diagram: () =>
    plotted(
      tf.sequential({
        name: 'small',
        layers: [
          tf.layers.conv2d({
            inputShape: [28, 28, 1],
            filters: 8,
            kernelSize: 3,
            activation: 'relu',
            name: 'conv',
          }),
          tf.layers.flatten({ name: 'flat' }),
          tf.layers.dense({ units: 10, activation: 'softmax', name: 'classes' }),
        ],
      }),
    ),
  history: () =>
    plotted({
      loss: [1.2, 0.7, 0.5, 0.42, 0.4],
      val_loss: [1.1, 0.8, 0.6, 0.55, 0.56],
      acc: [0.6, 0.8, 0.85, 0.88, 0.9],
      val_acc: [0.62, 0.78, 0.82, 0.84, 0.85],
    }),
  figure: () =>
    plotted({
      data: [{ type: 'bar', x: ['0', '7'], y: [-4.77, 12.75] }],
      layout: { title: { text: 'Logits' }, height: 300 },
    }),
  photograph: async () => bundleOf(photograph()),
  'photograph-page': async () => ({ 'text/html': linearizationHtml(readDecomposition(photograph())) }),
};

/** Scrolls by a whole number of pixels, so that rows of pixels fall on those of the screen. Runs in the page. */
function scrollTo(node: Element): void {
  node.scrollIntoView({ block: 'start' });
  const panel = node.closest('.jp-WindowedPanel-outer');
  if (panel) panel.scrollTop = Math.floor(panel.scrollTop);
}

describe('the look of what is plotted, beside the committed pictures', () => {
  const names = Object.keys(OUTPUTS);
  let notebook: NotebookPage;

  before(async () => {
    const bundles: Bundle[] = [];
    for (const name of names) bundles.push(await OUTPUTS[name]());
    const size = { width: 1010, height: 2200 };
    notebook = await NotebookPage.open(await sharedLab(), notebookOfBundles(bundles), size);
    await notebook.refuseKernel();
    await trust(notebook.page);
    await notebook.explorer(0).waitFor();
  });
  after(() => notebook?.close());

  for (const [suffix, theme] of THEMES)
    describe(`in ${theme}`, () => {
      before(() => useTheme(notebook.page, theme));

      for (const name of suffix === 'contrast' ? VIEWS : names)
        it(`shows ${name} as committed`, async () => {
          const output = notebook.cell(names.indexOf(name)).locator('.jp-OutputArea-output').first();
          await output.evaluate(scrollTo);
          await drawn(name);
          await assertLooksAs(output, `${name}-${suffix}`);
        });
    });

  /** Waits until an output is drawn: by plotly.js once it is loaded, by the others at once or in the next frame. */
  async function drawn(name: string): Promise<void> {
    const output = notebook.cell(names.indexOf(name));
    const isFigure = (await output.locator('.pw-plotly').count()) > 0;
    if (isFigure) await output.locator('.main-svg .infolayer').first().waitFor({ state: 'attached' });
    await notebook.page.mouse.move(0, 0);
    await notebook.page.evaluate(
      () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }
});
