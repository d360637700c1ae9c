import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';

/**
 * What training makes small.
 * @param heads [B, d], where the edges of a batch begin; @param tails [B, d], where they end
 * @param exaggeration factor on the attraction
 */
export type Objective = (heads: Tensor2D, tails: Tensor2D, exaggeration: number) => Scalar;

/**
 * KL(P ‖ Q) of t-SNE up to the entropy of P, estimated from a batch. With w = (1 + d²/α)^(−(α + 1)/2), q = w / Σw (van der
 * Maaten 2009) it is −Σ p·log w + log Σ w: the first sum is the mean over edges drawn by p, the second is the mean over
 * all other pairs of the batch, times the number of pairs among `points`.
 */
export function tsneObjective(points: number, alpha: number): Objective {
  const logPairs = Math.log(points * (points - 1));
  const logWeight = (squared: Tensor): Tensor =>
    squared
      .div(alpha)
      .log1p()
      .mul(-(alpha + 1) / 2);
  return (heads, tails, exaggeration) => {
    const attraction = logWeight(edgeLengths(heads, tails)).mean().mul<Scalar>(-exaggeration);
    const { squared, others, count } = otherPairs(heads, tails);
    const repulsion = logWeight(squared).exp().mul(others).sum().div(count).log().add(logPairs);
    return attraction.add(repulsion);
  };
}

/** Distances at which UMAP's logarithms stay finite, as in umap-learn. */
const LEAST_SQUARED = 1e-3;

/**
 * Cross entropy of UMAP's fuzzy graph and the map (McInnes et al., arXiv 1802.03426; parametric: Sainburg et al., Neural
 * Computation 33:2881), q = 1 / (1 + a·d^2b): attraction along edges drawn by their membership, repulsion from `negatives`
 * random points an edge, taken here as that many times the mean over all other pairs of the batch.
 */
export function umapObjective(a: number, b: number, negatives = 5): Objective {
  const logOdds = (squared: Tensor): Tensor => squared.add(LEAST_SQUARED).log().mul(b).add(Math.log(a));
  return (heads, tails, exaggeration) => {
    const attraction = logOdds(edgeLengths(heads, tails)).softplus().mean().mul<Scalar>(exaggeration);
    const { squared, others, count } = otherPairs(heads, tails);
    const repulsion = logOdds(squared).neg().softplus().mul(others).sum().div(count).mul(negatives);
    return attraction.add(repulsion);
  };
}

function edgeLengths(heads: Tensor2D, tails: Tensor2D): Tensor {
  return heads.sub(tails).square().sum(1);
}

/**
 * Squared distances between all points of a batch, and a mask of the pairs that are neither a point and itself nor an
 * edge: those pairs are as good as drawn at random.
 */
function otherPairs(heads: Tensor2D, tails: Tensor2D): { squared: Tensor; others: Tensor; count: number } {
  const batch = heads.shape[0];
  const all = tf.concat([heads, tails], 0);
  const norms = all.square().sum(1, true);
  const squared = norms
    .add(norms.transpose())
    .sub(all.matMul(all, false, true).mul(2))
    .relu();
  const own = tf.eye(batch);
  const others = tf.onesLike(squared).sub(own.tile([2, 2]));
  return { squared, others, count: 4 * batch * (batch - 1) };
}
