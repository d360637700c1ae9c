import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize, type LinearizeOptions } from '../../kernel-ext/src/linearization/linearize';
import type { Model } from '../../kernel-ext/src/capture/source';
import { useBackend } from '../backend';
import reference from '../fixtures/kernels-reference.json';
import { textTransformer, visionTransformer } from '../networks/transformer';
import { numbers as fixed, type Image } from '../rules/case';

/** Relative to the largest number: the float32 rounding of sums of a few hundred terms; measured up to 1.2e-6. */
const TOLERANCE = 5e-6;

const numbers = (shape: number[], seed = 1) => fixed(tf, shape, seed);
const images = (shape: number[], seed: number) => numbers(shape, seed) as Image;

function convolutions(x: tf.Tensor): tf.Tensor {
  const dilated = tf.conv2d(x as Image, images([3, 3, 2, 3], 2), 1, 'same', 'NHWC', 2);
  return tf.depthwiseConv2d(
    tf.relu(dilated.add(numbers([3], 3))) as Image,
    images([3, 3, 3, 2], 4),
    2,
    'same',
  );
}

function transposedConvolution(x: tf.Tensor): tf.Tensor {
  const grown = tf.conv2dTranspose(x as Image, images([3, 3, 2, 2], 2), [1, 6, 8, 2], 2, 'same');
  return tf.stridedSlice(tf.relu(grown), [0, 0, 0, 0], [1, 6, 8, 2], [1, 2, 3, 1]);
}

function volumes(x: tf.Tensor): tf.Tensor {
  const z = tf.conv3d(x as tf.Tensor5D, numbers([2, 2, 2, 1, 2], 2) as tf.Tensor5D, [2, 1, 1], 'same');
  return tf.maxPool3d(z, 2, 1, 'same');
}

const pools = (x: tf.Tensor) =>
  tf.concat([tf.maxPool(x as Image, 3, 2, 'same'), tf.avgPool(x as Image, 3, 2, 'same')], -1);

function gates(x: tf.Tensor): tf.Tensor {
  const a = tf
    .relu6(x.mul(3))
    .add(tf.leakyRelu(x, 0.3))
    .sub(tf.abs(x.sub(0.25)));
  const larger = tf.maximum(x, numbers([4, 5], 5));
  return a.add(larger.mul(0.5)).add(tf.where(tf.greater(x, 0.5), x.mul(2), x.neg()));
}

function movements(x: tf.Tensor): tf.Tensor {
  const mirrored = tf.mirrorPad(
    x,
    [
      [0, 0],
      [1, 2],
    ],
    'reflect',
  );
  const taken = tf.gather(mirrored, tf.tensor1d([3, 0, 3, 6], 'int32'), 1);
  const tiled = tf.tile(tf.stridedSlice(x, [0, 4], [3, -6], [1, -2]), [1, 2]);
  return tf.concat([tf.cumsum(taken, 1), tiled, tf.topk(x, 3).values], 1);
}

function resized(x: tf.Tensor): tf.Tensor {
  const large = tf.abs(tf.image.resizeBilinear(x as Image, [7, 9], false, true));
  return tf.stridedSlice(large, [0, 0, 0, 0], [1, 7, 9, 2], [1, 3, 4, 1]);
}

function functions(x: tf.Tensor): tf.Tensor {
  const positive = x.square().add(0.5);
  const bounded = tf.addN([tf.sigmoid(x), tf.tanh(x), tf.erf(x), tf.elu(x), tf.selu(x), tf.softplus(x)]);
  const others = [tf.exp(x), tf.log(positive), tf.sqrt(positive), tf.rsqrt(positive)];
  return tf.concat([bounded, tf.addN([...others, tf.pow(x, 3), tf.div(1, positive)])]);
}

function attention(x: tf.Tensor): tf.Tensor {
  const mean = x.mean(-1, true);
  const scale = tf.rsqrt(tf.squaredDifference(x, mean).mean(-1, true).add(1e-3));
  const h = x
    .sub(mean)
    .mul(scale)
    .mul(numbers([4], 2))
    .add(numbers([4], 3));
  const [q, k, v] = [4, 5, 6].map(seed => tf.matMul(h, numbers([4, 4], seed)));
  const y = x.add(tf.matMul(tf.softmax(tf.matMul(q, k, false, true).div(2)), v));
  const z = tf.matMul(y, numbers([4, 6], 7)).add(numbers([6], 8));
  const gelu = z.mul(0.5).mul(tf.add(1, tf.erf(z.div(Math.SQRT2))));
  return y.add(tf.matMul(gelu, numbers([6, 4], 9)));
}

function squeezed(x: tf.Tensor): tf.Tensor {
  const squeeze = tf.relu(tf.matMul(x.mean([1, 2]), numbers([2, 3], 2)));
  const gate = tf.sigmoid(tf.matMul(squeeze, numbers([3, 2], 3)));
  return tf.stridedSlice(x.mul(gate.reshape([1, 1, 1, 2])), [0, 0, 0, 0], [1, 3, 4, 2], [1, 2, 2, 1]);
}

function recurrent(kind: 'lstm' | 'gru'): tf.LayersModel {
  const layer = tf.layers[kind]({ units: 3, recurrentActivation: 'sigmoid', inputShape: [4, 2] });
  const model = tf.sequential({ layers: [layer] });
  const width = kind === 'lstm' ? 12 : 9;
  layer.setWeights([numbers([2, width], 2), numbers([3, width], 3), numbers([width], 4)]);
  return model;
}

const smallVision = () =>
  visionTransformer([8, 8, 2], 4, { width: 6, heads: 2, hidden: 10, blocks: 2, outputs: 3 });

const smallText = () => textTransformer({ tokens: 5, width: 6, heads: 3, hidden: 8, blocks: 2, outputs: 4 });

const networks: [keyof typeof reference, () => Model, LinearizeOptions['policy']?][] = [
  ['convolutions', () => convolutions],
  ['transposed convolution', () => transposedConvolution],
  ['volumes', () => volumes],
  ['pools', () => pools],
  ['gates', () => gates],
  ['movements', () => movements],
  ['resized', () => resized],
  ['functions', () => functions, 'tangent'],
  ['attention, tangent', () => attention, 'tangent'],
  ['attention, gate', () => attention, 'gate'],
  ['squeeze and excite, tangent', () => squeezed, 'tangent'],
  ['squeeze and excite, gate', () => squeezed, 'gate'],
  ['vision transformer, tangent', () => smallVision(), 'tangent'],
  ['vision transformer, gate', () => smallVision(), 'gate'],
  ['text transformer, tangent', () => smallText(), 'tangent'],
  ['text transformer, gate', () => smallText(), 'gate'],
  ['lstm', () => recurrent('lstm'), 'tangent'],
  ['gru', () => recurrent('gru'), 'tangent'],
];

describe('W and b against JAX in float64', () => {
  useBackend('tensorflow');

  for (const [name, build, policy] of networks) {
    for (const executor of ['tfjs', 'onnx'] as const) {
      it(`${String(name)}, by ${executor}`, async () => {
        const expected = reference[name];
        const lin = await linearize(build(), numbers(expected.shape, 11), { policy, executor });
        assert.equal(lin.exact, policy === undefined);
        const weights = await lin.weights.toTensor();
        close('F(x)', lin.output, expected.output);
        close('W', weights, expected.weights);
        close('b', lin.bias, expected.bias, Math.max(...expected.output.map(Math.abs)));
        lin.dispose();
      });
    }
  }
});

function close(what: string, actual: tf.Tensor, expected: number[], scale = 0): void {
  const values = actual.dataSync();
  assert.equal(values.length, expected.length);
  const largest = expected.reduce((m, v) => Math.max(m, Math.abs(v)), scale);
  const error = expected.reduce((m, v, i) => Math.max(m, Math.abs(v - values[i])), 0);
  assert.ok(error <= TOLERANCE * largest, `${what}: off by ${error} at a scale of ${largest}`);
}
