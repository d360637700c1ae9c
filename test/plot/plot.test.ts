import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import '../backend';
import '../../kernel-ext/src/index';
import * as tf from '@tensorflow/tfjs';
import { PNG } from 'pngjs';
import { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { LabeledData } from '../../kernel-ext/src/data/labeled-data';
import { NameCountError } from '../../kernel-ext/src/errors';
import { ImageSideError, NotPlottableError } from '../../kernel-ext/src/display/errors';
import { LINEARIZATION_MIME } from '../../kernel-ext/src/payload';
import { plot, type Plottable } from '../../kernel-ext/src/plot/plot';
import { type Bundle, DISPLAY, type DisplaySink, SINK } from '../../kernel-ext/src/sink/sink';
import { isProgressBar } from '../progress/is-progress-bar';
import { mnistLinearization } from '../bundles/mnist-linearization';

const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const PLOTLY_MIME = 'application/vnd.plotly.v1+json';

describe('plot', () => {
  const shown: Bundle[] = [];
  const tracked: Promise<unknown>[] = [];
  const sink: DisplaySink = {
    display: bundle => void (isProgressBar(bundle) || shown.push(bundle)),
    replaces: true,
    track: work => void tracked.push(work),
  };
  before(() => void Object.defineProperty(globalThis, SINK, { value: sink, configurable: true }));
  after(() => void Reflect.deleteProperty(globalThis, SINK));
  beforeEach(() => {
    shown.length = 0;
    tracked.length = 0;
  });

  const shownPng = () => PNG.sync.read(Buffer.from(shown[0]['image/png'] as string, 'base64'));

  it('shows a linearization in all forms', async () => {
    const lin = await mnistLinearization();
    await plot(lin, { class: 3 });
    assert.deepEqual(Object.keys(shown[0]), [LINEARIZATION_MIME, 'text/html', 'image/png', 'text/plain']);
    assert.match(shown[0]['text/plain'] as string, /^3: logit/);
    lin.dispose();
  });

  it('appears below its cell without await, since the sink tracks the work', async () => {
    const work = plot([[0, 1]]);
    assert.deepEqual(tracked, [work]);
    assert.equal(shown.length, 0);
    await tracked[0];
    assert.equal(shown.length, 1);
  });

  describe('in a sink that keeps the order of the calls', () => {
    before(() => define({ ...sink, plots: {} }));
    after(() => define(sink));
    const define = (value: DisplaySink): void =>
      void Object.defineProperty(globalThis, SINK, { value, configurable: true });
    const titles = (): unknown[] =>
      shown.map(bundle => (bundle[PLOTLY_MIME] as { layout: { title: { text: string } } }).layout.title.text);

    /** A tensor whose numbers arrive late. */
    function late(): tf.Tensor {
      const tensor = tf.tensor1d([1, 2, 3]);
      const data = tensor.data.bind(tensor);
      tensor.data = (() => new Promise(done => setTimeout(done, 50)).then(() => data())) as typeof data;
      return tensor;
    }

    it('waits for what was plotted before it, even if that fails', async () => {
      const slow = late();
      const all = [
        plot(slow, { title: 'slow' }),
        plot([1, 2], { title: 'fast' }),
        plot([] as number[]),
        plot([3, 4], { title: 'last' }),
      ];
      const outcomes = await Promise.allSettled(all);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
      );
      assert.deepEqual(titles(), ['slow', 'fast', 'last']);
      slow.dispose();
    });

    it('does not wait for what displays itself, which may plot things of its own', async () => {
      await plot({
        async [DISPLAY]() {
          await plot([1, 2], { title: 'inside' });
          return { [PLOTLY_MIME]: { layout: { title: { text: 'outside' } } } };
        },
      });
      assert.deepEqual(titles(), ['inside', 'outside']);
    });
  });

  it('paints [H, W], [H, W, 1] and nested arrays in ink, as large as possible', async () => {
    for (const image of [tf.tensor2d([[0, 1]]), tf.tensor3d([[[0], [1]]]), [[0, 1]]]) {
      shown.length = 0;
      await plot(image);
      const { width, height, data } = shownPng();
      assert.deepEqual([width, height], [224 + 18, 112 + 18]);
      assert.deepEqual([...data.subarray(4 * (20 * width + 200), 4 * (20 * width + 200) + 3)], [0, 0, 0]);
      assert.equal(shown[0]['text/plain'], 'image 1 × 2, 0 white … 1 black');
      if (image instanceof tf.Tensor) image.dispose();
    }
  });

  it('paints signed values in the color code, on a symmetric scale', async () => {
    await plot([-0.5, 0.25], { kind: 'image' });
    assert.equal(shown[0]['text/plain'], 'image 1 × 2, −0.50 blue … 0 white … +0.50 orange');
    const { width, data } = shownPng();
    const at = 4 * (20 * width + 20);
    assert.ok(data[at + 2] > data[at], 'what is negative is blue');
  });

  it('paints colors as they are', async () => {
    await plot(tf.tensor3d([[[255, 0, 0], [0, 0, 255]]])); // prettier-ignore
    const { width, data } = shownPng();
    assert.deepEqual([...data.subarray(4 * (20 * width + 20), 4 * (20 * width + 20) + 3)], [255, 0, 0]);
    assert.match(shown[0]['text/plain'] as string, /in color/);
  });

  it('shows a batch as a grid, with a label below each image', async () => {
    const batch = tf.zeros([12, 4, 4, 1]);
    await plot(batch);
    assert.deepEqual([shownPng().width, shownPng().height], [10 * 74 + 8, 2 * 74 + 8]);
    await plot(batch, { labels: Array.from({ length: 12 }, (_, i) => `<${i}>`) });
    assert.equal((shown[1]['text/html'] as string).match(/<img/g)?.length, 12);
    assert.ok((shown[1]['text/html'] as string).includes('&lt;11&gt;'));
    await assert.rejects(plot(batch, { labels: ['one'] }), NameCountError);
    batch.dispose();
  });

  it('shows one or many images at the requested size', async () => {
    await plot([[0, 1]], { side: 500 });
    assert.deepEqual([shownPng().width, shownPng().height], [500 + 18, 250 + 18]);
    shown.length = 0;
    await plot(tf.zeros([3, 4, 4, 1]), { side: 20 });
    assert.equal(shownPng().width, 3 * 30 + 8);
    for (const side of [0, -1, 2.5, NaN]) await assert.rejects(plot([[0, 1]], { side }), ImageSideError);
  });

  it('states how much of a large batch it shows', async () => {
    await plot(tf.tidy(() => tf.zeros([150, 2, 2, 1])));
    assert.equal(shown[0]['text/plain'], '150 images 2 × 2, 0 white … 1 black, the first 100 shown');
  });

  it('describes an image below its title, and tells as much without PNG', async () => {
    await plot(
      tf.tidy(() => tf.ones([2, 4, 4, 1])),
      { title: 'Two <ones>', caption: 'All black.' },
    );
    assert.match(shown[0]['text/html'] as string, /<b>Two &lt;ones&gt;<\/b>.*All black\./s);
    const svg = shown[0]['image/svg+xml'] as string;
    assert.equal(svg.match(/<image /g)?.length, 2);
    assert.ok(svg.includes('<title>Two &lt;ones&gt;. All black.</title>'));
    assert.equal(shown[0]['text/plain'], 'Two <ones>\nAll black.');
  });

  it('shows more than three channels side by side, and [N, H, W] as N images', async () => {
    const activation = tf.tensor3d(
      Float32Array.from({ length: 28 }, (_, i) => i % 7),
      [2, 2, 7],
    );
    await plot(activation);
    assert.equal(
      shown[0]['text/plain'],
      `7 images 2 × 2, 0 white … 255 black\n${[0, 1, 2, 3, 4, 5, 6].map(c => `channel ${c}`).join(' ')}`,
    );
    await plot(tf.tidy(() => tf.zeros([5, 4, 4])));
    assert.match(shown[1]['text/plain'] as string, /^5 images 4 × 4/);
    activation.dispose();
  });

  it('shows the first images of a data set with the names of their classes', async () => {
    const set = new LabeledData({
      values: new Uint8Array(50 * 4),
      shape: [2, 2, 1],
      labels: new Uint8Array(50).fill(1),
      names: ['cat', 'dog'],
      scale: 255,
    });
    const tensors = tf.memory().numTensors;
    await plot(set);
    assert.match(shown[0]['text/plain'] as string, /^The first 40 of 50 images\n40 images 2 × 2.*\ndog dog/s);
    assert.equal(tf.memory().numTensors, tensors);
  });

  it('passes a plotly figure on, and draws what it can without plotly', async () => {
    const figure = { data: [{ type: 'bar', y: [1, 2] }, { y: [1, 3] }], layout: { title: { text: 'Two' } } };
    await plot(figure);
    assert.deepEqual(shown[0][PLOTLY_MIME], figure);
    assert.match(
      shown[0]['image/svg+xml'] as string,
      /^<svg.*<title>Two\. plotly figure of 2 traces: bar, scatter<\/title>/s,
    );
    await plot({ data: [{ type: 'surface', z: [[1]] }] });
    assert.deepEqual(shown[1], {
      [PLOTLY_MIME]: { data: [{ type: 'surface', z: [[1]] }], layout: {} },
      'text/plain': 'plotly figure of 1 trace: surface',
    });
  });

  it('shows things that display themselves', async () => {
    await plot({ [DISPLAY]: () => ({ 'text/plain': 'mine' }) });
    assert.deepEqual(shown, [{ 'text/plain': 'mine' }]);
  });

  it('refuses everything else, names it in the error, and shows nothing', async () => {
    const wrong: unknown[] = [
      3,
      null,
      'seven',
      { a: 1 },
      [[1], [2, 3]],
      [],
      { a: 1 },
      [[1, 'a']],
      [new Map()],
      tf.zeros([0, 2, 2, 1]),
    ];
    wrong.push(tf.scalar(1), [[NaN, 1]], { data: 'text' });
    for (const thing of wrong)
      await assert.rejects(plot(thing as Plottable), NotPlottableError, String(thing));
    assert.deepEqual(shown, []);
  });
});

describe('a linearization at the end of a cell', () => {
  it('shows itself', async () => {
    const lin = await mnistLinearization();
    const { [DISPLAY]: show } = lin as unknown as { [DISPLAY](): Promise<Bundle> };
    assert.equal(lin instanceof Linearization, true);
    assert.ok(LINEARIZATION_MIME in (await show.call(lin)));
    lin.dispose();
  });
});

describe('plot outside the Piecewise kernel', () => {
  const execute = async (code: string) =>
    (await run(process.execPath, ['--import', 'tsx', '-e', code], { cwd: root })).stdout;
  const PLOT = `require('./kernel-ext/src/plot/plot').plot([[0, 1]])`;

  it('prints the text form', async () => {
    assert.match(await execute(PLOT), /^image 1 × 2, 0 white … 1 black$/m);
  });

  it('shows the richest MIME type, and only that, through the running tslab', async () => {
    // What tslab's kernel sets when a cell starts; the module is tslab's own.
    const tslab = `require('tslab/dist/jupyter').lastWriteDisplayData = ({data}) => console.log(Object.keys(data).join());`;
    assert.match(await execute(`${tslab} ${PLOT}`), /^text\/html$/m);
  });
});
