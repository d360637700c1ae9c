import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { tsne, type TsneOptions, type TrainingProgress } from '../../kernel-ext/src';
import {
  DataShapeError,
  NetworkError,
  NonFiniteDataError,
  PerplexityError,
  NameCountError,
  TooFewPointsError,
  TrainingDivergedError,
  TsneOptionError,
} from '../../kernel-ext/src/public-errors';
import { settingsFor } from '../../kernel-ext/src/tsne/settings';
import { assertSameEmbedding } from './same-embedding';
import { discard, smallEmbedding, smallNetwork } from './small-embedding';

describe('tsne(data, options)', () => {
  let before: number;
  beforeEach(() => void (before = tf.memory().numTensors));
  afterEach(() => assert.equal(tf.memory().numTensors, before, 'tensors left behind'));

  it('keeps clouds apart, by t-SNE and by UMAP', async () => {
    for (const objective of ['tsne', 'umap'] as const) {
      const embedding = await smallEmbedding({ objective, start: 'pca' });
      const { knnError1, trustworthiness, kl } = await embedding.quality();
      assert.ok(knnError1! < 0.05, `${objective}: 1-NN error ${knnError1}`);
      assert.ok(trustworthiness > 0.85, `${objective}: T(12) ${trustworthiness}`);
      assert.equal(kl === null, objective === 'umap');
      discard(embedding);
    }
  });

  it('learns the embedding that t-SNE computes without a network, then continues', async () => {
    const embedding = await smallEmbedding({ start: 'non-parametric' });
    const { knnError1, trustworthiness } = await embedding.quality();
    assert.ok(knnError1! < 0.05, `1-NN error ${knnError1}`);
    assert.ok(trustworthiness > 0.85, `T(12) ${trustworthiness}`);
    const losses = embedding.training.history.map(({ loss }) => loss);
    assert.ok(
      losses[11] < losses[0] / 2,
      'it approaches the non-parametric embedding in the first 80 % of the epochs',
    );
    discard(embedding);
  });

  it('starts from a non-parametric embedding for t-SNE in 2 dimensions, else from the principal components', () => {
    const start = (points: number, dimensions = 2, options: TsneOptions = {}) =>
      settingsFor(options, points, dimensions).start;
    const chosen = [
      start(1000),
      start(999),
      start(4),
      start(1000, 3),
      start(1000, 2, { objective: 'umap' }),
      start(1000, 2, { supervision: 0.2 }),
    ];
    assert.deepEqual(chosen, ['non-parametric', 'non-parametric', 'non-parametric', 'pca', 'pca', 'pca']);
  });

  it('trains for 3,000 steps, at least 20 epochs, at most 60 from a non-parametric embedding', () => {
    const epochs = (points: number, options: TsneOptions = {}) => settingsFor(options, points, 2).epochs;
    assert.deepEqual(
      [
        epochs(999, { start: 'pca' }),
        epochs(1000),
        epochs(1000, { start: 'pca' }),
        epochs(60_000),
        epochs(1_000_000),
      ],
      [748, 60, 750, 26, 20],
    );
  });

  it('takes no fewer steps, and no smaller ones, for more points', () => {
    // By its defaults, 1,000 points used to take 60 epochs and 999 points 748.
    for (const options of [{}, { objective: 'umap' }, { supervision: 0.5 }] as TsneOptions[]) {
      const counts = [100, 200, 500, 999, 1000, 1001, 2047, 2048, 5000, 25_600, 30_000, 60_000, 1_000_000];
      const work = counts.map(points => {
        const { epochs, batch, start } = settingsFor(options, points, 2);
        // The network learns a non-parametric embedding in two steps of half a batch where it otherwise takes one.
        const fitted = start === 'non-parametric' ? 0.8 * epochs : 0;
        const steps = fitted * (points / (batch / 2)) + (epochs - fitted) * (points / batch);
        return { steps, numbers: steps * batch };
      });
      work.slice(1).forEach(({ steps, numbers }, i) => {
        const before = work[i];
        assert.ok(
          numbers > 0.95 * before.numbers,
          `${counts[i + 1]} points pass fewer numbers than ${counts[i]}`,
        );
        assert.ok(steps > 0.8 * before.steps, `${counts[i + 1]} points take fewer steps than ${counts[i]}`);
      });
    }
  });

  it('brings classes together by supervision where neighbors alone do not separate them', async () => {
    // The class is the sign of the first number, which is too small to matter for neighbors.
    const points = tf.tidy(() => tf.randomNormal([120, 6], 0, 1, 'float32', 11).mul([0.2, 1, 1, 1, 1, 1]));
    const labels = Array.from(
      points.dataSync().filter((_, k) => k % 6 === 0),
      x => (x > 0 ? 'a' : 'b'),
    );
    const hit = async (supervision: number) => {
      const options = { epochs: 150, batch: 40, perplexity: 10, learningRate: 0.02 };
      const embedding = await tsne(points, { model: smallNetwork(), labels, supervision, ...options });
      const { neighborhoodHit } = await embedding.quality();
      discard(embedding);
      return neighborhoodHit!;
    };
    const [without, supervised] = [await hit(0), await hit(0.8)];
    points.dispose();
    // 0.53 and 0.65 where this was measured.
    assert.ok(supervised > without + 0.05, `${without} and ${supervised}`);
  });

  it('reaches a smaller KL(P ‖ Q) than the principal components', async () => {
    const started = await smallEmbedding({ start: 'pca', epochs: 1, learningRate: 1e-6 });
    const trained = await smallEmbedding();
    assert.ok((await trained.quality()).kl! < 0.9 * (await started.quality()).kl!);
    [started, trained].forEach(discard);
  });

  it('gives the same embedding for the same seed, and a different one for another seed', async () => {
    const [first, second, third] = [
      await smallEmbedding(),
      await smallEmbedding(),
      await smallEmbedding({ seed: 2 }),
    ];
    await assertSameEmbedding(second, first);
    assert.notDeepEqual(await third.coordinates.data(), await first.coordinates.data());
    [first, second, third].forEach(discard);
  });

  it('takes P from an embedding that has it, and computes exactly the same embedding', async () => {
    const first = await smallEmbedding();
    const second = await smallEmbedding({ affinity: first.affinity! });
    await assertSameEmbedding(second, first);
    for (const objective of ['tsne', 'umap'] as const)
      await assert.rejects(
        tsne([[1], [2], [3], [4]], { affinity: first.affinity!, objective }),
        (e: unknown) => e instanceof TsneOptionError && e.option === 'affinity',
      );
    [first, second].forEach(discard);
  });

  it('takes nested arrays and several perplexities, and 500-500-2000-d by default', async () => {
    const points = Array.from({ length: 12 }, (_, i) => [i, i % 3, (i * i) % 5]);
    const embedding = await tsne(points, { epochs: 2, perplexity: [2, 3], dimensions: 3 });
    assert.deepEqual(embedding.coordinates.shape, [12, 3]);
    assert.deepEqual(
      embedding.model.layers.map(layer => layer.outputShape[1]),
      [500, 500, 2000, 3],
    );
    assert.deepEqual(embedding.training.settings.perplexity, [2, 3]);
    assert.equal(embedding.training.settings.alpha, 2, 'degrees of freedom are dimensions − 1');
    embedding.dispose();
  });

  it('trains a convolutional network on images', async () => {
    const images = tf.randomUniform([40, 6, 6, 1], 0, 1, 'float32', 3);
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const embedding = await tsne(images, { model, epochs: 3, perplexity: 5 });
    assert.deepEqual(embedding.coordinates.shape, [40, 2]);
    discard(embedding);
    images.dispose();
  });

  it('reports epoch, loss, trustworthiness and coordinates as it goes', async () => {
    const reports: TrainingProgress[] = [];
    const embedding = await smallEmbedding({
      epochs: 10,
      onProgress: progress => void reports.push(progress),
    });
    assert.deepEqual(
      reports.map(({ epoch }) => epoch),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    assert.equal(reports[0].indices.length, 120);
    assert.ok(reports.every(({ loss }) => Number.isFinite(loss)));
    const last = reports[9].coordinates;
    (await embedding.coordinates.data()).forEach((value, i) => assert.ok(Math.abs(value - last[i]) < 1e-4));
    assert.deepEqual(
      embedding.training.history.map(({ trustworthiness }) => trustworthiness),
      reports.map(({ trustworthiness }) => trustworthiness),
    );
    discard(embedding);
  });

  it('embeds duplicates and data with constant columns', async () => {
    const points = Array.from({ length: 30 }, (_, i) => [i < 15 ? 1 : i, 5]);
    const embedding = await tsne(points, { model: smallNetwork(2), epochs: 3, perplexity: 4 });
    const coordinates = await embedding.coordinates.data();
    assert.ok(coordinates.every(Number.isFinite));
    assert.deepEqual(coordinates.subarray(0, 2), coordinates.subarray(2, 4));
    discard(embedding);
  });

  describe('refuses', () => {
    const line = (n: number) => Array.from({ length: n }, (_, i) => [i, 0]);
    const refused = (data: number[][], options: object, error: new (...args: never[]) => Error) =>
      assert.rejects(tsne(data, options), error);

    it('fewer than 4 points', () => refused(line(3), {}, TooFewPointsError));
    it('a perplexity above what N allows', () => refused(line(8), { perplexity: 30 }, PerplexityError));
    it('labels that are not one per point', () => refused(line(8), { labels: ['a'] }, NameCountError));
    it('names of features that are not one per number', () =>
      refused(line(8), { features: ['a', 'b', 'c'] }, NameCountError));
    it('an option out of range', async () => {
      for (const bad of [
        { epochs: 0 },
        { supervision: 2 },
        { alpha: -1 },
        { seed: 0.5 },
        { dimensions: 0 },
        { start: 'non-parametric', dimensions: 3 },
      ])
        await refused(line(8), bad, TsneOptionError);
    });
    it('data that is not one row per point', () => refused([] as number[][], {}, DataShapeError));

    it('NaN and infinities, naming point and column', async () => {
      for (const bad of [NaN, Infinity]) {
        const points = line(8);
        points[5][1] = bad;
        await assert.rejects(
          tsne(points),
          (e: unknown) => e instanceof NonFiniteDataError && e.point === 5 && e.column === 1,
        );
      }
    });

    it('a network for other points', async () => {
      const model = smallNetwork(6);
      await refused(line(8), { model }, NetworkError);
      await refused(line(8), { model: {} }, NetworkError);
      model.dispose();
    });

    it('to continue when the loss is not a number', async () => {
      const model = smallNetwork(2);
      tf.tidy(() => model.layers[0].setWeights([tf.fill([2, 32], NaN), tf.zeros([32])]));
      await assert.rejects(tsne(line(20), { model, perplexity: 4, start: 'random' }), TrainingDivergedError);
      model.dispose();
    });
  });
});
