import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { NonFiniteInputError, VectorShapeError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearize';
import { useBackend } from '../backend';

/** y = relu(x₀) + relu(x₁) + max(x₂, x₃): its regions can be told by hand. */
const network = (x: tf.Tensor) =>
  tf.tidy(() => {
    const [a, b] = [x.slice([0, 0], [1, 2]), x.slice([0, 2], [1, 2])];
    return a.relu().sum(1, true).add(b.max(1, true));
  });

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
