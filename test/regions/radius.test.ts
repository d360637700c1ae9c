import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { BatchError, InstanceIndexError, NoRegionError, RegionStartError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import reference from '../fixtures/regions-reference.json';
import { referenceInput, referenceNetwork } from './reference-network';

/** Float32 against float64: the error of a pre-activation, as a share of one that is small; measured up to 2e-5. */
const TOLERANCE = 1e-4;

const LAYERS: Record<string, string> = {
  leaky: 'leaky',
  pool: 'pool',
  low: 'clip',
  high: 'clip',
  abs: 'abs',
};

/** y = relu(x₀) + relu(x₁) + max(x₂, x₃). */
const byHand = (x: tf.Tensor) =>
  tf.tidy(() => {
    const [a, b] = [x.slice([0, 0], [1, 2]), x.slice([0, 2], [1, 2])];
    return a.relu().sum(1, true).add(b.max(1, true));
  });

describe('lin.radius()', () => {
  useBackend('tensorflow');

  for (const executor of ['tfjs', 'onnx'] as const) {
    for (const norm of ['l2', 'linf'] as const) {
      it(`is the distance that ${reference.reference} gives, and names the unit (${norm}, ${executor})`, async () => {
        const model = referenceNetwork();
        for (const [i, expected] of reference.cases.entries()) {
          const lin = await linearize(model, referenceInput(i), { executor });
          const { distance, lower, exact, unit, point, touching } = await lin.radius({ norm });
          const error = Math.abs(distance - expected[norm].distance) / expected[norm].distance;
          assert.ok(error < TOLERANCE, `${distance} where ${expected[norm].distance} is right`);
          assert.deepEqual([lower, exact, touching], [distance, true, 0]);
          assert.equal(unit!.layer, LAYERS[expected[norm].gate]);
          assert.deepEqual(point!.shape, [6, 6, 2]);
          lin.dispose();
        }
      });
    }

    it(`can be computed by hand (${executor})`, async () => {
      const x = tf.tensor2d([[3, -2, 5, 4]]);
      const before = tf.memory().numTensors;
      const lin = await linearize(byHand, x, { executor });
      const l2 = await lin.radius();
      assert.ok(Math.abs(l2.distance - Math.SQRT1_2) < 1e-6);
      assert.equal(l2.unit!.kind, 'choice');
      assert.ok(Math.hypot(...[3, -2, 4.5, 4.5].map((v, i) => v - l2.point!.dataSync()[i])) < 1e-6);
      const linf = await lin.radius({ norm: 'linf' });
      assert.ok(Math.abs(linf.distance - 0.5) < 1e-6);
      tf.dispose([l2.point!, linf.point!]);
      lin.dispose();
      assert.equal(tf.memory().numTensors, before);
      x.dispose();
    });
  }

  it('is 0 on a tie or, on request, the distance to the nearest hyperplane that x is not on', async () => {
    const lin = await linearize(byHand, [[0, -2, 5, 5]]);
    const counted = await lin.radius();
    assert.deepEqual([counted.distance, counted.touching], [0, 2]);
    assert.deepEqual([...counted.point!.dataSync()], [0, -2, 5, 5]);
    const skipped = await lin.radius({ ties: 'skip' });
    assert.deepEqual([skipped.distance, skipped.unit!.position], [2, [1]]);
    lin.dispose();
  });

  it('is infinite if nothing can switch', async () => {
    const lin = await linearize((x: tf.Tensor) => x.mul(2).add(1), [1, 2]);
    const { distance, exact, unit, point } = await lin.radius();
    assert.deepEqual([distance, exact, unit, point], [Infinity, true, null, null]);
    assert.equal((await lin.region()).units, 0);
    lin.dispose();
  });

  it('is bounded from both sides if the exact distance takes too long, by both executors', async () => {
    const model = referenceNetwork();
    for (const [norm, executor] of [
      ['l2', 'tfjs'],
      ['linf', 'onnx'],
    ] as const) {
      for (const [i, expected] of reference.cases.entries()) {
        const lin = await linearize(model, referenceInput(i), { executor });
        const { distance, lower, exact } = await lin.radius({ norm, exact: false });
        const right = expected[norm].distance;
        assert.ok(lower <= right * (1 + TOLERANCE) && right <= distance * (1 + TOLERANCE));
        assert.ok(lower > 0 && (!exact || lower === distance));
        lin.dispose();
      }
    }
  });

  it('agrees with the network: nothing switches within it, and the named unit does just outside', async () => {
    const model = referenceNetwork();
    const x = referenceInput(1);
    const lin = await linearize(model, x);
    const home = await lin.region();
    const { distance, point, unit } = await lin.radius();
    for (let probe = 0; probe < 20; probe++) {
      const direction = tf.randomNormal(x.shape, 0, 1, 'float32', probe);
      const inside = x.add(direction.mul(0.999 * distance).div(direction.norm()));
      assert.equal((await regionOf(model, inside)).hash, home.hash);
    }
    const outside = x.add(point!.sub(x).mul(1.001));
    const beyond = await regionOf(model, outside);
    // A ReLU with a limit is a rectifier and a clip: two gates with one hyperplane.
    assert.deepEqual(switched(home, beyond), [unit, unit]);
    lin.dispose();
  });

  it('is given for each instance of a batch, and refused for an instance that does not exist', async () => {
    const model = referenceNetwork();
    const lin = await linearize(model, tf.stack([referenceInput(0), referenceInput(1)]));
    const { distance, point } = await lin.instance(1).radius();
    assert.ok(Math.abs(distance / reference.cases[1].l2.distance - 1) < TOLERANCE);
    assert.deepEqual(point!.shape, [6, 6, 2]);
    assert.throws(() => lin.instance(2), InstanceIndexError);
    await assert.rejects(lin.radius(), BatchError);
    lin.dispose();
  });

  it('is refused between layers and where there is no region, with the name of the layer', async () => {
    const attention = (x: tf.Tensor) => x.relu().add(x.tanh());
    for (const policy of ['gate', 'tangent'] as const) {
      const lin = await linearize(attention, [1, 2], { policy });
      await assert.rejects(lin.radius(), NoRegionError);
      await assert.rejects(lin.region(), NoRegionError);
    }
    const rounded = await linearize((x: tf.Tensor) => x.add(x.round()), [1.2, 2]);
    await assert.rejects(rounded.radius(), NoRegionError);
    const inner = await linearize(referenceNetwork(), referenceInput(0), { from: 'pool' });
    await assert.rejects(inner.radius(), RegionStartError);
  });

  it('agrees with whatIf for a shipped network and a digit that is not on a border', async () => {
    const { model, digits } = await mnistCnn();
    const x = digits.instance(3).add(tf.randomUniform([28, 28, 1], 0, 0.05, 'float32', 1));
    const lin = await linearize(model, x);
    const { distance, point, exact, touching } = await lin.radius();
    assert.deepEqual([exact, touching], [true, 0]);
    assert.ok(distance > 0);
    const inside = await lin.whatIf(x.add(point!.sub(x).mul(0.9)));
    assert.equal(inside.switched, 0);
    lin.dispose();
  });
});

async function regionOf(model: tf.LayersModel, x: tf.Tensor) {
  const lin = await linearize(model, x);
  const region = await lin.region();
  lin.dispose();
  return region;
}

type Region = Awaited<ReturnType<typeof regionOf>>;

/** The units that are set differently. */
function switched(a: Region, b: Region) {
  return a.gates.flatMap(({ layer, kind, shape, states }, g) =>
    [...states.keys()]
      .filter(i => states[i] !== b.gates[g].states[i])
      .map(i => {
        const [, columns, channels] = shape;
        const position = [
          Math.floor(i / channels / columns),
          Math.floor(i / channels) % columns,
          i % channels,
        ];
        return { layer, kind, position };
      }),
  );
}
