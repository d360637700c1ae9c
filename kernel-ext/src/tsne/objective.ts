import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { squaredDistance } from './squared-distance';

/** A number that training minimizes, and its derivatives by all coordinates. */
export interface Loss {
  value: number;
  /** In the order of the coordinates. */
  slopes: Float32Array;
}

/**
 * What training minimizes, computed in plain loops: one pass over the pairs of points, where TensorFlow.js makes a dozen,
 * each through memory.
 * @param coordinates [2B·d]: of the points where the B edges of a batch begin, then of those where they end
 * @param exaggeration factor on the attraction
 */
export type Objective = (coordinates: Float32Array, dimensions: number, exaggeration: number) => Loss;

/** A function of the squared distance of two points, and its slope, which may use the value. */
interface Law {
  value(squared: number): number;
  slope(squared: number, value: number): number;
}

/**
 * KL(P ‖ Q) of t-SNE up to the entropy of P, estimated from a batch. With w = (1 + d²/α)^(−(α + 1)/2), q = w / Σw (van der
 * Maaten 2009) it is −Σ p·log w + log Σ w: the first sum is the mean over edges drawn by p, the second is the mean over
 * all other pairs of the batch, times the number of pairs among `points`.
 */
export function tsneObjective(points: number, alpha: number): Objective {
  const logPairs = Math.log(points * (points - 1));
  const power = (alpha + 1) / 2;
  const weight = alpha === 1 ? (d2: number) => 1 / (1 + d2) : (d2: number) => (1 + d2 / alpha) ** -power;
  const attraction: Law = { value: d2 => power * Math.log1p(d2 / alpha), slope: d2 => power / (alpha + d2) };
  const repulsion: Law = { value: weight, slope: (d2, w) => (-power * w) / (alpha + d2) };
  return (coordinates, dimensions, exaggeration) => {
    const near = meanOverEdges(attraction, coordinates, dimensions);
    const far = meanOverOthers(repulsion, coordinates, dimensions);
    return {
      value: exaggeration * near.value + Math.log(far.value) + logPairs,
      slopes: Float32Array.from(near.slopes, (slope, k) => exaggeration * slope + far.slopes[k] / far.value),
    };
  };
}

/** Distances at which UMAP's logarithms stay finite, as in umap-learn. */
const LEAST_SQUARED = 1e-3;

/**
 * Cross entropy of UMAP's fuzzy graph and the embedding (McInnes et al., arXiv 1802.03426; parametric: Sainburg et al., Neural
 * Computation 33:2881), q = 1 / (1 + a·d^2b): attraction along edges drawn by their membership, repulsion from `negatives`
 * random points per edge, taken here as that many times the mean over all other pairs of the batch.
 */
export function umapObjective(a: number, b: number, negatives = 5): Objective {
  const odds = (d2: number) => a * (d2 + LEAST_SQUARED) ** b;
  const attraction: Law = {
    value: d2 => Math.log1p(odds(d2)),
    slope: d2 => b / (d2 + LEAST_SQUARED) / (1 + 1 / odds(d2)),
  };
  const repulsion: Law = {
    value: d2 => Math.log1p(1 / odds(d2)),
    slope: d2 => -b / (d2 + LEAST_SQUARED) / (1 + odds(d2)),
  };
  return (coordinates, dimensions, exaggeration) => {
    const near = meanOverEdges(attraction, coordinates, dimensions);
    const far = meanOverOthers(repulsion, coordinates, dimensions);
    return {
      value: exaggeration * near.value + negatives * far.value,
      slopes: Float32Array.from(near.slopes, (slope, k) => exaggeration * slope + negatives * far.slopes[k]),
    };
  };
}

/** The objective as a function of TensorFlow.js with a gradient. @param coordinates [2B, d] */
export function lossOf(objective: Objective, coordinates: Tensor2D, exaggeration: number): Scalar {
  const custom = tf.customGrad(y => {
    const { value, slopes } = objective(
      (y as Tensor).dataSync<'float32'>(),
      coordinates.shape[1],
      exaggeration,
    );
    const gradFunc = (dy: Tensor) => tf.tensor2d(slopes, coordinates.shape).mul<Tensor>(dy);
    return { value: tf.scalar(value), gradFunc };
  });
  return custom(coordinates) as Scalar;
}

interface Mean {
  value: number;
  slopes: Float64Array;
}

function meanOverEdges(law: Law, coordinates: Float32Array, dimensions: number): Mean {
  const slopes = new Float64Array(coordinates.length);
  const half = coordinates.length / 2;
  const edges = half / dimensions;
  let sum = 0;
  for (let e = 0; e < edges; e++) {
    const from = e * dimensions;
    const squared = squaredDistance(coordinates, from, half + from, dimensions);
    const value = law.value(squared);
    sum += value;
    spread(law.slope(squared, value) / edges, coordinates, from, half + from, dimensions, slopes);
  }
  return { value: sum / edges, slopes };
}

/** Mean over all pairs that are not edges, which stand in for random pairs. */
function meanOverOthers(law: Law, coordinates: Float32Array, dimensions: number): Mean {
  const slopes = new Float64Array(coordinates.length);
  const half = coordinates.length / 2;
  const edges = half / dimensions;
  const pairs = 2 * edges * (edges - 1);
  let sum = 0;
  for (let i = 0; i < coordinates.length; i += dimensions) {
    for (let j = i + dimensions; j < coordinates.length; j += dimensions) {
      if (j === i + half) continue;
      const squared = squaredDistance(coordinates, i, j, dimensions);
      const value = law.value(squared);
      sum += value;
      spread(law.slope(squared, value) / pairs, coordinates, i, j, dimensions, slopes);
    }
  }
  return { value: sum / pairs, slopes };
}

/** Adds a slope in the squared distance of two points to the slopes of both. */
function spread(
  slope: number,
  coordinates: Float32Array,
  i: number,
  j: number,
  dimensions: number,
  slopes: Float64Array,
): void {
  for (let k = 0; k < dimensions; k++) {
    const change = 2 * slope * (coordinates[i + k] - coordinates[j + k]);
    slopes[i + k] += change;
    slopes[j + k] -= change;
  }
}
