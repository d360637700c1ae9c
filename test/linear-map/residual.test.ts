import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { sourceOf, inputShape } from '../../kernel-ext/src/capture/source';
import type { Network } from '../../kernel-ext/src/linear-map/network';
import { measureResidual } from '../../kernel-ext/src/linear-map/residual';
import { ResidualSum } from '../../kernel-ext/src/linear-map/residual-sum';
import { CompiledAtInput } from '../../kernel-ext/src/linearization/compiled-at-input';
import { CompiledModel } from '../../kernel-ext/src/linearization/compiled-model';
import { useBackend } from '../backend';

const OUTPUTS = 40;
const SIDE = 8;
const D = SIDE * SIDE * 2;

const model = () => {
  const seeded = (seed: number) => tf.initializers.heNormal({ seed });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [SIDE, SIDE, 2],
        filters: 6,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: seeded(1),
        biasInitializer: seeded(2) as never,
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({
        units: OUTPUTS,
        kernelInitializer: seeded(3),
        biasInitializer: tf.initializers.ones() as never,
      }),
    ],
  });
};

/** Every second number is 0, as in an image with a black background. */
const input = (count: number) =>
  tf.tidy(() => {
    const x = tf.randomUniform([count, SIDE, SIDE, 2], 0, 1, 'float32', 4);
    return x.mul(
      tf.tensor(
        Float32Array.from({ length: x.size }, (_, i) => i % 2),
        x.shape,
      ),
    );
  });

/** The warnings and the residual of a network at x that is tampered with first. */
async function measured(
  count: number,
  change: (network: Network) => Partial<Network>,
  { bias: shift = 0, ...options }: { bias?: number; every?: boolean } = {},
) {
  const source = sourceOf(model());
  const x = input(count);
  const compiled = await CompiledModel.of(source, inputShape(source, x.shape));
  const map = await CompiledAtInput.freeze(compiled, compiled.checked(x), {});
  const network = Object.assign(Object.create(map.network) as Network, change(map.network));
  const { warn } = console;
  const logged: string[] = [];
  console.warn = (text: string) => logged.push(text);
  const bias = tf.tidy(() => {
    const numbers = map.bias.flatten().arraySync();
    numbers[3] += shift;
    return tf.tensor1d(numbers);
  });
  const before = tf.memory().numTensors;
  try {
    const reference = () => map.model.reference();
    const { residual } = await measureResidual(network, { x: map.input, bias, reference }, options);
    assert.equal(tf.memory().numTensors, before);
    return { residual, logged };
  } finally {
    console.warn = warn;
    bias.dispose();
    map.dispose();
  }
}

/** Changes one entry of W, in rows that are pulled back. */
const oneEntry =
  (output: number, k: number, by: number) =>
  (network: Network): Partial<Network> => ({
    async pullBack(u, work) {
      const rows = await network.pullBack(u, work);
      const numbers = (await rows.data()) as Float32Array;
      const weights = await u.data();
      const [stack, width] = rows.shape as [number, number];
      for (let l = 0; l < stack; l++) numbers[l * width + k] += by * weights[l * u.shape[1]! + output];
      rows.dispose();
      return tf.tensor2d(numbers, [stack, width]);
    },
  });

describe('the residual of a network', () => {
  useBackend('tensorflow');

  for (const every of [false, true])
    it(`is rounding, and nothing is logged, if W and b are right (every: ${every})`, async () => {
      for (const count of [1, 3]) {
        const { residual, logged } = await measured(count, () => ({}), { every });
        assert.ok(residual.relative > 0 && residual.relative < 1e-6, `${residual.relative}`);
        assert.deepEqual(logged, []);
      }
    });

  for (const [what, k] of [
    ['where x is not 0', 41],
    ['where x is 0, which W·x does not show', 40],
    ['of the last instance', 2 * D + 41],
  ] as const)
    it(`shows a single wrong entry of W ${what}`, async () => {
      // Entries of W are about 0.1 in size.
      for (const output of [0, 7, OUTPUTS - 1]) {
        const { residual, logged } = await measured(3, oneEntry(output, k, 0.1));
        assert.equal(logged.length, 1);
        assert.match(logged[0], /rows of W.*Do not trust this map/);
        assert.ok(residual.relative > 1e-4, `${residual.relative}`);
      }
    });

  for (const [what, fault] of [
    ['rows of another size', (rows: tf.Tensor) => rows.mul(1.001)],
    ['rows in another order', (rows: tf.Tensor) => rows.reverse(1)],
  ] as const)
    it(`shows ${what}`, async () => {
      const { residual, logged } = await measured(1, network => ({
        async pullBack(u, work) {
          const rows = await network.pullBack(u, work);
          const wrong = fault(rows);
          rows.dispose();
          return wrong;
        },
      }));
      assert.equal(logged.length, 1);
      assert.ok(residual.relative > 1e-4);
    });

  it('shows a wrong b, and by how much', async () => {
    const { residual, logged } = await measured(1, () => ({}), { bias: 0.25 });
    assert.ok(Math.abs(residual.absolute - 0.25) < 1e-5);
    assert.match(logged[0], /Output 3 of input 0 is off by 0\.250/);
  });

  it('never pulls back single rows, however many outputs there are', async () => {
    let pulls = 0;
    await measured(1, network => ({
      rows: () => assert.fail('a row was computed'),
      pullBack: (u, work) => {
        pulls += u.shape[0];
        return network.pullBack(u, work);
      },
    }));
    assert.equal(pulls, 3);
  });
});

describe('the sum of residuals', () => {
  const at = { instance: 0, output: 0 };

  it('is a share of the terms where F(x) is 0 and rounding is not', () => {
    const sum = new ResidualSum();
    sum.addOutput(at, { y: 0, product: -8, terms: 24, biases: [8 + 2 ** -18] });
    const { absolute, relative, ulps } = sum.residual;
    assert.equal(absolute, 2 ** -18);
    // Terms of 24, b and F(x) are 32 together, near which float32 values lie 2⁻¹⁸ apart.
    assert.ok(Math.abs(relative - 2 ** -23) < 1e-12 && Math.abs(ulps - 1) < 1e-3, `${relative}, ${ulps}`);
    assert.equal(sum.warning, null);
  });

  it('counts rounding of the transposes as the share of one output, however many outputs there are', () => {
    const sum = new ResidualSum();
    const ones = new Float32Array(10_000).fill(1);
    const row = Float32Array.of(10_000.01);
    // ⟨u, W·v⟩ − ⟨Wᵀu, v⟩ is 0.01 in float32, and u has norm 100.
    sum.addTransposes(0, true, { u: ones, product: ones, row, v: Float32Array.of(1), y: ones });
    const expected = (row[0] - 10_000) / 100;
    assert.ok(Math.abs(sum.residual.absolute - expected) < 1e-9, `${sum.residual.absolute}`);
  });

  it('is infinite, not NaN, where W·x + b overflows', () => {
    for (const product of [Infinity, NaN]) {
      const sum = new ResidualSum();
      sum.addOutput(at, { y: 1, product, terms: Infinity, biases: [0] });
      assert.deepEqual(sum.residual, { absolute: Infinity, relative: Infinity, ulps: Infinity });
      assert.match(sum.warning!, /Do not trust this map/);
    }
  });
});
