import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import reference from '../fixtures/mnist-cnn-reference.json';

/** Float32 against float64, relative to the largest entry; measured up to 5e-7. */
const TOLERANCE = 5e-6;

function floats(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer);
}

function assertClose(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  let [error, scale] = [0, 0];
  for (let i = 0; i < actual.length; i++) {
    error = Math.max(error, Math.abs(actual[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  assert.ok(error <= TOLERANCE * scale, `${what}: off by ${error} at a scale of ${scale}`);
}

describe('linearize on the shipped MNIST CNN', () => {
  useBackend('tensorflow');

  for (const { digit, logits, bias, weights } of reference.cases) {
    it(`gives the logits, W and b that ${reference.reference} gives for test digit ${digit}`, async () => {
      const { model, digits } = await mnistCnn();
      const lin = await linearize(model, digits.instance(digit));
      assert.deepEqual([lin.weights.shape, lin.cut, lin.to], [[10, 784], 'softmax', 'logits']);
      assertClose('F(x)', await lin.output.data(), logits);
      assertClose('b', await lin.bias.data(), bias);
      assertClose('W', await (await lin.weights.toTensor()).data(), floats(weights));
      lin.dispose();
    });
  }

  it('adds up: contributions and parts of b sum to the logit of every class', async () => {
    const { model, digits } = await mnistCnn();
    const lin = await linearize(model, digits.instance(0));
    const parts = await lin.biasByLayer();
    const totals = [];
    for (let c = 0; c < 10; c++) {
      const contribution = await (await lin.contribution(c)).data();
      const terms = [...contribution, ...parts.map(part => part.bias[c])];
      totals.push(terms.reduce((a, b) => a + b, 0));
    }
    assertClose('the sums', totals, await lin.output.data());
    lin.dispose();
  });

  it('gives contrast(7, 9) = row(7) − row(9)', async () => {
    const { model, digits } = await mnistCnn();
    const lin = await linearize(model, digits.instance(0));
    const contrast = await lin.contrast(7, 9);
    const difference = tf.sub(await lin.row(7), await lin.row(9));
    assertClose('W₇ − W₉', await contrast.data(), await difference.data());
    lin.dispose();
  });
});
