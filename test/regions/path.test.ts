import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  DiscontinuityError,
  NoRegionError,
  NameCountError,
  NonFiniteInputError,
  PathEndsError,
  PieceIndexError,
} from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { path } from '../../kernel-ext/src/paths/path';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import reference from '../fixtures/regions-reference.json';
import { assertClose } from '../linear-map/close';
import { residualNet } from '../linear-map/networks';
import { referenceInput, referenceNetwork } from './reference-network';

/** Float32 against float64: where a unit switches on the path, from 0 to 1; measured up to 6e-7. */
const POSITION = 5e-6;

describe('path(model, x, x′)', () => {
  useBackend('tensorflow');

  for (const executor of ['tfjs', 'onnx'] as const) {
    for (const { from, to, breakpoints, outputs } of reference.paths) {
      it(`finds the ${breakpoints.length} breakpoints of ${reference.reference} (${executor})`, async () => {
        const model = referenceNetwork();
        const ends = [referenceInput(from), referenceInput(to)];
        const before = tf.memory().numTensors;
        const line = await path(model, ends[0], ends[1], { executor });
        assert.equal(line.regions, breakpoints.length + 1);
        const right = [0, ...breakpoints, 1];
        right.forEach((t, i) =>
          assert.ok(Math.abs(t - line.t[i]) < POSITION, `${line.t[i]} instead of ${t}`),
        );
        assertClose('F', line.outputs, outputs.flat());
        assert.ok(line.residual < 1e-5);
        assert.ok(line.units.slice(1, -1).every(units => units.length > 0));
        assert.equal(tf.memory().numTensors, before);
      });
    }

    it(`handles ties, units that only touch their hyperplane, and paths along a hyperplane (${executor})`, async () => {
      const twice = (x: tf.Tensor) => tf.tidy(() => x.relu().add(x.mul(2).relu()));
      const cases: [(x: tf.Tensor) => tf.Tensor, number[], number[], number[]][] = [
        [twice, [-1, 3], [1, 3], [0.5]],
        [(x: tf.Tensor) => tf.tidy(() => x.abs().relu()), [-1], [3], [0.25]],
        [(x: tf.Tensor) => x.relu(), [0, -1], [0, 1], [0.5]],
        [(x: tf.Tensor) => x.relu(), [0, 0], [1, -1], []],
        [(x: tf.Tensor) => x.relu(), [1, 2], [1, 2], []],
        [(x: tf.Tensor) => x.max(0, true), [1, 0, 0.5], [0, 1, 0.5], [0.5]],
        [(x: tf.Tensor) => x.max(0, true), [1, 0, 0.75], [0, 1, 0.75], [0.25, 0.75]],
        [(x: tf.Tensor) => x.max(0, true), [1, 1], [2, 2], []],
        [(x: tf.Tensor) => tf.tidy(() => x.add(2)), [1, 1], [2, 2], []],
      ];
      for (const [network, x, x2, expected] of cases) {
        const line = await path(network, x, x2, { executor });
        assert.deepEqual([...line.t].slice(1, -1), expected);
      }
      const tie = await path(twice, [-1, 3], [1, 3], { executor });
      assert.equal(tie.units[1].length, 2);
      assert.deepEqual([...tie.outputAt(0.75)], [1.5, 9]);
    });
  }

  it('stays within one region between breakpoints, and W of a piece is the slope of F there', async () => {
    const model = residualNet();
    const [x, x2] = [7, 8].map(seed => tf.randomNormal([8, 8, 2], 0, 1, 'float32', seed));
    const line = await path(model, x, x2);
    assert.ok(line.regions > 20);
    const difference = x2.sub(x);
    for (let i = 0; i < line.regions; i += 7) {
      const [a, b] = [line.t[i], line.t[i + 1]];
      if (b - a < 1e-4) continue;
      const hashes = await Promise.all(
        [0.1, 0.9].map(async s => {
          const lin = await linearize(model, line.input(a + s * (b - a)));
          return (await lin.region()).hash;
        }),
      );
      assert.equal(hashes[0], hashes[1]);
      const lin = await line.piece(i);
      const slope = await (await lin.weights.apply(difference)).data();
      const rise = [...line.outputAt(b)].map((y, c) => (y - line.outputAt(a)[c]) / (b - a));
      // A difference of two outputs over a short piece has few correct digits.
      assertClose('slope', slope, rise, 1e-5 / (b - a));
      lin.dispose();
    }
  });

  it('crosses from one digit to another, by both executors', async () => {
    const { model, digits } = await mnistCnn();
    const lines = await Promise.all(
      (['tfjs', 'onnx'] as const).map(executor =>
        path(model, digits.instance(0), digits.instance(1), { executor }),
      ),
    );
    for (const line of lines) {
      assert.ok(line.regions > 4000 && line.residual < 1e-4);
      const lin = await linearize(model, line.input(0.3));
      assertClose('F', line.outputAt(0.3), await lin.output.data());
      lin.dispose();
    }
    // Crossings within rounding of each other may count as one for one executor, and as two for the other.
    assert.ok(Math.abs(lines[0].regions / lines[1].regions - 1) < 1e-3);
  });

  it('refuses networks without regions or with jumps, and ends that do not fit', async () => {
    const ones = [1, 1];
    await assert.rejects(
      path((x: tf.Tensor) => x.tanh(), ones, [2, 2]),
      NoRegionError,
    );
    const jump = (x: tf.Tensor) => tf.tidy(() => tf.where(x.greater(0), x.add(5), x));
    await assert.rejects(path(jump, [-1], [1]), DiscontinuityError);
    await assert.rejects(
      path((x: tf.Tensor) => x.relu(), ones, [1, 2, 3]),
      PathEndsError,
    );
    await assert.rejects(
      path((x: tf.Tensor) => x.relu(), ones, [1, NaN]),
      NonFiniteInputError,
    );
    await assert.rejects(
      path((x: tf.Tensor) => x.relu(), ones, [1, 2], { labels: ['a', 'b', 'c'] }),
      NameCountError,
    );
    const line = await path((x: tf.Tensor) => x.relu(), ones, [-1, 2]);
    await assert.rejects(line.piece(2), PieceIndexError);
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(path((x: tf.Tensor) => x.relu(), ones, [-1, 2], { signal: stop.signal }));
  });
});
