import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  linearize as linearizeBy,
  type LinearizeOptions,
} from '../../kernel-ext/src/linearization/linearize';
import type { Model } from '../../kernel-ext/src/capture/source';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import type { Executor } from '../../kernel-ext/src/linear-map/compiled';
import { backends, useBackend, type Backend } from '../backend';
import { numbers, type Image } from '../rules/case';

/** Measured up to 5e-7. */
const TOLERANCE = 5e-6;

/** The backends and executors. */
const everywhere: [Backend, Executor][] = [
  ...backends.map((b): [Backend, Executor] => [b, 'tfjs']),
  ['tensorflow', 'onnx'],
];

for (const [backend, executor] of everywhere)
  describe(`traps, by ${executor} on the ${backend} backend`, () => traps(backend, executor));

/** Cases that other tools silently get wrong, each with the correct W, computed by tf.grad of the plain function. */
function traps(backend: Backend, executor: Executor): void {
  useBackend(backend);

  const linearize = (model: Model, x: tf.Tensor, options: LinearizeOptions = {}) =>
    linearizeBy(model, x, { executor, ...options });

  /** Checks that the residual is rounding and that each row equals that of tf.grad. */
  async function holds(
    model: Model,
    f: (x: tf.Tensor) => tf.Tensor,
    x: tf.Tensor,
    options: LinearizeOptions = {},
  ): Promise<Linearization> {
    const lin = await linearize(model, x, options);
    assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
    const outputs = lin.weights.shape[0];
    for (let c = 0; c < outputs; c++) {
      const expected = tf.grad((z: tf.Tensor) => f(z).flatten().slice([c], [1]).sum())(x);
      const error = (await lin.row(c)).sub(expected).abs().max().arraySync() as number;
      const scale = Math.max(1e-3, expected.abs().max().arraySync() as number);
      assert.ok(error <= TOLERANCE * scale, `row ${c} is off by ${error} at a scale of ${scale}`);
    }
    return lin;
  }

  const x6 = () => numbers(tf, [6], 3);

  function reused(): tf.LayersModel {
    const input = tf.input({ shape: [6] });
    const twice = tf.layers.dense({ units: 6, name: 'twice', biasInitializer: 'randomNormal' });
    const relu = tf.layers.reLU({ name: 'relu' });
    const once = relu.apply(twice.apply(input)) as tf.SymbolicTensor;
    const again = relu.apply(twice.apply(once)) as tf.SymbolicTensor;
    const last = tf.layers.dense({ units: 3, name: 'last', biasInitializer: 'randomNormal' });
    return tf.model({ inputs: input, outputs: last.apply(again) as tf.SymbolicTensor });
  }

  const applied = (model: tf.LayersModel) => (x: tf.Tensor) => model.apply(x.expandDims()) as tf.Tensor;

  it('a layer and a ReLU used twice: W contains the slopes of both uses, and b the biases of both', async () => {
    const model = reused();
    const lin = await holds(model, applied(model), x6());
    const parts = await lin.biasByLayer();
    assert.deepEqual(
      parts.map(part => part.layer),
      ['twice', 'last'],
    );
    const sum = tf.addN(parts.map(part => tf.tensor(part.bias)));
    assert.ok((sum.sub(lin.bias).abs().max().arraySync() as number) < 1e-5);
  });

  it('`to` a layer used twice means its last use', async () => {
    const model = reused();
    const lin = await linearize(model, x6(), { to: 'twice' });
    const [kernel, bias] = model.getLayer('twice').getWeights() as [tf.Tensor2D, tf.Tensor1D];
    const use = (v: tf.Tensor) => tf.matMul(v as tf.Tensor2D, kernel).add(bias);
    const expected = use(tf.relu(use(x6().expandDims())));
    assert.ok((lin.output.sub(expected.flatten()).abs().max().arraySync() as number) < 1e-5);
    assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
  });

  it('one weight that a function uses twice', async () => {
    const w = numbers(tf, [6, 6], 2) as tf.Tensor2D;
    const f = (x: tf.Tensor) => {
      const row = x.reshape([1, 6]);
      return tf.matMul(tf.relu(tf.matMul(row, w)), w, false, true).add(tf.matMul(row, w));
    };
    await holds(f, f, x6());
  });

  it('an activation read by several layers, and added to itself', async () => {
    const f = (x: tf.Tensor) => {
      const z = tf.relu(x.mul(2));
      return z
        .add(z)
        .add(z.mul(3))
        .sub(tf.relu(z.sub(0.5)));
    };
    await holds(f, f, x6());
  });

  it('ties in max-pooling: one entry of the window, not all of them', async () => {
    const f = (x: tf.Tensor) => tf.maxPool(x as Image, 3, 2, 'same');
    for (const x of [
      tf.zeros([1, 5, 5, 2]),
      tf.ones([1, 5, 5, 2]),
      tf.onesLike(tf.zeros([1, 5, 5, 2])).neg(),
    ]) {
      const lin = await linearize(f, x);
      assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
      const perOutput = (await lin.weights.toTensor()).sum(1);
      assert.ok(
        (perOutput.sub(1).abs().max().arraySync() as number) === 0,
        'each output has weight 1 in all',
      );
    }
  });

  it('ties in a maximum over an axis and in sorting', async () => {
    for (const f of [(x: tf.Tensor) => tf.max(x, 1), (x: tf.Tensor) => tf.topk(x, 2).values]) {
      const lin = await linearize(f, tf.ones([3, 4]));
      assert.deepEqual(await lin.residual({ every: true }), { absolute: 0, relative: 0, ulps: 0 });
      const rows = await lin.weights.toTensor();
      assert.equal(rows.sum().arraySync(), rows.shape[0]);
      assert.ok(rows.max(0).sum().arraySync() === rows.shape[0], 'no two outputs read the same entry');
    }
  });

  it('pre-activations of exactly 0: the closed side, and no residual', async () => {
    const lin = await linearize((x: tf.Tensor) => tf.relu(x.sub(1)), tf.ones([4]));
    assert.deepEqual(await lin.residual({ every: true }), { absolute: 0, relative: 0, ulps: 0 });
    assert.equal((await lin.weights.toTensor()).abs().max().arraySync(), 0);
  });

  it('x = 0: F(0) = b', async () => {
    const model = reused();
    const lin = await linearize(model, tf.zeros([6]));
    assert.ok((lin.output.sub(lin.bias).abs().max().arraySync() as number) < 1e-6);
    assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
  });

  it('x = 0 under each policy, where φ(z)/z is 0/0', async () => {
    const f = (x: tf.Tensor) =>
      tf.addN([
        tf.tanh(x),
        tf.elu(x),
        tf.sigmoid(x),
        tf.softplus(x),
        tf.exp(x),
        x.mul(tf.sigmoid(x)),
        tf.erf(x),
      ]);
    for (const policy of ['tangent', 'gate'] as const) {
      for (const x of [tf.zeros([4]), tf.fill([4], 1e-20), tf.fill([4], -1e-4)]) {
        const lin = await linearize(f, x, { policy });
        assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
        const slopes = tf.diag(tf.grad((z: tf.Tensor) => f(z).sum())(x));
        const error = (await lin.weights.toTensor()).sub(slopes).abs().max().arraySync() as number;
        assert.ok(error < 1e-3, `W is the slope at 0: ${error}`);
      }
    }
  });

  it('batch norm with variance 0', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.batchNormalization({ inputShape: [6], movingVarianceInitializer: 'zeros' }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    await holds(model, applied(model), x6());
  });

  it('a dead network: W is 0, and b is the output', async () => {
    const lin = await linearize((x: tf.Tensor) => tf.relu(x.sub(100)).add(2), x6());
    assert.equal((await lin.weights.toTensor()).abs().max().arraySync(), 0);
    assert.deepEqual(await lin.bias.array(), Array(6).fill(2));
  });

  it('a policy by layer is used there and nowhere else', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [6], activation: 'tanh', name: 'first' }),
        tf.layers.dense({ units: 4, activation: 'elu', name: 'second' }),
        tf.layers.dense({ units: 2, name: 'last' }),
      ],
    });
    const lin = await linearize(model, x6(), { policy: { second: 'gate' } });
    assert.deepEqual(lin.policies, [
      { layer: 'first', policy: 'tangent' },
      { layer: 'second', policy: 'gate' },
    ]);
    assert.equal(lin.exact, false);
    assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
    const exact = await linearize(model, x6(), { to: 'first' });
    assert.equal(exact.exact, false, 'the activation belongs to the layer');
  });

  it('a policy that F(x) does not need is not reported', async () => {
    const f = (x: tf.Tensor) => {
      const attention = tf.softmax(tf.matMul(x, x, false, true));
      return tf.matMul(attention, x);
    };
    const lin = await linearize(f, numbers(tf, [3, 4]), { policy: 'gate' });
    assert.deepEqual(
      lin.policies.map(use => use.policy),
      ['gate'],
    );
  });
}
