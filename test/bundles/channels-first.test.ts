import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { PNG } from 'pngjs';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { atlas } from '../../kernel-ext/src/atlas/atlas';
import { atlasBundle } from '../../kernel-ext/src/bundles/atlas/atlas-bundle';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { editBundle } from '../../kernel-ext/src/bundles/path/contrast-edit-bundle';
import { pathBundle } from '../../kernel-ext/src/bundles/path/path-bundle';
import { shownInstances } from '../../kernel-ext/src/display/handles';
import { toCsv, toNpy } from '../../kernel-ext/src/export/save-numbers';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { contrastEdit } from '../../kernel-ext/src/paths/contrast-edit';
import { path } from '../../kernel-ext/src/paths/path';
import {
  type CommRequest,
  float32Bytes,
  float32Values,
  LINEARIZATION_MIME,
  MalformedPayloadError,
  PATH_MIME,
  readDecomposition,
  readPath,
} from '../../kernel-ext/src/payload';
import { DecompositionModel } from '../../lab-extension/src/decomposition/decomposition-model';
import { rowsCsv, rowsNpy } from '../../lab-extension/src/decomposition/decomposition-numbers';
import { useBackend } from '../backend';
import { assertClose } from '../linear-map/close';
import { channelsFirst, twinNetworks } from '../linearize/twin-networks';
import { bundleOf } from '../plot/bundle-of';

const SHAPE = [5, 4, 3];
const signal = new AbortController().signal;

/** An image [5, 4, 3] of positive numbers, and the same one [3, 5, 4]. */
function image(seed: number): { last: tf.Tensor; first: tf.Tensor } {
  const last = tf.randomUniform(SHAPE, 0.1, 1, 'float32', seed);
  return { last, first: tf.tensor(channelsFirst(last.dataSync(), SHAPE), [3, 5, 4]) };
}

describe('an image with channels first, on the page', () => {
  useBackend('tensorflow');
  let twins: Record<'first' | 'last', Linearization>;
  const models = twinNetworks();
  const x = image(7);
  const other = image(8);

  before(async () => {
    twins = { first: await linearize(models.first, x.first), last: await linearize(models.last, x.last) };
  });
  after(() => Object.values(twins).forEach(lin => lin.dispose()));

  const decompositionOf = async (lin: Linearization) =>
    readDecomposition((await linearizationBundle(lin, { rows: 'all' }))[LINEARIZATION_MIME]);

  it('looks as it does with channels last: the same pixels, weights, and pictures', async () => {
    const [a, b] = [await decompositionOf(twins.first), await decompositionOf(twins.last)];
    assert.deepEqual([a.input.shape, a.order.own], [SHAPE, [3, 5, 4]]);
    assert.deepEqual([...a.input.values], [...x.last.dataSync()]);
    for (const c of [0, 1, 2]) assertClose(`row ${c}`, a.rows.get(c)!.values, b.rows.get(c)!.values);
    const picture = async (lin: Linearization) =>
      PNG.sync.read(Buffer.from((await linearizationBundle(lin))['image/png'] as string, 'base64'));
    const [one, two] = [await picture(twins.first), await picture(twins.last)];
    assert.deepEqual([one.width, one.height], [two.width, two.height]);
    const off = one.data.filter((value, i) => Math.abs(value - two.data[i]) > 2);
    assert.equal(off.length, 0, 'colors that differ by more than rounding');
  });

  it('is answered and asked about in the order of the page', async () => {
    const ask = async (lin: Linearization, question: object, buffers: Uint8Array[] = []) => {
      const handle = shownInstances.handleOf({ lin, index: 0 });
      const reply = await answer({ id: 1, handle, ...question } as CommRequest, signal, buffers);
      assert.ok(reply.reply.ok, JSON.stringify(reply.reply));
      return reply;
    };
    const { first, last } = twins;
    const [a, b] = [
      await ask(first, { op: 'rows', indices: [2, 0] }),
      await ask(last, { op: 'rows', indices: [2, 0] }),
    ];
    assert.deepEqual([(a.reply as { shape?: unknown }).shape, a.buffers.length], [SHAPE, 2]);
    a.buffers.forEach((row, i) => assertClose('row', float32Values(row), float32Values(b.buffers[i])));
    const edited = Float32Array.from(x.last.dataSync(), (value, i) => (i % 7 === 0 ? value + 0.5 : value));
    const whatIfs = [];
    for (const lin of [first, last]) whatIfs.push(await ask(lin, { op: 'whatIf' }, [float32Bytes(edited)]));
    const outputs = whatIfs.map(({ reply }) => (reply as unknown as { output: number[] }).output);
    assertClose('F(x′)', outputs[0], outputs[1]);
    const reached = await ask(first, { op: 'reach' }, [float32Bytes(edited)]);
    assertClose(
      'the length of the edit',
      [(reached.reply as unknown as { length: number }).length],
      [Math.hypot(...edited.map((value, i) => value - x.last.dataSync()[i]))],
    );
    const edits = [];
    for (const lin of [first, last]) edits.push(await ask(lin, { op: 'contrastEdit', index: 0, rival: 1 }));
    assertClose('x′', float32Values(edits[0].buffers.at(-1)!), float32Values(edits[1].buffers.at(-1)!), 1e-4);
  });

  it('has its numbers saved in the order of the network, by the page as by the kernel', async () => {
    const model = new DecompositionModel(await decompositionOf(twins.first), null);
    const { first: c } = model.decomposition;
    const lines = (csv: string) => csv.split('\r\n').map(line => line.split(',').slice(0, -2).join());
    const [page, kernel] = [rowsCsv(model), await toCsv(twins.first, { rows: [0, 1, 2] })];
    assert.equal(lines(page)[25], lines(kernel)[25]);
    assert.match(lines(page)[25], /^x\[1, 1, 0\]|^"x\[1/);
    const input = await x.first.data();
    const floats = (npy: Uint8Array) => new Float32Array(npy.slice(-4 * 60).buffer);
    const npy = rowsNpy(model);
    assert.match(Buffer.from(npy).toString('latin1'), /\(3, 3, 5, 4\)/);
    assertClose('x', new Float32Array(npy.slice(-4 * 180, -4 * 120).buffer), input);
    const saved = floats(await toNpy(twins.first, { rows: [c], of: 'contributions' }));
    assertClose('W∘x', floats(npy), saved);
    model.dispose();
  });

  it('has its features in the order of the page', async () => {
    const features = Array.from({ length: 60 }, (_, i) => `n${i}`);
    const payload = (await linearizationBundle(twins.first, { features }))[LINEARIZATION_MIME];
    const names = channelsFirst(Float32Array.from(features.keys()), SHAPE);
    const named = readDecomposition(payload).features!;
    names.forEach((index, i) => assert.equal(named[index], `n${i}`));
  });

  it('stands the right way around in a path, its gradients, an edit and an atlas', async () => {
    const [a, b] = [
      await path(models.first, x.first, other.first),
      await path(models.last, x.last, other.last),
    ];
    const data = readPath((await pathBundle(a))[PATH_MIME]);
    assert.deepEqual([data.from.shape, [...data.to.values]], [SHAPE, [...other.last.dataSync()]]);
    const pictures = async (of: typeof a, model: tf.LayersModel, { input }: { input: tf.Tensor }) => {
      const sums = await of.integrated(1);
      const edit = await contrastEdit(model, input, 0, 1);
      const directions = await atlas(model, input.expandDims(), { k: 2 });
      const bundles = [await bundleOf(sums), editBundle(edit), atlasBundle(directions)];
      tf.dispose([sums.parts, edit.point]);
      return bundles.map(bundle => PNG.sync.read(Buffer.from(bundle['image/png'] as string, 'base64')));
    };
    const [first, last] = [
      await pictures(a, models.first, { input: x.first }),
      await pictures(b, models.last, { input: x.last }),
    ];
    first.forEach((picture, i) => {
      assert.deepEqual([picture.width, picture.height], [last[i].width, last[i].height]);
      const off = picture.data.filter((value, k) => Math.abs(value - last[i].data[k]) > 4);
      assert.equal(off.length, 0, `picture ${i} differs`);
    });
  });

  it('is drawn by plot(x, { layout: "NCHW" }), alone or in a batch', async () => {
    const view = { layout: 'NCHW' } as const;
    const [a, b] = [await bundleOf(x.first, view), await bundleOf(x.last)];
    assert.equal(a['image/png'], b['image/png']);
    const many = await bundleOf(tf.stack([x.first, other.first]), view);
    assert.equal(many['image/png'], (await bundleOf(tf.stack([x.last, other.last])))['image/png']);
    await assert.rejects(bundleOf(x.first, { layout: 'CHW' } as never), /layout.*'NHWC' or 'NCHW'/);
  });

  it('is refused where a payload claims channels first of what is no image', async () => {
    const payload = (await linearizationBundle(twins.last))[LINEARIZATION_MIME] as Record<string, unknown>;
    for (const wrong of [false, 'yes', 1])
      assert.throws(() => readDecomposition({ ...payload, channelsFirst: wrong }), MalformedPayloadError);
  });
});
