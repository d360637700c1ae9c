import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { lossOf, type Objective, tsneObjective, umapObjective } from '../../kernel-ext/src/tsne/objective';

const POINTS = 500;
const EDGES = 6;
/** Sums of some hundred float32 terms in another order. */
const TOLERANCE = 1e-5;

/** The formulas pair by pair, with the gradient that TensorFlow.js derives. */
function byTensors(
  near: (squared: tf.Tensor) => tf.Tensor,
  far: (meanOf: (f: (squared: tf.Tensor) => tf.Tensor) => tf.Tensor) => tf.Tensor,
  exaggeration: number,
) {
  return (places: tf.Tensor): tf.Scalar => {
    const [heads, tails] = tf.split(places, 2);
    const attraction = near(heads.sub(tails).square().sum(1)).mean().mul(exaggeration);
    const squared = places.expandDims(1).sub(places.expandDims(0)).square().sum(2);
    const others = tf.onesLike(squared).sub(tf.eye(EDGES).tile([2, 2]));
    const meanOf = (f: (squared: tf.Tensor) => tf.Tensor) =>
      f(squared)
        .mul(others)
        .sum()
        .div(4 * EDGES * (EDGES - 1));
    return attraction.add(far(meanOf));
  };
}

function tsneByTensors(alpha: number, exaggeration: number) {
  const logWeight = (squared: tf.Tensor) =>
    squared
      .div(alpha)
      .log1p()
      .mul(-(alpha + 1) / 2);
  return byTensors(
    squared => logWeight(squared).neg(),
    meanOf =>
      meanOf(squared => logWeight(squared).exp())
        .log()
        .add(Math.log(POINTS * (POINTS - 1))),
    exaggeration,
  );
}

function umapByTensors(a: number, b: number, exaggeration: number) {
  const logOdds = (squared: tf.Tensor) => squared.add(1e-3).log().mul(b).add(Math.log(a));
  return byTensors(
    squared => logOdds(squared).softplus(),
    meanOf => meanOf(squared => logOdds(squared).neg().softplus()).mul(5),
    exaggeration,
  );
}

describe('objective', () => {
  const cases: [string, number, Objective, (places: tf.Tensor) => tf.Scalar][] = [
    ['t-SNE in 2 dimensions', 2, tsneObjective(POINTS, 1), tsneByTensors(1, 4)],
    ['t-SNE with 2 degrees of freedom', 3, tsneObjective(POINTS, 2), tsneByTensors(2, 4)],
    ['UMAP', 2, umapObjective(1.577, 0.895), umapByTensors(1.577, 0.895, 4)],
  ];
  for (const [name, dimensions, objective, reference] of cases) {
    it(`${name}: loss and slopes are those of the formula`, () => {
      const before = tf.memory().numTensors;
      const places = tf.randomNormal([2 * EDGES, dimensions], 0, 2, 'float32', 5);
      const ours = tf.valueAndGrad(y => lossOf(objective, y as tf.Tensor2D, 4))(places);
      const wanted = tf.valueAndGrad(reference)(places);
      for (const part of ['value', 'grad'] as const) {
        const [actual, expected] = [ours[part].dataSync(), wanted[part].dataSync()];
        const scale = Math.max(...expected.map(Math.abs));
        actual.forEach((number, k) => assert.ok(Math.abs(number - expected[k]) < TOLERANCE * scale));
      }
      tf.dispose([places, ...Object.values(ours), ...Object.values(wanted)]);
      assert.equal(tf.memory().numTensors, before);
    });
  }
});
