import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { affinities } from '../../kernel-ext/src/tsne/affinities';
import { NameCountError } from '../../kernel-ext/src/errors';
import { NeighborCountError } from '../../kernel-ext/src/tsne/errors';
import {
  continuity,
  klDivergence,
  knnError,
  neighborhoodHit,
  shepardCorrelation,
  trustworthiness,
} from '../../kernel-ext/src/tsne/quality';
import { averageRanks, ranksOf } from '../../kernel-ext/src/tsne/ranks';
import { resultOf } from '../../kernel-ext/src/tsne/steps';
import { reference, test, train } from './reference';

/** Nearly equal distances may change their order in float32: one rank is 2/(N·k·(2N − 3k − 1)), 1e-4 at k = 1. */
const TIES = 2e-4;
/** P agrees to 1e-5 in log-perplexity on either side. */
const CALIBRATION = 1e-4;

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} instead of ${expected}`);
}

describe('quality of an embedding, as scikit-learn measures it', () => {
  let before: number;
  beforeEach(() => void (before = tf.memory().numTensors));
  afterEach(() => assert.equal(tf.memory().numTensors, before));

  for (const k of [1, 5, 12]) {
    it(`trustworthiness and continuity at k = ${k}`, () => {
      near(resultOf(trustworthiness(train.data, train.embedded, k)), reference.trustworthiness[k], TIES);
      near(resultOf(continuity(train.data, train.embedded, k)), reference.continuity[k], TIES);
    });
  }

  it('k-NN error in the embedding, of each point by the others and of new points', () => {
    for (const k of [1, 5])
      near(resultOf(knnError(train.embedded, train.labels, k)), reference.knnError[k], 1e-12);
    near(resultOf(knnError(train.embedded, train.labels, 5, test)), reference.testKnnError, 1e-12);
  });

  it('neighborhood hit, Shepard correlation', () => {
    near(resultOf(neighborhoodHit(train.embedded, train.labels, 6)), reference.neighborhoodHit, 1e-12);
    near(resultOf(shepardCorrelation(train.data, train.embedded)), reference.shepard, 1e-6);
  });

  it('KL(P ‖ Q) for several degrees of freedom', async () => {
    const p = await affinities(train.data, { perplexity: reference.perplexity, allPairs: true });
    for (const alpha of [1, 2, 5])
      near(resultOf(klDivergence(p, train.embedded, alpha)), reference.kl[alpha], CALIBRATION);
  });

  it('an embedding that equals the data is fully trustworthy', () => {
    assert.equal(resultOf(trustworthiness(train.data, train.data, 12)), 1);
    near(resultOf(shepardCorrelation(train.data, train.data)), 1, 1e-12);
  });

  it('ranks numbers, equal ones too, as counting them one by one does', () => {
    const values = Float32Array.from({ length: 300 }, (_, i) => ((i * i * 7) % 41) / (i % 2 === 0 ? 1 : 40));
    values.set([0, -0, 1e-40, 3e38], 10);
    const below = (i: number, counts: (j: number) => boolean) =>
      values.reduce(
        (sum, value, j) => sum + Number(value < values[i] || (value === values[i] && counts(j))),
        0,
      );
    const expected = Array.from(values, (_, i) => (below(i, () => false) + below(i, () => true) + 1) / 2);
    assert.deepEqual([...averageRanks(values)], expected);

    const self = 123;
    const chosen = Int32Array.of(299, 0, 11, 10, 122, 124, 50, 51, 52);
    const rank = (i: number) =>
      1 + below(i, j => j < i) - Number(values[self] < values[i] || (values[self] === values[i] && self < i));
    const ranks = [...chosen].map(rank).sort((a, b) => a - b);
    assert.deepEqual([...ranksOf(values, chosen, self)], ranks);
  });

  it('refuses more neighbors than there are, and labels that are not one per point', () => {
    assert.throws(() => resultOf(trustworthiness(train.data, train.embedded, 50)), NeighborCountError);
    assert.throws(() => resultOf(knnError(train.embedded, train.labels, 100)), NeighborCountError);
    assert.throws(() => resultOf(knnError(train.embedded, train.labels.slice(1), 1)), NameCountError);
    assert.throws(
      () => resultOf(neighborhoodHit(train.embedded, train.labels, 0)),
      (e: unknown) => e instanceof NeighborCountError && e.neighbors === 0 && e.points === 100,
    );
  });
});
