import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { NonFiniteInputError, VectorShapeError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';

/** y = relu(x₀) + relu(x₁) + max(x₂, x₃): its regions can be computed by hand. */
const network = (x: tf.Tensor) =>
  tf.tidy(() => {
    const [a, b] = [x.slice([0, 0], [1, 2]), x.slice([0, 2], [1, 2])];
    return a.relu().sum(1, true).add(b.max(1, true));
  });

/** Counts how often TensorFlow.js runs a kernel until `end()` is called. */
function countKernels(kernel: string) {
  const engine = tf.engine();
  const { runKernel } = engine;
  let count = 0;
  engine.runKernel = function (this: typeof engine, name, ...rest) {
    if (name === kernel) count++;
    return runKernel.call(this, name, ...rest);
  } as typeof runKernel;
  return {
    end() {
      engine.runKernel = runKernel;
      return count;
    },
  };
}

describe('lin.whatIf(x’)', () => {
  useBackend('tensorflow');

  for (const executor of ['tfjs', 'onnx'] as const) {
    it(`counts the units that switch, and predicts by the map of x (${executor})`, async () => {
      const before = tf.memory().numTensors;
      const lin = await linearize(network, [[1, -1, 3, 2]], { executor });
      const cases: { other: number[]; switched: number; output: number; predicted: number }[] = [
        { other: [2, -3, 5, 4], switched: 0, output: 7, predicted: 7 },
        { other: [2, 3, 5, 4], switched: 1, output: 10, predicted: 7 },
        { other: [-2, 3, 5, 6], switched: 3, output: 9, predicted: 3 },
      ];
      for (const { other, ...expected } of cases) {
        const x = tf.tensor2d([other]);
        const { output, predicted, switched, units } = await lin.whatIf(x);
        const found = { switched, output: output.dataSync()[0], predicted: predicted.dataSync()[0] };
        assert.deepEqual(found, expected);
        assert.equal(units, 3);
        tf.dispose([x, output, predicted]);
      }
      lin.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it('counts a window of a pool once, and ignores changes among its losing entries', async () => {
    const model = tf.sequential({
      layers: [tf.layers.maxPooling2d({ poolSize: 2, inputShape: [2, 4, 1] }), tf.layers.flatten()],
    });
    const x = tf.tensor([9, 1, 0, 0, 2, 3, 4, 8], [2, 4, 1]);
    const lin = await linearize(model, x);
    const cases: { other: number[]; switched: number }[] = [
      // In the first window, the larger entry of the losing row changes: first it is 3, then 2.
      { other: [9, 1, 0, 0, 3, 2, 4, 8], switched: 0 },
      { other: [9, 1, 0, 0, 3, 10, 4, 8], switched: 1 },
      { other: [1, 9, 0, 0, 2, 3, 8, 4], switched: 2 },
    ];
    for (const { other, switched } of cases) {
      const found = await lin.whatIf(tf.tensor(other, [2, 4, 1]));
      assert.deepEqual([found.switched, found.units], [switched, 2]);
      const there = await linearize(model, tf.tensor(other, [2, 4, 1]));
      const [here, region] = [await lin.region(), await there.region()];
      assert.equal(here.hash === region.hash, switched === 0);
      assert.equal(here.units, 2);
      there.dispose();
    }
    lin.dispose();
  });

  it('answers several questions at once, and keeps the gates at x for the next one', async () => {
    const [one, two] = [tf.tensor2d([[2, 3, 5, 4]]), tf.tensor2d([[-2, 3, 5, 6]])];
    const before = tf.memory().numTensors;
    const lin = await linearize(network, [[1, -1, 3, 2]]);
    const answers = await Promise.all([lin.whatIf(one), lin.whatIf(two)]);
    const [compared, held] = [countKernels('Greater'), tf.memory().numTensors];
    answers.push(await lin.whatIf(one));
    assert.deepEqual(
      answers.map(({ switched }) => switched),
      [1, 3, 1],
    );
    assert.equal(compared.end(), 1, 'the thresholds at x’ alone: those at x are known');
    assert.equal(tf.memory().numTensors, held + 2);
    tf.dispose(answers as never);
    lin.dispose();
    assert.equal(tf.memory().numTensors, before);
    tf.dispose([one, two]);
  });

  it('refuses another shape and numbers that are not finite, and leaves nothing behind', async () => {
    const x = tf.tensor2d([[1, -1, 3, 2]]);
    const lin = await linearize(network, x);
    const wrong = [tf.zeros([1, 5]), tf.tensor2d([[1, NaN, 3, 2]])];
    const before = tf.memory().numTensors;
    await assert.rejects(lin.whatIf(wrong[0]), VectorShapeError);
    await assert.rejects(lin.whatIf(wrong[1]), NonFiniteInputError);
    assert.equal(tf.memory().numTensors, before);
    tf.dispose([x, ...wrong]);
    lin.dispose();
  });
});
