import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { NoRegionError } from '../../kernel-ext/src/errors';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import type { Model } from '../../kernel-ext/src/capture/source';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose } from '../linear-map/close';
import { numbers as fixed } from '../rules/case';

/** Measured up to 1.5e-6 on these networks. */
const TOLERANCE = 1e-5;

/** Differences of float32 numbers over a step of 2⁻⁷ have about 3 correct digits. */
const STEP = 2 ** -7;
const DIFFERENCE_TOLERANCE = 5e-3;

const matrix = async (lin: Linearization) => (await lin.weights.toTensor()).array() as Promise<number[][]>;

const numbers = (shape: number[], seed = 1) => fixed(tf, shape, seed);
const small = (shape: number[], seed: number) => numbers(shape, seed).mul(0.4);

type Activation =
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'elu'
  | 'selu'
  | 'softplus'
  | 'softsign'
  | 'swish'
  | 'mish'
  | 'hardSigmoid'
  | 'gelu';

const dense = (units: number, activation?: Activation, options: object = {}) =>
  tf.layers.dense({ units, activation: activation as 'relu', biasInitializer: 'randomNormal', ...options });

const perceptron = (activation: Activation, options: object = {}) =>
  tf.sequential({
    layers: [
      dense(7, activation, { inputShape: [6], ...options }),
      dense(5, activation, options),
      dense(3, undefined, options),
    ],
  });

function recurrent(layer: tf.layers.Layer): tf.LayersModel {
  return tf.sequential({ layers: [layer, dense(2)] });
}

function normalized(): tf.LayersModel {
  return tf.sequential({
    layers: [
      dense(8, undefined, { inputShape: [6] }),
      tf.layers.layerNormalization({ betaInitializer: 'randomNormal', gammaInitializer: 'randomNormal' }),
      dense(4, 'gelu'),
      dense(2),
    ],
  });
}

/** As in MobileNetV3 and EfficientNet: channels scaled by statistics of the whole image. */
function squeezed(): tf.LayersModel {
  const input = tf.input({ shape: [5, 5, 3] });
  const conv = tf.layers.conv2d({
    filters: 4,
    kernelSize: 3,
    padding: 'same',
    activation: 'swish' as 'relu',
  });
  const x = conv.apply(input) as tf.SymbolicTensor;
  let gate = tf.layers.globalAveragePooling2d({}).apply(x) as tf.SymbolicTensor;
  gate = dense(2, 'relu').apply(gate) as tf.SymbolicTensor;
  gate = dense(4, 'hardSigmoid').apply(gate) as tf.SymbolicTensor;
  gate = tf.layers.reshape({ targetShape: [1, 1, 4] }).apply(gate) as tf.SymbolicTensor;
  const scaled = tf.layers.multiply().apply([x, gate]) as tf.SymbolicTensor;
  const pooled = tf.layers.globalAveragePooling2d({}).apply(scaled) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: dense(2).apply(pooled) as tf.SymbolicTensor });
}

/** The same weights in every run, so that no unit happens to lie on a kink. */
function withFixedWeights(model: tf.LayersModel): tf.LayersModel {
  model.setWeights(model.getWeights().map((w, i) => small(w.shape, i + 1)));
  return model;
}

/** A transformer block on [T, D] without a single bias: attention, normalization by root mean square, a gated unit. */
function block(x: tf.Tensor): tf.Tensor {
  const normalize = (v: tf.Tensor) => v.mul(tf.rsqrt(v.square().mean(-1, true).add(1e-5)));
  const h = normalize(x);
  const [q, k, v, o] = [1, 2, 3, 4].map(seed => small([8, 8], seed));
  const heads = (w: tf.Tensor) => tf.matMul(h, w).reshape([-1, 2, 4]).transpose([1, 0, 2]);
  const scores = tf.matMul(heads(q), heads(k), false, true).div(2);
  const mixed = tf.matMul(tf.softmax(scores), heads(v)).transpose([1, 0, 2]).reshape([-1, 8]);
  const y = x.add(tf.matMul(mixed, o));
  const z = normalize(y);
  const gate = tf.matMul(z, small([8, 12], 5));
  const swish = gate.mul(tf.sigmoid(gate));
  return y.add(tf.matMul(swish.mul(tf.matMul(z, small([8, 12], 6))), small([12, 8], 7)));
}

const layers: [string, () => tf.LayersModel][] = [
  ...(['sigmoid', 'tanh', 'elu', 'selu', 'softplus', 'softsign', 'swish', 'mish', 'gelu'] as const).map(
    (activation): [string, () => tf.LayersModel] => [
      `a perceptron with ${activation}`,
      () => perceptron(activation),
    ],
  ),
  ['a simple recurrent layer', () => recurrent(tf.layers.simpleRNN({ units: 4, inputShape: [5, 3] }))],
  ['an LSTM layer', () => recurrent(tf.layers.lstm({ units: 4, inputShape: [5, 3] }))],
  ['a GRU layer', () => recurrent(tf.layers.gru({ units: 4, inputShape: [5, 3] }))],
  [
    'a bidirectional LSTM that returns every step',
    () =>
      recurrent(
        tf.layers.bidirectional({
          layer: tf.layers.lstm({ units: 3, returnSequences: true }) as tf.RNN,
          mergeMode: 'concat',
          inputShape: [4, 3],
        } as never),
      ),
  ],
  ['layer normalization and gelu', normalized],
  ['squeeze and excite', squeezed],
];

describe('policies on whole networks', () => {
  useBackend('tensorflow');

  for (const [name, build] of layers) {
    for (const policy of ['tangent', 'gate'] as const) {
      it(`${policy}: W·x + b = F(x) for ${name}`, async () => {
        const model = withFixedWeights(build());
        const shape = model.inputs[0].shape.slice(1) as number[];
        await holds(
          x => model.apply(x.expandDims()) as tf.Tensor,
          model,
          tf.randomNormal(shape, 0, 1, 'float32', 5),
          policy,
        );
      });
    }
  }

  for (const policy of ['tangent', 'gate'] as const) {
    it(`${policy}: W·x + b = F(x) for a transformer block`, async () => {
      await holds(block, block, numbers([5, 8], 9), policy);
    });
  }

  async function holds(
    f: (x: tf.Tensor) => tf.Tensor,
    model: Model,
    x: tf.Tensor,
    policy: 'tangent' | 'gate',
  ): Promise<void> {
    for (const executor of ['tfjs', 'onnx'] as const) {
      const lin = await linearize(model, x, { policy, executor });
      const { relative } = await lin.residual({ every: true });
      assert.ok(relative <= TOLERANCE, `relative residual ${relative}`);
      assert.equal(lin.exact, false);
      assert.ok(lin.policies.length > 0);
      if (policy === 'tangent') {
        const v = tf.randomNormal(x.shape, 0, 1, 'float32', 9);
        const ahead = f(x.add(v.mul(STEP)));
        const slope = ahead
          .sub(f(x.sub(v.mul(STEP))))
          .div(2 * STEP)
          .flatten();
        const error = (await lin.weights.apply(v)).sub(slope).abs().max().arraySync() as number;
        // The difference of two outputs keeps their rounding, which is divided by the step.
        const scale = slope.abs().max().add(lin.output.abs().max().mul(0.01)).arraySync() as number;
        assert.ok(
          error <= DIFFERENCE_TOLERANCE * scale,
          `W·v is off the slope by ${error} at a scale of ${scale}`,
        );
      }
      lin.dispose();
    }
  }

  it('gate: a network without a bias has b = 0, whatever its nonlinearities', async () => {
    const lin = await linearize(block, numbers([5, 8], 9), { policy: 'gate' });
    assert.equal(lin.bias.abs().max().arraySync(), 0);
    assert.deepEqual([...new Set(lin.policies.map(use => use.policy))], ['gate']);
    for (const activation of ['tanh', 'elu', 'selu', 'swish', 'gelu', 'mish', 'softsign'] as const) {
      const plain = await linearize(perceptron(activation, { useBias: false }), numbers([6], 4), {
        policy: 'gate',
      });
      assert.equal(plain.bias.abs().max().arraySync(), 0, activation);
      plain.dispose();
    }
    lin.dispose();
  });

  for (const executor of ['tfjs', 'onnx'] as const) {
    it(`gate: the difference between the frozen map and the true Jacobian is measured (${executor})`, async () => {
      const x = numbers([5, 8], 9);
      const lin = await linearize(block, x, { policy: 'gate', executor });
      await assert.rejects(lin.radius(), NoRegionError);
      const jacobian = await linearize(block, x, { policy: 'tangent', executor });
      const [w, j] = [await matrix(lin), await matrix(jacobian)];
      const before = tf.memory().numTensors;
      const { relative, byOutput, cosine } = await lin.frozenError();
      assert.equal(tf.memory().numTensors, before);
      const size = (values: number[]) => Math.hypot(...values);
      const off = w.map((row, c) => row.map((v, k) => v - j[c][k]));
      assert.ok(Math.abs(relative - size(off.flat()) / size(j.flat())) < 1e-5 && relative > 0.01);
      w.forEach((row, c) => {
        assert.ok(Math.abs(byOutput[c] - size(off[c]) / size(j[c])) < 1e-4);
        const product = row.reduce((sum, v, k) => sum + v * j[c][k], 0);
        assert.ok(Math.abs(cosine[c] - product / size(row) / size(j[c])) < 1e-5);
      });
      assert.ok((await jacobian.frozenError()).relative < 1e-6);
      for (const one of [lin, jacobian]) one.dispose();
    });
  }

  it('tangent is the default, and differs from gate', async () => {
    const x = numbers([5, 8], 9);
    const [none, tangent, gate] = [
      await linearize(block, x),
      await linearize(block, x, { policy: 'tangent' }),
      await linearize(block, x, { policy: 'gate' }),
    ];
    const row = async (lin: typeof none) => (await lin.row(3)).dataSync();
    assertClose('row', await row(none), await row(tangent));
    assert.notDeepEqual(await row(none), await row(gate));
    for (const lin of [none, tangent, gate]) lin.dispose();
  });

  it('a network that is piecewise linear is exact under every policy', async () => {
    const model = perceptron('relu');
    for (const policy of ['tangent', 'gate'] as const) {
      const lin = await linearize(model, numbers([6], 4), { policy });
      assert.deepEqual([lin.exact, lin.policies], [true, []]);
      lin.dispose();
    }
  });
});
