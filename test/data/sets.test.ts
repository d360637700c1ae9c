import '../backend';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { data, type LabeledData } from '../../kernel-ext/src';
import { DataUnavailableError } from '../../kernel-ext/src/public-errors';

const counts = ({ labels, names }: LabeledData) =>
  names.map((_, i) => labels.filter(label => label === i).length);
const first = (images: LabeledData) => images.names[images.labels[0]];

describe('data sets', () => {
  it('Fashion-MNIST: 60,000 and 10,000 articles, the same number in each class', async function () {
    const [train, test] = [await data.fashionMnist('train'), await data.fashionMnist()];
    assert.deepEqual(counts(train), Array(10).fill(6000));
    assert.deepEqual(counts(test), Array(10).fill(1000));
    assert.deepEqual([first(train), first(test)], ['Ankle boot', 'Ankle boot']);
    tf.tidy(() => assert.deepEqual(test.instance(0).shape, [28, 28, 1]));
  });

  it('CIFAR-10: 50,000 and 10,000 photographs; the first one is a frog, the first test image a cat', async () => {
    const [train, test] = [await data.cifar10('train'), await data.cifar10()];
    assert.deepEqual(counts(train), Array(10).fill(5000));
    assert.deepEqual(counts(test), Array(10).fill(1000));
    assert.deepEqual([first(train), first(test)], ['frog', 'cat']);
    // The first pixels of the original file: 59, 43, 50 in red; 62, 46, 48 in green; 63, 45, 43 in blue.
    const frog = tf.tidy(() => train.instance(0).slice([0, 0], [1, 3]).mul(255).round().arraySync());
    assert.deepEqual(frog, [
      [
        [59, 62, 63],
        [43, 46, 45],
        [50, 48, 43],
      ],
    ]);
  });

  it("scikit-learn's digits: 1,797 of 8 × 8 pixels in 0…1", async () => {
    const digits = await data.digits();
    assert.deepEqual([digits.length, [...digits.labels.subarray(0, 4)]], [1797, [0, 1, 2, 3]]);
    tf.tidy(() => {
      const [row] = digits.instance(0).squeeze([2]).mul(16).arraySync() as number[][];
      assert.deepEqual(row, [0, 0, 5, 13, 9, 1, 0, 0]);
      assert.equal(digits.batch(0, 100).max().dataSync()[0], 1);
    });
  });

  it('small tables: iris, wine, breast cancer', async () => {
    const [iris, wine, cancer] = [await data.iris(), await data.wine(), await data.breastCancer()];
    const shapes = [iris, wine, cancer].map(({ length, columns, names }) => [
      length,
      columns.length,
      names.length,
    ]);
    assert.deepEqual(shapes, [
      [150, 4, 3],
      [178, 13, 3],
      [569, 30, 2],
    ]);
    tf.tidy(() => {
      assert.deepEqual([...iris.instance(0).dataSync()], Array.from(Float32Array.of(5.1, 3.5, 1.4, 0.2)));
      assert.equal(wine.instance(0).dataSync()[12], 1065);
      assert.equal(cancer.instance(0).dataSync()[0], Math.fround(17.99));
    });
    assert.deepEqual([cancer.names[0], cancer.labels[0]], ['malignant', 0]);
  });

  it('name the program that could not fetch them if it is missing', async () => {
    const kept = { ...process.env };
    const cache = await mkdtemp(join(tmpdir(), 'piecewise-cache-'));
    Object.assign(process.env, { PIECEWISE_CACHE: cache, PATH: cache, VIRTUAL_ENV: '' });
    const onProgress = () => {};
    try {
      for (const [fetch, program] of [
        [() => data.fashionMnist('test', { onProgress }), 'apt'],
        [() => data.iris({ onProgress }), 'pip'],
      ] as const)
        await assert.rejects(
          fetch(),
          (e: unknown) => e instanceof DataUnavailableError && e.program === program,
        );
    } finally {
      for (const name of ['PIECEWISE_CACHE', 'PATH', 'VIRTUAL_ENV']) {
        if (kept[name] === undefined) delete process.env[name];
        else process.env[name] = kept[name];
      }
      await rm(cache, { recursive: true });
    }
  });
});
