import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { capture } from '../../kernel-ext/src/capture/capture';
import { sourceOf } from '../../kernel-ext/src/capture/source';
import { linearize } from '../../kernel-ext/src/linearize';
import { rules } from '../../kernel-ext/src/rules/index';
import { backends, useBackend } from '../backend';
import { cases } from '../rules/cases';

/** Float32 sums of a few hundred products of unit size: 2^-24 each, measured up to 4e-7 relative. */
const TOLERANCE = 5e-6;

/** A step so small that no gate opens; of the 24 binary digits of F some 11 are left in the difference. */
const STEP = 2 ** -12;
const DIFFERENCE_TOLERANCE = 1e-2;

const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

const largest = (t: tf.Tensor) => t.abs().max().arraySync() as number;

/** The numbers agree to `tolerance` at the scale of what was expected, or of the terms of a sum. */
function close(
  what: string,
  actual: tf.Tensor,
  expected: tf.Tensor,
  tolerance = TOLERANCE,
  scale = largest(expected),
) {
  const error = largest(actual.flatten().sub(expected.flatten()));
  assert.ok(error <= tolerance * Math.max(scale, 1e-3), `${what}: off by ${error} at a scale of ${scale}`);
}

for (const backend of backends) {
  describe(`laws of every rule on the ${backend} backend`, () => {
    useBackend(backend);

    for (const { kernel, name, shape, build, noGradient, onlyOn } of cases) {
      if (onlyOn !== undefined && onlyOn !== backend) continue;
      it(`${kernel}: ${name}`, async () => {
        const model = build(tf);
        const x = tf.randomNormal(shape, 0, 1, 'float32', 3);
        const recorded = capture(sourceOf(model), x).calls.map(call => call.kernel);
        assert.ok(recorded.includes(kernel), `the function runs ${recorded.join(', ')}`);

        const lin = await linearize(model, x);
        const [outputs, inputs] = lin.weights.shape;
        assert.equal(inputs, size(shape));
        close('the plan computes F(x)', lin.output, model(x));
        const { relative } = await lin.residual();
        assert.ok(relative <= TOLERANCE, `W·x + b = F(x): relative residual ${relative}`);

        const matrix = (await lin.weights.toTensor()) as tf.Tensor2D;
        const u = tf.randomNormal([outputs], 0, 1, 'float32', 8);
        const v = tf.randomNormal(shape, 0, 1, 'float32', 9);
        const pushed = await lin.weights.apply(v);
        const pulled = await lin.weights.applyTranspose(u);
        close('apply(v) = toTensor()·v', pushed, matrix.matMul(v.reshape([inputs, 1])));
        close('applyTranspose(u) = toTensor()ᵀ·u', pulled, u.reshape([1, outputs]).matMul(matrix));
        const terms = u.mul(pushed);
        close(
          '⟨u, L v⟩ = ⟨Lᵀ u, v⟩',
          terms.sum(),
          pulled.mul(v).sum(),
          TOLERANCE,
          largest(terms.abs().sum()),
        );
        close(
          'row(i) = toTensor()[i]',
          await lin.row(outputs - 1),
          matrix.slice([outputs - 1, 0], [1, inputs]),
        );

        const ahead = model(x.add(v.mul(STEP)));
        const behind = model(x.sub(v.mul(STEP)));
        close('W·v is the slope of F along v', pushed, ahead.sub(behind).div(2 * STEP), DIFFERENCE_TOLERANCE);
        // On the cpu backend TensorFlow.js counts the padding in the gradient of an average pool; the native one is right.
        if (backend === 'tensorflow' && noGradient === undefined) {
          const gradient = tf.grad((z: tf.Tensor) => model(z).flatten().mul(u).sum());
          close('uᵀ·W is what tf.grad gives', pulled, gradient(x));
        }

        const parts = (await lin.biasByLayer()).map(part => tf.tensor(part.bias));
        close(
          'the parts of b sum to b',
          parts.length > 0 ? tf.addN(parts) : tf.zerosLike(lin.bias),
          lin.bias,
        );
        lin.dispose();
      });
    }
  });
}

describe('the onnx executor', () => {
  useBackend('tensorflow');

  for (const { kernel, name, shape, build, onlyOn } of cases) {
    if (onlyOn !== undefined) continue;

    it(`agrees with the tfjs executor on ${kernel}: ${name}`, async () => {
      const model = build(tf);
      const x = tf.randomNormal(shape, 0, 1, 'float32', 3);
      const [tfjs, onnx] = [await linearize(model, x), await linearize(model, x, { executor: 'onnx' })];
      close('F(x)', onnx.output, tfjs.output);
      close('b', onnx.bias, tfjs.bias);
      close('W', await onnx.weights.toTensor(), await tfjs.weights.toTensor());
      const v = tf.randomNormal(shape, 0, 1, 'float32', 9);
      close('W·v', await onnx.weights.apply(v), await tfjs.weights.apply(v));
      const [parts, expected] = [await onnx.biasByLayer(), await tfjs.biasByLayer()];
      assert.deepEqual(
        parts.map(part => part.layer),
        expected.map(part => part.layer),
      );
      parts.forEach((part, i) => close('b by layer', tf.tensor(part.bias), tf.tensor(expected[i].bias)));

      // With a budget below the size of W the rows come one block at a time.
      const tight = await linearize(model, x, { executor: 'onnx', memory: 1 });
      close('a row by itself', await tight.row(0), await tfjs.row(0));
      for (const lin of [tfjs, onnx, tight]) lin.dispose();
    });
  }
});

describe('the table of cases', () => {
  it('has a case for every rule', () => {
    const covered = new Set(cases.map(c => c.kernel));
    assert.deepEqual(
      [...rules.keys()].filter(kernel => !covered.has(kernel)),
      [],
    );
  });
});
