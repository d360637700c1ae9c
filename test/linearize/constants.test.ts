import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { compile, linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { numbers } from '../rules/case';

/** Anything that a function computes without x is a constant, whichever kernel computes it. */
const makers: [string, () => tf.Tensor][] = [
  ['Fill', () => tf.fill([3, 4], 0.7)],
  ['Range', () => tf.range(0, 4)],
  ['LinSpace', () => tf.linspace(-1, 1, 4)],
  ['OneHot', () => tf.oneHot(tf.tensor1d([1, 0, 3], 'int32'), 4).toFloat()],
  ['ZerosLike', () => tf.zerosLike(tf.ones([3, 4])).add(2)],
  ['GatherV2', () => tf.gather(numbers(tf, [5, 4]), tf.range(1, 4, 1, 'int32'))],
  ['Cos', () => tf.cos(tf.range(0, 4))],
];

describe('a tensor that a model computes without x', () => {
  for (const backend of ['tensorflow', 'cpu'] as const) {
    describe(`on the ${backend} backend`, () => {
      useBackend(backend);
      for (const [kernel, make] of makers) {
        it(`is a constant: ${kernel}`, async () => {
          const f = (x: tf.Tensor) => tf.relu(x.mul(make())).add(make());
          const x = numbers(tf, [3, 4], 3);
          const before = tf.memory().numTensors;
          const lin = await linearize(f, x);
          assert.equal(lin.exact, true);
          assert.ok((await lin.residual({ every: true })).relative <= 1e-6);
          lin.dispose();
          assert.equal(tf.memory().numTensors, before);
        });
      }
    });
  }

  it('can be the indices by which the model picks entries of x', async () => {
    const f = (x: tf.Tensor) => tf.gather(x, tf.range(3, 0, -2, 'int32'), 1);
    const lin = await linearize(f, tf.tensor2d([[1, 2, 3, 4]]));
    assert.deepEqual(await lin.output.array(), [4, 2]);
    assert.deepEqual(await (await lin.weights.toTensor()).array(), [
      [0, 0, 0, 1],
      [0, 1, 0, 0],
    ]);
    const compiled = await compile(f, [1, 4]);
    assert.deepEqual([compiled.outputs, compiled.exact], [2, true]);
  });
});
