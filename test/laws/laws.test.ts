import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { capture } from '../../kernel-ext/src/capture/capture';
import { sourceOf } from '../../kernel-ext/src/capture/source';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { rules } from '../../kernel-ext/src/rules/index';
import type { Policy } from '../../kernel-ext/src/rules/policy';
import { backends, useBackend } from '../backend';
import type { Case } from '../rules/case';
import { cases } from '../rules/cases';

/** Float32 sums of a few hundred products of unit size: 2^-24 each, measured up to 4e-7 relative. */
const TOLERANCE = 5e-6;

/** A step so small that no gate switches; the difference keeps about 11 of the 24 binary digits of F. */
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

/** The policies under which a case is tested. */
const policiesFor = ({ smooth }: Case): (Policy | undefined)[] =>
  smooth ? ['tangent', 'gate'] : [undefined];

const titled = ({ kernel, name }: Case, policy: Policy | undefined) =>
  `${kernel}: ${name}${policy === undefined ? '' : `, ${policy}`}`;

for (const backend of backends) {
  describe(`laws of every rule on the ${backend} backend`, () => {
    useBackend(backend);

    for (const one of cases) {
      if (one.onlyOn?.includes(backend) === false) continue;
      for (const policy of policiesFor(one)) {
        it(titled(one, policy), async () => {
          const model = one.build(tf);
          const x = tf.randomNormal(one.shape, 0, 1, 'float32', 3);
          const { calls } = await capture(sourceOf(model), x);
          const recorded = calls.map(call => call.kernel);
          assert.ok(recorded.includes(one.kernel), `the function runs ${recorded.join(', ')}`);

          const lin = await linearize(model, x, { policy });
          assert.equal(lin.exact, policy === undefined, 'exact tells whether a policy was needed');
          close('the plan computes F(x)', lin.output, model(x));
          const { relative } = await lin.residual({ every: true });
          assert.ok(relative <= TOLERANCE, `W·x + b = F(x): relative residual ${relative}`);
          await operatorHolds(lin, one.shape);
          // A frozen factor is not differentiated, so W is not the slope.
          if (policy !== 'gate') await slopeHolds(lin, model, x, backend === 'tensorflow' && !one.noGradient);
          await biasHolds(lin);
          lin.dispose();
        });
      }
    }
  });
}

/** Checks that the methods of the operator agree with each other. */
async function operatorHolds(lin: Linearization, shape: number[]): Promise<void> {
  const { weights } = lin;
  const [outputs, inputs] = weights.shape;
  assert.equal(inputs, size(shape));
  const matrix = (await weights.toTensor()) as tf.Tensor2D;
  const u = tf.randomNormal([outputs], 0, 1, 'float32', 8);
  const v = tf.randomNormal(shape, 0, 1, 'float32', 9);
  const pushed = await weights.apply(v);
  const pulled = await weights.applyTranspose(u);
  close('apply(v) = toTensor()·v', pushed, matrix.matMul(v.reshape([inputs, 1])));
  close('applyTranspose(u) = toTensor()ᵀ·u', pulled, u.reshape([1, outputs]).matMul(matrix));
  const terms = u.mul(pushed);
  close('⟨u, L v⟩ = ⟨Lᵀ u, v⟩', terms.sum(), pulled.mul(v).sum(), TOLERANCE, largest(terms.abs().sum()));
  close('row(i) = toTensor()[i]', await lin.row(outputs - 1), matrix.slice([outputs - 1, 0], [1, inputs]));
}

/**
 * Checks that W is the slope of F, by differences and, where tf.grad is correct, by tf.grad. On the CPU backend, TensorFlow.js counts
 * the padding in the gradient of an average pool; on the native backend it does not.
 */
async function slopeHolds(
  { weights }: Linearization,
  model: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  hasGradient: boolean,
): Promise<void> {
  const v = tf.randomNormal(x.shape, 0, 1, 'float32', 9);
  const ahead = model(x.add(v.mul(STEP)));
  const behind = model(x.sub(v.mul(STEP)));
  const slope = ahead.sub(behind).div(2 * STEP);
  close('W·v is the slope of F along v', await weights.apply(v), slope, DIFFERENCE_TOLERANCE);
  if (!hasGradient) return;
  const u = tf.randomNormal([weights.shape[0]], 0, 1, 'float32', 8);
  const gradient = tf.grad((z: tf.Tensor) => model(z).flatten().mul(u).sum());
  close('uᵀ·W is what tf.grad gives', await weights.applyTranspose(u), gradient(x));
}

async function biasHolds(lin: Linearization): Promise<void> {
  const parts = (await lin.biasByLayer()).map(part => tf.tensor(part.bias));
  const sum = parts.length > 0 ? tf.addN(parts) : tf.zerosLike(lin.bias);
  close('the parts of b sum to b', sum, lin.bias);
}

describe('the onnx executor', () => {
  useBackend('tensorflow');

  const onEveryBackend = cases.filter(one => one.onlyOn?.includes('tensorflow') !== false);
  for (const [one, policy] of onEveryBackend.flatMap(c => policiesFor(c).map(p => [c, p] as const))) {
    it(`agrees with the tfjs executor on ${titled(one, policy)}`, async () => {
      const { shape } = one;
      const model = one.build(tf);
      const x = tf.randomNormal(shape, 0, 1, 'float32', 3);
      const tfjs = await linearize(model, x, { policy });
      const onnx = await linearize(model, x, { policy, executor: 'onnx' });
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

      // With a budget below the size of W, the rows are computed one block at a time.
      const tight = await linearize(model, x, { policy, executor: 'onnx', memory: 1 });
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
