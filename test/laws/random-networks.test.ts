import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';

/** Measured up to 2e-6 for networks of this depth. */
const TOLERANCE = 2e-5;

const NETWORKS = 60;
const DEPTH = 6;

/** A seeded generator of numbers (Park and Miller's). */
function generator(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

type Op = (x: tf.Tensor) => tf.Tensor;
/** Draws an operation for activations of shape [N, H, W, C], with its own constants. */
type Draw = (random: () => number, shape: number[]) => Op;

const draw = (random: () => number, shape: number[], scale = 1) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => (random() * 2 - 1) * scale),
    shape,
  );
const whole = (random: () => number, from: number, to: number) =>
  from + Math.floor(random() * (to - from + 1));

/** Piecewise linear operations of all families that keep four axes. */
const exact: Draw[] = [
  (random, [, , , c]) => {
    const filter = draw(random, [3, 3, c, whole(random, 2, 4)], 0.5) as tf.Tensor4D;
    const stride = whole(random, 1, 2);
    return x => tf.conv2d(x as tf.Tensor4D, filter, stride, 'same');
  },
  (random, [, , , c]) => {
    const filter = draw(random, [2, 3, c, 1]) as tf.Tensor4D;
    return x => tf.depthwiseConv2d(x as tf.Tensor4D, filter, 1, 'same');
  },
  (random, [, , , c]) => {
    const bias = draw(random, [c]);
    return x => tf.relu(x.add(bias));
  },
  (random, [, , , c]) => {
    const alpha = draw(random, [c]);
    return x => tf.prelu(x, alpha);
  },
  () => x => tf.clipByValue(x, -0.7, 0.9),
  () => x => tf.abs(x.sub(0.2)),
  random => {
    const size = whole(random, 1, 3);
    return x => tf.maxPool(x as tf.Tensor4D, size, 1, 'same');
  },
  () => x => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same'),
  () => x => tf.concat([x, tf.relu(x)], 3),
  () => x => x.add(tf.relu(x.mul(-1.5))),
  () => x => tf.transpose(x, [0, 2, 1, 3]),
  () => x => tf.reverse(x, [1, 3]),
  (_random, [, h, w]) =>
    x =>
      tf.image.resizeBilinear(x as tf.Tensor4D, [h + 1, w + 2]),
  () => x => tf.maximum(x, x.mean(3, true)),
  () => x => tf.where(tf.greater(x, 0.3), x.mul(0.5), x),
  () => x => tf.cumsum(x, 3).mul(0.5),
  (random, [, , , c]) => {
    const [mean, variance] = [draw(random, [c]), draw(random, [c]).square().add(0.5)];
    return x => tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D);
  },
  (random, [, , , c]) => {
    const order = tf.tensor1d(
      Array.from({ length: c }, () => whole(random, 0, c - 1)),
      'int32',
    );
    return x => tf.gather(x, order, 3);
  },
];

/** Operations that need a policy. */
const smooth: Draw[] = [
  () => x => tf.tanh(x),
  () => x => tf.elu(x),
  () => x => x.mul(tf.sigmoid(x)),
  () => x => tf.softmax(x),
  () => x => x.mul(tf.sigmoid(x.mean([1, 2], true))),
  () => x => x.div(x.square().mean(3, true).add(0.1).sqrt()),
];

/** A network of random operations that ends with a dense layer. */
function network(seed: number, from: Draw[], shape: number[]): Op {
  const random = generator(seed);
  const ops: Op[] = [];
  let now = shape;
  for (let i = 0; i < DEPTH; i++) {
    const op = from[whole(random, 0, from.length - 1)](random, now);
    ops.push(op);
    now = tf.tidy(() => op(tf.zeros(now)).shape);
  }
  const last = draw(random, [now.slice(1).reduce((a, b) => a * b, 1), 4]) as tf.Tensor2D;
  const bias = draw(random, [4]);
  return x => tf.matMul(ops.reduce((v, op) => op(v), x).reshape([now[0], -1]), last).add(bias);
}

describe('random networks of all rules', () => {
  useBackend('tensorflow');

  for (const [what, from, policies] of [
    ['piecewise linear', exact, [undefined]],
    ['smooth', [...exact, ...smooth, ...smooth], ['tangent', 'gate']],
  ] as [string, Draw[], (undefined | 'tangent' | 'gate')[]][]) {
    for (const policy of policies) {
      it(`${NETWORKS} that are ${what}${policy === undefined ? '' : `, ${policy}`}: W·x + b = F(x), and the pushes are adjoint`, async () => {
        for (let seed = 1; seed <= NETWORKS; seed++) await tidied(() => holds(seed, from, policy));
      });
    }
  }

  async function holds(seed: number, from: Draw[], policy: 'tangent' | 'gate' | undefined): Promise<void> {
    const shape = [2, 4, 5, 2];
    const f = network(seed, from, shape);
    const x = draw(generator(seed + 1000), shape, 1.5);
    const lin = await linearize(f, x, { policy });
    if (from === exact) assert.ok(lin.exact, `network ${seed} is exact`);
    const { relative } = await lin.residual({ every: true });
    assert.ok(relative <= TOLERANCE, `network ${seed}: relative residual ${relative}`);
    const [u, v] = [draw(generator(seed + 2000), [8]), draw(generator(seed + 3000), shape)];
    const [pushed, pulled] = [await lin.weights.apply(v), await lin.weights.applyTranspose(u)];
    const terms = u.mul(pushed);
    const apart = terms.sum().sub(pulled.mul(v).sum()).abs().arraySync() as number;
    // Where W is almost zero (a softmax of one channel), only rounding at the size of the outputs remains.
    const sizes = [terms, pulled.mul(v), u.mul(lin.output.flatten())];
    const scale = Math.max(...sizes.map(t => t.abs().sum().arraySync() as number));
    assert.ok(
      apart <= TOLERANCE * scale,
      `network ${seed}: ⟨u, L v⟩ and ⟨Lᵀ u, v⟩ are ${apart} apart at a scale of ${scale}`,
    );
    lin.dispose();
  }

  async function tidied(work: () => Promise<void>): Promise<void> {
    tf.engine().startScope();
    try {
      await work();
    } finally {
      tf.engine().endScope();
    }
  }
});
