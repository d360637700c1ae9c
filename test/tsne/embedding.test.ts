import '../backend';
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type Embedding, linearize, loadEmbedding } from '../../kernel-ext/src';
import {
  AbortError,
  DataShapeError,
  DisposedError,
  EmptyGroupError,
  LoadError,
  SaveError,
  UnknownPointError,
} from '../../kernel-ext/src/public-errors';
import { predictedDisplacement } from '../../kernel-ext/src/tsne/predicted-displacement';
import { clouds, discard, smallEmbedding } from './small-embedding';

/** Coordinates by one forward pass of a small network, computed twice. */
const FORWARD_PASS = 1e-5;

/** Sums of a few hundred float32 numbers near 10. */
const ROUNDING = 1e-4;

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = ROUNDING): void {
  assert.equal(actual.length, expected.length);
  Array.from(actual).forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]) <= tolerance, `${value} instead of ${expected[i]}`),
  );
}

describe('an embedding', () => {
  let embedding: Embedding;
  let folder: string;
  let tensors: number;
  before(async () => {
    embedding = await smallEmbedding();
    folder = await mkdtemp(join(tmpdir(), 'piecewise-map-'));
  });
  after(async () => {
    discard(embedding);
    await rm(folder, { recursive: true });
  });
  beforeEach(() => void (tensors = tf.memory().numTensors));
  afterEach(() => assert.equal(tf.memory().numTensors, tensors, 'tensors left behind'));

  it('transform computes coordinates as training did, and those of new points by one forward pass', async () => {
    const again = embedding.transform(embedding.points);
    near(await again.data(), await embedding.coordinates.data(), FORWARD_PASS);
    const one = embedding.transform([[1, 0, 0, 0, 0, 0]]);
    assert.deepEqual(one.shape, [1, 2]);
    assert.throws(() => embedding.transform([[1, 2, 3]]), DataShapeError);
    tf.dispose([again, one]);
  });

  it('measures new points by the votes of its own', async () => {
    const { points, labels } = clouds();
    const measures = await embedding.quality({ data: points, labels, k: 5 });
    assert.equal(measures.knnError1, 0, 'each point finds itself');
    assert.ok(measures.trustworthiness > 0.8);
    points.dispose();
  });

  it('reports how far its measures are, and stops measuring at a signal', async () => {
    const fractions: number[] = [];
    const stop = new AbortController();
    const onProgress = (fraction: number): void => void fractions.push(fraction);
    await embedding.quality({ onProgress });
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
    assert.ok(fractions.length > 3 && fractions.at(-1)! <= 1);
    const measuring = embedding.quality({
      signal: stop.signal,
      onProgress: fraction => void (fraction > 0.5 && stop.abort()),
    });
    await assert.rejects(measuring, AbortError);
  });

  it('measures no points of another shape, and leaves no tensor of them', async () => {
    await assert.rejects(embedding.quality({ data: [[1, 2, 3]] }), DataShapeError);
  });

  it('is saved as a model that tf.loadLayersModel reads, with its training', async () => {
    const to = join(folder, 'saved');
    await embedding.save(to);
    const model = await tf.loadLayersModel(`file://${join(to, 'model.json')}`);
    const coordinates = model.predict(embedding.points) as tf.Tensor;
    near(await coordinates.data(), await embedding.coordinates.data(), FORWARD_PASS);
    const back = await loadEmbedding(to, embedding.points, { labels: embedding.labels! });
    near(await back.coordinates.data(), await embedding.coordinates.data(), FORWARD_PASS);
    assert.deepEqual(back.training, JSON.parse(JSON.stringify(embedding.training)));
    back.dispose();
    model.dispose();
    coordinates.dispose();
  });

  it('keeps the saved one until another is complete, and leaves no weights of the old one', async () => {
    const to = join(folder, 'twice');
    await embedding.save(to);
    await symlink('/dev/full', join(to, 'weights-2.bin'));
    await assert.rejects(
      embedding.save(to),
      (e: unknown) => e instanceof SaveError && /is full/.test(e.message),
    );
    const back = await loadEmbedding(to, embedding.points);
    near(await back.coordinates.data(), await embedding.coordinates.data(), FORWARD_PASS);
    back.dispose();
    await rm(join(to, 'weights-2.bin'));
    await embedding.save(to);
    assert.deepEqual((await readdir(to)).sort(), ['model.json', 'weights-2.bin']);
    (await loadEmbedding(to, embedding.points)).dispose();
  });

  it('reports what is wrong with a folder', async () => {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(embedding.save(join(folder, 'file', 'below')), SaveError);
    await assert.rejects(loadEmbedding(join(folder, 'nothing'), embedding.points), LoadError);
  });

  describe('linearized', () => {
    it('at one point: W·x + b are its coordinates, axes are named, b is split by layer', async () => {
      const lin = await linearize(embedding, 3);
      const point = (await embedding.coordinates.array())[3];
      near(await lin.output.data(), point);
      assert.deepEqual(lin.labels, ['axis 1', 'axis 2']);
      assert.ok((await lin.residual()).relative < 1e-5);
      const contribution = await lin.contribution(1);
      const sum = (await contribution.data<'float32'>()).reduce((a, b) => a + b, 0);
      near([sum + (await lin.bias.data())[1]], [point[1]]);
      const parts = await lin.biasByLayer();
      near([parts.reduce((total, { bias }) => total + bias[0], 0)], [(await lin.bias.data())[0]]);
      contribution.dispose();
      lin.dispose();
    });

    it('at a set of points, and at all of them as a stream of batches', async () => {
      const some = await linearize(embedding, [5, 3]);
      assert.deepEqual(some.weights.shape, [2, 6]);
      near(await some.output.data(), [
        ...(await embedding.coordinates.array())[5],
        ...(await embedding.coordinates.array())[3],
      ]);
      some.dispose();
      const coordinates: number[] = [];
      const sizes: number[] = [];
      for await (const lin of embedding.linearizations({ block: 50 })) {
        const w = await lin.weights.toTensor();
        sizes.push(w.shape[0]);
        assert.deepEqual(w.shape.slice(1), [2, 6]);
        coordinates.push(...(await lin.output.data()));
        w.dispose();
      }
      assert.deepEqual(sizes, [50, 50, 20]);
      near(coordinates, await embedding.coordinates.data());
    });

    it('leaks nothing if the loop is left early', async () => {
      for await (const lin of embedding.linearizations()) {
        assert.equal(lin.output.shape[0], 120);
        break;
      }
    });

    it('refuses points that do not exist', async () => {
      for (const bad of [-1, 120, 0.5])
        await assert.rejects(linearize(embedding, bad), (e: unknown) => e instanceof UnknownPointError);
    });
  });

  describe('refuses indices out of range', () => {
    const asks: [string, (bad: number) => Promise<unknown>][] = [
      ['members', async bad => embedding.members([0, bad])],
      ['pick', async bad => embedding.pick([0, bad])],
      ['linearizations', bad => embedding.linearizations({ of: [0, bad] }).next()],
      ['displacement from', bad => embedding.displacement(bad, 0)],
      ['displacement to a group', bad => embedding.displacement(0, [1, bad])],
      ['clusterMeans', bad => embedding.clusterMeans([0, bad])],
      ['directionTo from', bad => embedding.directionTo(bad, 'b')],
      ['directionTo a group', bad => embedding.directionTo(0, [1, bad])],
    ];
    for (const [name, ask] of asks)
      it(name, async () => {
        for (const bad of [-1, 120, 0.5, NaN]) await assert.rejects(ask(bad), UnknownPointError);
      });
  });

  it('has no mean of a group without points', async () => {
    await assert.rejects(embedding.clusterMeans([]), EmptyGroupError);
    await assert.rejects(embedding.directionTo(0, []), EmptyGroupError);
    await assert.rejects(embedding.displacement([], [1]), EmptyGroupError);
    assert.equal((await embedding.linearizations({ of: [] }).next()).done, true);
  });

  it('predicts a displacement by W at either end, exactly within a linear region', async () => {
    const { actual, atFrom, atTo } = await predictedDisplacement(embedding, 0, 1);
    const coordinates = await embedding.coordinates.array();
    near(actual, [coordinates[1][0] - coordinates[0][0], coordinates[1][1] - coordinates[0][1]]);
    for (const { contribution, predicted, error } of [atFrom, atTo]) {
      assert.deepEqual(contribution.shape, [2, 6]);
      near([error], [Math.hypot(predicted[0] - actual[0], predicted[1] - actual[1])]);
      contribution.dispose();
    }
    const same = await predictedDisplacement(embedding, 4, 4);
    near([same.atFrom.error, ...same.actual], [0, 0, 0]);
    tf.dispose([same.atFrom.contribution, same.atTo.contribution]);
  });

  it('averages the linear maps of a class: mean contributions and mean b add up to its center', async () => {
    const { points, weights, contribution, bias, center } = await embedding.clusterMeans('b');
    assert.equal(points, 40);
    assert.deepEqual(weights.shape, [2, 6]);
    const sums = contribution.sum(1);
    const [first, second] = await sums.data();
    near([first + bias[0], second + bias[1]], center);
    const mean = tf.tidy(() =>
      embedding.coordinates.gather(tf.tensor1d([...embedding.members('b')], 'int32')).mean(0),
    );
    near(center, await mean.data());
    tf.dispose([weights, contribution, sums, mean]);
  });

  it('gives the smallest change that moves a point to another class, by its own W', async () => {
    const { steepest, change, target, reached } = await embedding.directionTo(0, 'b');
    const lin = await linearize(embedding, 0);
    const moved = await lin.weights.apply(change);
    const point = await lin.output.data();
    near(await moved.data(), [target[0] - point[0], target[1] - point[1]], 1e-3);
    assert.equal(reached.length, 2);
    const length = steepest.norm();
    near([(await length.data())[0]], [1]);
    tf.dispose([steepest, change, moved, length]);
    lin.dispose();
    await assert.rejects(embedding.directionTo(0, 'z'), UnknownPointError);
  });
});

describe('a disposed embedding', () => {
  it('refuses to be used', async () => {
    const embedding = await smallEmbedding({ epochs: 1 });
    discard(embedding);
    assert.throws(() => embedding.transform([[1, 0, 0, 0, 0, 0]]), DisposedError);
    await assert.rejects(linearize(embedding, 0), DisposedError);
  });
});
