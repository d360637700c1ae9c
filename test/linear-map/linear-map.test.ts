import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { AbortError, ComposeError, RankError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose, taken } from './close';
import { autoencoder, decoder, residualNet } from './networks';

interface Answer {
  values: number[];
  best: number[];
  frobenius: number;
  spectral: number;
  rank: number;
}

function numpy(matrices: tf.Tensor3D, k: number): Answer[] {
  const { status, stdout, stderr } = spawnSync('python3', [path.join(__dirname, 'svd.py')], {
    input: JSON.stringify({ maps: matrices.arraySync(), k }),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Answer[];
}

const executors = ['tfjs', 'onnx'] as const;

/** Networks whose rows are computed by three strategies: through a waist, forward, in reverse. */
const networks: [string, () => tf.LayersModel, number][] = [
  ['an autoencoder', autoencoder, 2],
  ['a decoder', decoder, 3],
  ['a residual network', residualNet, 3],
];

/** W by tf.grad, one output at a time. */
function jacobian(model: tf.LayersModel, x: tf.Tensor, to: string): tf.Tensor2D {
  const logits = tf.model({ inputs: model.inputs, outputs: model.getLayer(to).input as tf.SymbolicTensor });
  const [kernel, bias] = model.getLayer(to).getWeights();
  const f = (z: tf.Tensor) =>
    tf.matMul(logits.apply(z.expandDims()) as tf.Tensor2D, kernel as tf.Tensor2D).add(bias);
  const rows = Array.from({ length: kernel.shape[1]! }, (_, c) =>
    tf
      .grad((z: tf.Tensor) => f(z).slice([0, c], [1, 1]).sum())(x)
      .flatten(),
  );
  return tf.stack(rows) as tf.Tensor2D;
}

for (const executor of executors) {
  describe(`W as an operator, by ${executor}`, () => {
    useBackend('tensorflow');

    for (const [name, build, k] of networks) {
      it(`is the Jacobian of tf.grad for ${name}, whichever row strategy computes it`, async () => {
        const model = build();
        const x = tf.randomNormal(model.inputs[0].shape.slice(1) as number[], 0, 1, 'float32', 5);
        const lin = await linearize(model, x, { executor });
        const expected = jacobian(model, x, model.layers.at(-1)!.name);
        assertClose('W', await taken(lin.weights.toTensor()), await expected.data());
        lin.dispose();
      });

      it(`has NumPy's singular values, norms and best map of rank ${k} for ${name}, one and a batch`, async () => {
        const model = build();
        const batch = tf.randomNormal(
          [3, ...(model.inputs[0].shape.slice(1) as number[])],
          0,
          1,
          'float32',
          6,
        );
        for (const x of [tf.unstack(batch)[0], batch]) {
          const lin = await linearize(model, x, { executor });
          const [outputs, inputs] = lin.weights.shape;
          const matrices = (await lin.weights.toTensor()).reshape([-1, outputs, inputs]) as tf.Tensor3D;
          const answers = numpy(matrices, k);
          const { values, left, right } = await lin.weights.svd(k);
          assertClose(
            'values',
            await values.data(),
            answers.flatMap(a => a.values),
          );
          const scaled = left.reshape([-1, k, outputs]).mul(values.reshape([-1, k, 1]));
          const best = tf.matMul(scaled.transpose([0, 2, 1]), right.reshape([-1, k, inputs]));
          assertClose(
            'Σ σ·u·vᵀ',
            await best.data(),
            answers.flatMap(a => a.best),
            1e-4,
          );
          const frobenius = await taken(lin.weights.norm());
          assertClose(
            'the Frobenius norm',
            frobenius,
            answers.map(a => a.frobenius),
          );
          const spectral = await taken(lin.weights.norm('spectral'));
          assertClose(
            'the spectral norm',
            spectral,
            answers.map(a => a.spectral),
          );
          const bound = await lin.weights.rankBound();
          assert.ok(
            answers.every(a => a.rank <= bound),
            `ranks ${answers.map(a => a.rank)} ≤ ${bound}`,
          );
          lin.dispose();
        }
      });
    }

    it('bounds the rank of an autoencoder by the open units of its code', async () => {
      const model = autoencoder();
      const x = tf.randomNormal([60], 0, 1, 'float32', 5);
      const lin = await linearize(model, x, { executor });
      const code = tf.model({
        inputs: model.inputs,
        outputs: model.getLayer('code').output as tf.SymbolicTensor,
      });
      const open = tf.sum(tf.greater(code.apply(x.expandDims()) as tf.Tensor, 0)).arraySync();
      assert.equal(await lin.weights.rankBound(), open);
      lin.dispose();
    });

    it('splits at any layer: the map after it composed with the map before it is W', async () => {
      const model = residualNet();
      const x = tf.randomNormal([8, 8, 2], 0, 1, 'float32', 5);
      const whole = await linearize(model, x, { executor });
      const before = await linearize(model, x, { executor, to: 'first' });
      const after = await linearize(model, x, { executor, from: 'first' });
      const composed = after.weights.compose(before.weights);
      assert.deepEqual(composed.shape, whole.weights.shape);
      assertClose('W', await taken(composed.toTensor()), await taken(whole.weights.toTensor()));
      assertClose('W·v', await taken(composed.apply(x)), await taken(whole.weights.apply(x)));
      const u = tf.randomNormal([5], 0, 1, 'float32', 8);
      assertClose(
        'Wᵀ·u',
        await taken(composed.applyTranspose(u)),
        await taken(whole.weights.applyTranspose(u)),
      );
      assert.throws(() => before.weights.compose(after.weights), ComposeError);
      for (const lin of [whole, before, after]) lin.dispose();
    });
  });
}

describe('svd(k)', () => {
  useBackend('tensorflow');

  it('gives a slowly falling spectrum without writing W out', async () => {
    const values = Float32Array.from({ length: 300 }, (_, i) => 1 / Math.sqrt(i + 1));
    const [left, right] = [11, 12].map(
      seed => tf.linalg.qr(tf.randomNormal([300, 300], 0, 1, 'float32', seed))[0],
    );
    const matrix = left.mul(values).matMul(right as tf.Tensor2D, false, true) as tf.Tensor2D;
    const lin = await linearize(x => tf.matMul(x.reshape([1, 300]) as tf.Tensor2D, matrix), tf.ones([300]));
    const found = await lin.weights.svd(5);
    assertClose('values', await found.values.data(), values.subarray(0, 5));
    lin.dispose();
  });

  it('gives as many values as the rank of W', async () => {
    const lin = await linearize(x => tf.sum(x.reshape([3, 4]), 1).mul(tf.tensor([1, 1, 0])), tf.ones([12]));
    const { values, right } = await lin.weights.svd(3);
    assertClose('values', await values.data(), [2, 2]);
    assert.deepEqual(right.shape, [2, 12]);
    lin.dispose();
  });

  /** Singular values of maps that are hard for iterations, all of 60 × 40. */
  const spectra: [string, number[], number][] = [
    ['equal values', Array<number>(40).fill(2), 3],
    ['a cluster of four at the top', [5, 5, 5, 5, ...Array.from({ length: 36 }, (_, i) => 4 - i / 10)], 4],
    ['a cluster that differs in the fifth digit', [3, 2.99997, 2.99994, ...Array<number>(37).fill(0.5)], 3],
    ['a rank below k', [7, 3, ...Array<number>(38).fill(0)], 5],
    ['values over five decades', Array.from({ length: 40 }, (_, i) => 10 ** (-i / 2)), 8],
    ['tiny values', [3e-30, 2e-30, 1e-30, ...Array<number>(37).fill(0)], 3],
  ];
  for (const [name, values, k] of spectra)
    it(`has NumPy's values and best map for ${name}`, async () => {
      const [left, right] = [60, 40].map(
        (size, i) => tf.linalg.qr(tf.randomNormal([size, 40], 0, 1, 'float32', 21 + i))[0] as tf.Tensor2D,
      );
      const matrix = tf.matMul(left.mul(values), right, false, true) as tf.Tensor2D;
      const lin = await linearize(
        x => tf.matMul(matrix, x.reshape([40, 1]) as tf.Tensor2D).reshape([60]),
        tf.ones([40]),
      );
      const scale = values[0];
      const [expected] = numpy(matrix.div(scale).expandDims() as tf.Tensor3D, k);
      const found = await lin.weights.svd(k);
      const count = found.values.size;
      assert.equal(count, values.slice(0, k).filter(v => v > 1e-7 * scale).length);
      assertClose('values', await taken(found.values.div(scale)), expected.values.slice(0, count), 1e-6);
      const gram = await taken(
        tf.matMul(found.right as tf.Tensor2D, found.right as tf.Tensor2D, false, true),
      );
      assertClose('right vectors are orthonormal', gram, tf.eye(count).dataSync(), 1e-4);
      // Within a cluster that k cuts, the best map is not unique; what is left of the map is.
      const scaled = found.left.mul(found.values.div(scale).expandDims(1)) as tf.Tensor2D;
      const rest = matrix.div(scale).sub(tf.matMul(scaled, found.right as tf.Tensor2D, true));
      const remainder = values.slice(count).reduce((sum, v) => sum + (v / scale) ** 2, 0);
      assertClose('what is left', [(await rest.square().sum().data())[0] + 1], [remainder + 1], 1e-4);
      assertClose(
        'the spectral norm',
        await taken(lin.weights.norm('spectral').then(n => n.div(scale))),
        [1],
        1e-6,
      );
      lin.dispose();
    });

  it('has no values, and norms of 0, where W is zero', async () => {
    const lin = await linearize(x => x.sub(10).relu(), tf.ones([4]));
    const { values, left, right } = await lin.weights.svd(2);
    assert.deepEqual([values.shape, left.shape, right.shape], [[0], [0, 4], [0, 4]]);
    for (const kind of ['spectral', 'frobenius'] as const)
      assert.deepEqual([...(await taken(lin.weights.norm(kind)))], [0]);
    lin.dispose();
  });

  it('ends at a signal, reports progress, and leaves no tensor behind', async () => {
    const lin = await linearize(residualNet(), tf.randomNormal([8, 8, 2], 0, 1, 'float32', 5));
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = (fraction: number) => {
      seen.push(fraction);
      controller.abort();
    };
    for (const ask of ['svd', 'norm'] as const) {
      const work = { signal: controller.signal, onProgress };
      const asked = ask === 'svd' ? lin.weights.svd(2, work) : lin.weights.norm('spectral', work);
      await assert.rejects(asked, AbortError);
    }
    assert.ok(seen.length > 0 && seen.every(fraction => fraction > 0 && fraction < 1));
    assert.equal(tf.memory().numTensors, before);
    lin.dispose();
  });

  it('refuses a k that is not 1 … min(C, D)', async () => {
    const lin = await linearize(x => tf.sum(x), tf.ones([4]));
    for (const k of [0, 2, 0.5]) await assert.rejects(lin.weights.svd(k), RankError);
    lin.dispose();
  });
});
