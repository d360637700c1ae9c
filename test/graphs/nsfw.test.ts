import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { nsfw } from '../networks/nsfw';
import { useBackend } from '../backend';

/** Measured 1e-6 at 224 × 224 pixels. */
const TOLERANCE = 1e-5;

describe('linearize(MobileNetV2 as a graph model, x)', () => {
  useBackend('tensorflow');

  it('linearizes a network converted by others, including its fused kernels', async () => {
    const model = (await nsfw('mobilenet_v2_mid')) as tf.GraphModel;
    const x = tf.randomUniform([224, 224, 3], 0, 1, 'float32', 7);
    const lin = await linearize(model, x);
    assert.deepEqual([lin.exact, lin.cut, lin.weights.shape], [true, 'softmax', [5, 224 * 224 * 3]]);
    assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
    const expected = model.predict(x.expandDims()) as tf.Tensor;
    const difference = tf.softmax(lin.output).sub(expected).abs().max().arraySync() as number;
    assert.ok(difference < 1e-5, `the outputs are the logits: ${difference}`);
    const layers = (await lin.biasByLayer()).map(part => part.layer);
    assert.ok(
      layers.some(layer => layer.endsWith('MobilenetV2/Conv_1/Relu6')),
      layers.at(-2),
    );
    const row = await lin.row(1);
    assert.deepEqual(row.shape, [224, 224, 3]);
    lin.dispose();
    model.dispose();
  });
});
