import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import type { LinearizationView } from '../../kernel-ext/src/bundles/linearization/linearization-payload';
import { pathBundle } from '../../kernel-ext/src/bundles/path/path-bundle';
import { ManyOutputsError, UnknownLabelError } from '../../kernel-ext/src/display/errors';
import { ClassIndexError, OptionError, TargetError } from '../../kernel-ext/src/errors';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { path } from '../../kernel-ext/src/paths/path';
import {
  type CommRequest,
  float32Bytes,
  LINEARIZATION_MIME,
  readDecomposition,
} from '../../kernel-ext/src/payload';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';
import { linearizationFaults } from '../payload/sum-faults';

const LABELS = ['sky', 'tree', 'road'];
const signal = new AbortController().signal;

/** Images [6, 5, 2] to three classes at each position. */
function segmentation(): tf.LayersModel {
  const kernelInitializer = tf.initializers.heNormal({ seed: 1 });
  const conv = { kernelSize: 3, padding: 'same', kernelInitializer, biasInitializer: 'ones' } as const;
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ ...conv, filters: 4, activation: 'relu', inputShape: [6, 5, 2], name: 'first' }),
      tf.layers.conv2d({ ...conv, filters: 3, name: 'second' }),
    ],
  });
}

const decompositionOf = async (lin: Linearization, view: LinearizationView) => {
  const payload = (await linearizationBundle(lin, view))[LINEARIZATION_MIME];
  const travelled: unknown = JSON.parse(JSON.stringify(payload));
  assert.deepEqual(linearizationFaults(travelled as never), []);
  return readDecomposition(travelled);
};

describe('plot(lin, { target })', () => {
  useBackend('tensorflow');
  const model = segmentation();
  const x = tf.randomNormal([2, 6, 5, 2], 0, 1, 'float32', 3);
  const mask = tf.range(0, 30, 1, 'int32').reshape([6, 5]).mod(tf.scalar(2, 'int32'));

  for (const executor of ['tfjs', 'onnx'] as const)
    it(`shows the sum of a class over a mask alone: its row, its b by layer and its logit, by ${executor}`, async () => {
      const lin = await linearize(model, x, { labels: LABELS, executor });
      const before = tf.memory().numTensors;
      const d = await decompositionOf(lin, { target: { class: 'road', mask }, instance: 1 });
      assert.equal(tf.memory().numTensors, before);
      assert.deepEqual([d.labels, d.layers, d.first], [['road over the mask'], [], 0]);
      // The outputs of TensorFlow.js, summed by hand.
      const outputs = tf.tidy(() => (model.predict(x) as tf.Tensor).arraySync()) as number[][][][];
      const marks = mask.arraySync() as number[][];
      let sum = 0;
      marks.forEach((row, i) => row.forEach((mark, j) => (sum += mark * outputs[1][i][j][2])));
      assertClose('F(x)', d.output, [sum]);
      const slope = tf.grad(z =>
        (model.predict(z) as tf.Tensor4D).slice([1, 0, 0, 2], [1, 6, 5, 1]).squeeze().mul(mask).sum(),
      )(x);
      assertClose('W', d.rows.get(0)!.values, (await taken(slope)).slice(60));
      assert.deepEqual(d.biasLayers, ['first', 'second']);
      const { biasByLayer } = d.sums.get(0)!;
      assertClose('b of second', [biasByLayer[1]], [15]);
      assertClose('b', [biasByLayer[0] + biasByLayer[1]], d.bias);
      lin.dispose();
    });

  it('shows one output by its index or its label, and answers what-ifs about it', async () => {
    const lin = await linearize(model, x.slice(0, 1).squeeze([0]), { labels: LABELS });
    const all = await lin.output.data();
    const by = async (target: number | string) => decompositionOf(lin, { target });
    const [a, b] = [await by(31), await by('(2, 0) · tree')];
    assert.deepEqual([a.labels, a.output], [b.labels, b.output]);
    assertClose('F(x)', a.output, [all[31]]);
    const other = Float32Array.from(await lin.input.data(), value => value + 0.01);
    const ask = (question: object, buffers: Uint8Array[] = []) =>
      answer({ id: 1, handle: a.handle, ...question } as CommRequest, signal, buffers);
    const { reply } = await ask({ op: 'whatIf' }, [float32Bytes(other)]);
    assert.ok(reply.ok && reply.op === 'whatIf', JSON.stringify(reply));
    const actual = await taken(tf.tidy(() => model.predict(tf.tensor(other, [1, 6, 5, 2])) as tf.Tensor));
    assertClose('F(x′)', reply.output, [actual[31]]);
    assert.equal(reply.predicted.length, 1);
    for (const question of [
      { op: 'rows', indices: [1] },
      { op: 'channels', layer: 'first', index: 0, most: 4 },
      { op: 'contrastEdit', index: 0, rival: 1 },
    ])
      assert.equal((await ask(question)).reply.ok, false, question.op);
    assert.ok((await ask({ op: 'rows', indices: [0] })).reply.ok);
    lin.dispose();
  });

  it('takes names of classes from the view, and refuses what is no output', async () => {
    const lin = await linearize(model, x);
    const named = await decompositionOf(lin, { labels: ['a', 'b', 'c'], target: { class: 'c' } });
    assert.deepEqual(named.labels, ['c everywhere']);
    const refused = async (view: LinearizationView, type: new (...args: never[]) => Error) =>
      assert.rejects(linearizationBundle(lin, view), type);
    await refused({ target: 90 }, ClassIndexError);
    await refused({ target: 'cloud' }, UnknownLabelError);
    await refused({ target: { class: 'cloud' } }, TargetError);
    await refused({ target: { class: 0, mask: [1, 0] } }, TargetError);
    await refused({ target: 1, class: 2 }, OptionError);
    await refused({ target: true } as never, OptionError);
    lin.dispose();
  });

  it('is what a map of more than 100,000 outputs asks for', async () => {
    const many = (z: tf.Tensor) => z.relu().broadcastTo([160, 160, 4]).mul(2);
    const lin = await linearize(many, [[[1, 2, 3, 4]]]);
    await assert.rejects(
      linearizationBundle(lin),
      (error: Error) =>
        error instanceof ManyOutputsError &&
        error.outputs === 102_400 &&
        /102,400 outputs, more than the 100,000 .* { target: "\(0, 0\) · class 0" }/.test(error.message),
    );
    const d = await decompositionOf(lin, { target: { class: 2 } });
    assert.deepEqual(d.output, [160 * 160 * 2 * 3]);
    assert.deepEqual([...d.rows.get(0)!.values], [0, 0, 2 * 160 * 160, 0]);
    lin.dispose();
    const walk = await path(many, [[[1, 2, 3, 4]]], [[[1, 2, 3, 5]]]);
    await assert.rejects(pathBundle(walk), ManyOutputsError);
  });
});
