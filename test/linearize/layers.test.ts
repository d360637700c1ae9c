import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import * as errors from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';

/** Relative to the largest output, which random weights may make small beside the terms that cancel in it. */
const ROUNDING = 1e-4;

type ErrorClass = abstract new (...args: never[]) => Error;

/** A layer that stays on outside of training. */
function leftOn(layer: tf.layers.Layer, name: string): tf.layers.Layer {
  class LeftOn extends tf.layers.Layer {
    static className = `LeftOn${name}`;
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return layer.call([inputs].flat(), { training: true }) as tf.Tensor;
    }
  }
  return new LeftOn({ name });
}

const around = (...layers: tf.layers.Layer[]) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, inputShape: [4], name: 'first' }),
      ...layers,
      tf.layers.dense({ units: 2 }),
    ],
  });

const image = (...layers: tf.layers.Layer[]) =>
  tf.sequential({ layers: [tf.layers.reLU({ inputShape: [4, 4, 1], name: 'first' }), ...layers] });

const stateful = (build: typeof tf.layers.lstm | typeof tf.layers.simpleRNN) =>
  tf.sequential({ layers: [build({ units: 2, stateful: true, batchInputShape: [1, 3, 2], name: 'rnn' })] });

/** Models that cannot be taken apart, the error, and what its message must name. */
const refused: [string, () => tf.LayersModel, number[], ErrorClass, RegExp][] = [
  [
    'a pooling that is larger than its image',
    () => image(tf.layers.maxPooling2d({ poolSize: 5, name: 'big' })),
    [4, 4, 1],
    errors.EmptyActivationError,
    /'big'.*\[1, 0, 0, 1\]/,
  ],
  [
    'a cropping of everything before other layers',
    () =>
      image(
        tf.layers.cropping2D({ cropping: [[2, 2], [0, 0]], name: 'crop' }), // prettier-ignore
        tf.layers.globalAveragePooling2d({}),
      ),
    [4, 4, 1],
    errors.EmptyActivationError,
    /'crop'.*\[1, 0, 4, 1\]/,
  ],
  [
    'a convolution that is larger than its image',
    () => {
      const x = tf.input({ shape: [4, 4, 1] });
      const conv = tf.layers.conv2d({ filters: 1, kernelSize: 7, name: 'conv' });
      return tf.model({ inputs: x, outputs: conv.apply(x) as tf.SymbolicTensor });
    },
    [4, 4, 1],
    errors.ModelError,
    /cannot be run on x.*in layer 'conv'/s,
  ],
  [
    'a softmax that TensorFlow.js does not have',
    () => image(tf.layers.softmax({ axis: 1, name: 'soft' })),
    [4, 4, 1],
    errors.ModelError,
    /in layer 'soft': Softmax along a non-last dimension/,
  ],
  ['a stateful LSTM', () => stateful(tf.layers.lstm), [3, 2], errors.ModelError, /'rnn' is stateful/],
  ['a stateful RNN', () => stateful(tf.layers.simpleRNN), [3, 2], errors.ModelError, /'rnn' is stateful/],
  [
    'an embedding as a whole',
    () =>
      tf.sequential({
        layers: [tf.layers.embedding({ inputDim: 3, outputDim: 2, inputLength: 2, name: 'emb' })],
      }),
    [2],
    errors.UnsupportedKernelError,
    /GatherV2 in layer 'emb'.*\{from: 'emb'\}/,
  ],
];

describe('layers that have no map', () => {
  useBackend('tensorflow');

  for (const [what, build, shape, error, message] of refused)
    it(`${what}`, async () => {
      const model = build();
      const x = tf.ones(shape);
      const before = tf.memory().numTensors;
      await assert.rejects(linearize(model, x), (thrown: unknown) => {
        assert.ok(thrown instanceof error, String(thrown));
        assert.match(thrown.message, message);
        return true;
      });
      assert.equal(tf.memory().numTensors, before);
    });

  it('leave the layers before them as they are', async () => {
    const lin = await linearize(image(tf.layers.maxPooling2d({ poolSize: 5 })), tf.ones([4, 4, 1]), {
      to: 'first',
    });
    assert.ok((await lin.residual()).relative <= 1e-6);
    lin.dispose();
  });

  it('pass the errors of a function on as they are', async () => {
    const own = new TypeError('mine');
    const f = () => {
      throw own;
    };
    await assert.rejects(linearize(f, [1, 2]), error => error === own);
  });
});

describe('layers that draw random numbers', () => {
  useBackend('tensorflow');

  for (const [name, layer] of [
    ['dropout', tf.layers.dropout({ rate: 0.5 })],
    ['gaussianNoise', tf.layers.gaussianNoise({ stddev: 1 })],
    ['gaussianDropout', tf.layers.gaussianDropout({ rate: 0.5 })],
    ['alphaDropout', tf.layers.alphaDropout({ rate: 0.5 })],
  ] as const)
    it(`make the map inexact if they are left on: ${name}`, async () => {
      const { random } = Math;
      const on = await linearize(around(leftOn(layer, name)), [1, 2, 3, 4]);
      assert.deepEqual([on.exact, on.policies], [false, [{ layer: name, policy: 'gate' }]]);
      await assert.rejects(on.region(), errors.NoRegionError);
      on.dispose();
      const off = await linearize(around(layer), [1, 2, 3, 4]);
      assert.equal(off.exact, true);
      assert.ok((await off.residual()).relative <= ROUNDING);
      off.dispose();
      assert.equal(Math.random, random);
    });

  it('do so in a function, unless their seed is fixed', async () => {
    for (const [seed, exact] of [
      [undefined, false],
      [3, true],
    ] as const) {
      // prettier-ignore
      const lin = await linearize((z: tf.Tensor) => tf.dropout(z.mul(2), 0.5, undefined, seed), [1, 2, 3]);
      assert.equal(lin.exact, exact);
      lin.dispose();
    }
  });
});
