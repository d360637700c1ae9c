import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import type { LinearizationView } from '../../kernel-ext/src/bundles/linearization/linearization-payload';
import { linearizationSvg } from '../../kernel-ext/src/bundles/linearization/linearization-svg';
import { NameCountError, OptionError } from '../../kernel-ext/src/errors';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import {
  type CommRequest,
  type Decomposition,
  float32Values,
  LINEARIZATION_MIME,
  type LinearizationPayload,
  MalformedPayloadError,
  readDecomposition,
} from '../../kernel-ext/src/payload';
import { contributionOf } from '../../lab-extension/src/decomposition/reading';
import { DecompositionModel } from '../../lab-extension/src/decomposition/decomposition-model';
import { rowsCsv } from '../../lab-extension/src/decomposition/decomposition-numbers';
import { signalParts } from '../../lab-extension/src/figures/parts';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose } from '../linear-map/close';
import { signalLinearization } from './signal-linearization';
import { vectorLinearization } from './mnist-linearization';

const [STEPS, CHANNELS] = [128, 8];
const names = ['Fp1', 'Fp2', 'C3', 'C4', 'P3', 'P4', 'O1', 'O2'];
const request = new AbortController().signal;

/** [C, T] of [T, C], by definition. */
const byChannel = (values: Float32Array, channels = CHANNELS): Float32Array => {
  const steps = values.length / channels;
  return values.map((_, i) => values[(i % steps) * channels + Math.floor(i / steps)]);
};

/** The SVG picture of a page. */
const pictureIn = (html: string): string =>
  Buffer.from(/src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)![1], 'base64').toString();

const heightOf = (svg: string): number => Number(/height="([\d.]+)"/.exec(svg)![1]);

describe('a signal on the page', () => {
  useBackend('tensorflow');
  let single: Linearization;
  let several: Linearization;

  before(async () => {
    single = await signalLinearization(200, 1);
    several = await signalLinearization(STEPS, CHANNELS);
  });
  after(() => [single, several].forEach(lin => lin.dispose()));

  const bundleOf = (lin: Linearization, view?: LinearizationView) => linearizationBundle(lin, view);
  const payloadOf = async (lin: Linearization, view?: LinearizationView) =>
    (await bundleOf(lin, view))[LINEARIZATION_MIME] as LinearizationPayload;
  const decompositionOf = async (lin: Linearization, view?: LinearizationView): Promise<Decomposition> =>
    readDecomposition(await payloadOf(lin, view));

  it('has one row per channel, x and W alike, and is turned back for the network', async () => {
    const d = await decompositionOf(several, { rows: 'all' });
    assert.deepEqual(
      [d.input.shape, d.order.own],
      [
        [CHANNELS, STEPS],
        [STEPS, CHANNELS],
      ],
    );
    const x = (await several.instance(0).input()) as Float32Array;
    assertClose('x', d.input.values, byChannel(x), 1e-6);
    const row = await several.row(2);
    assertClose('W', d.rows.get(2)!.values, byChannel((await row.data()) as Float32Array), 1e-4);
    assert.deepEqual([...d.order.toNetwork(d.order.toPage(x))], [...x]);
    row.dispose();
  });

  it('is a signal by its shape, with the names and the rate that the caller gives', async () => {
    const unnamed = await decompositionOf(several);
    assert.deepEqual(unnamed.signal!.names.slice(0, 2), ['channel 0', 'channel 1']);
    assert.equal(unnamed.signal!.rate, null);
    const named = await decompositionOf(several, { signal: { channels: names, rate: 256 } });
    assert.deepEqual([named.signal!.names, named.signal!.rate], [names, 256]);
    assert.deepEqual((await decompositionOf(single)).input.shape, [1, 200]);
  });

  it('is a table if its entries have names, and a vector is a signal if the caller asks for it', async () => {
    const features = Array.from({ length: 200 }, (_, i) => `n${i}`);
    assert.equal((await decompositionOf(single, { features })).signal, null);
    const vector = await vectorLinearization();
    assert.equal((await decompositionOf(vector)).signal, null);
    const { signal } = await decompositionOf(vector, { signal: { rate: 10 } });
    assert.deepEqual([signal!.channels, signal!.rate], [1, 10]);
    vector.dispose();
  });

  it('refuses names and rates that do not fit', async () => {
    await assert.rejects(bundleOf(several, { signal: { channels: ['a'] } }), NameCountError);
    for (const rate of [0, -1, NaN, '250'])
      await assert.rejects(bundleOf(several, { signal: { rate } as never }), OptionError);
    await assert.rejects(bundleOf(several, { signal: true as never }), /plot: signal is true\. Give names/);
  });

  it('answers rows and other inputs in the order of the page', async () => {
    const { handle } = await payloadOf(several);
    const asked = { id: 1, handle, op: 'rows', indices: [1] } as CommRequest;
    const { buffers } = await answer(asked, request, []);
    const row = await several.row(1);
    assertClose('row', float32Values(buffers![0]), byChannel((await row.data()) as Float32Array), 1e-4);
    row.dispose();
  });

  it('sums a stretch of time exactly: the parts add up to W·x', async () => {
    const model = new DecompositionModel(await decompositionOf(several, { rows: 'all' }), null);
    const { subject, shape, input } = model;
    const whole = contributionOf(input, subject.weights!, shape, { top: 0, bottom: 7, left: 0, right: 127 });
    assert.ok(Math.abs(whole - subject.linear!) < 1e-5 * Math.abs(subject.linear!) + 1e-6);
    const contributions = subject.weights!.map((w, i) => w * input[i]);
    const parts = signalParts(contributions, model.decomposition.signal!);
    assert.ok(Math.abs(parts.reduce((sum, part) => sum + part.sum, 0) - whole) < 1e-5);
    assert.match(model.nameOf(3 * STEPS + 5), /^channel 3, step 5$/);
    // A stretch of one channel, summed by hand in the order of the network.
    const x = (await several.instance(0).input()) as Float32Array;
    const w = await several.row(subject.index);
    const values = await w.data();
    let expected = 0;
    for (let t = 10; t <= 40; t++) expected += values[t * CHANNELS + 3] * x[t * CHANNELS + 3];
    const read = contributionOf(input, subject.weights!, shape, { top: 3, bottom: 3, left: 10, right: 40 });
    assert.ok(Math.abs(read - expected) < 1e-5, `${read}, ${expected}`);
    w.dispose();
    model.dispose();
  });

  it('is saved in the order of the network', async () => {
    const model = new DecompositionModel(await decompositionOf(several), null);
    const x = await several.instance(0).input();
    const line = rowsCsv(model).split('\r\n')[1 + 37 * CHANNELS + 2].split(',');
    assert.equal(line.slice(0, 2).join(), '"x[37, 2]"');
    assert.equal(Number(line[2]), x[37 * CHANNELS + 2]);
    model.dispose();
  });

  for (const [what, of] of [
    ['one channel', () => single],
    ['eight channels', () => several],
  ] as const) {
    it(`has twins with lines for ${what}: a page, a picture and a text`, async () => {
      const bundle = await bundleOf(of(), { signal: { rate: 250 } });
      const html = bundle['text/html'] as string;
      const svg = pictureIn(html);
      assert.ok((svg.match(/<path /g) ?? []).length >= 8 && !svg.includes('NaN'));
      assert.ok(Buffer.byteLength(html) < 140 * 1024, `${Buffer.byteLength(html)} bytes`);
      assert.ok(heightOf(svg) < 900, `${heightOf(svg)} pixels`);
      assert.match(bundle['text/plain'] as string, /0\.\d{3} s/);
      const whole = linearizationSvg(readDecomposition(bundle[LINEARIZATION_MIME]));
      assert.ok(whole.includes('<path ') && !whole.includes('NaN'));
    });
  }

  it('stays bounded in height and size for 32 channels and for 20,000 steps', async () => {
    for (const [steps, channels] of [
      [256, 32],
      [20_000, 1],
    ]) {
      const lin = await signalLinearization(steps, channels);
      const html = (await bundleOf(lin, { rows: 1 }))['text/html'] as string;
      assert.ok(Buffer.byteLength(html) < 160 * 1024, `${Buffer.byteLength(html)} bytes`);
      const height = heightOf(pictureIn(html));
      assert.ok(height < 900, `${height} pixels`);
      lin.dispose();
    }
  });

  it('leaves images as they are', async () => {
    const model = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [40, 200] }), tf.layers.dense({ units: 2 })],
    });
    const lin = await linearize(model, tf.ones([40, 200]));
    const d = await decompositionOf(lin);
    assert.deepEqual([d.signal, d.input.shape], [null, [40, 200]]);
    lin.dispose();
  });

  it('refuses a payload that claims a signal of what is none', async () => {
    const good = await payloadOf(several);
    const wrong: [Record<string, unknown>, string][] = [
      [{ channelsLast: 'yes' }, 'channelsLast'],
      [{ signal: { rate: -1 } }, 'signal.rate'],
      [{ signal: { channels: ['a'] } }, 'signal.channels'],
      [{ signal: 3 }, 'signal'],
    ];
    for (const [change, field] of wrong)
      assert.throws(
        () => readDecomposition({ ...good, ...change }),
        (error: unknown) => error instanceof MalformedPayloadError && error.field.startsWith(field),
        field,
      );
  });
});
