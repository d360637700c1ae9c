import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { compile } from '../../kernel-ext/src';
import { deletion } from './deletion';
import { groupsOf } from './groups';
import { discard, smallEmbedding } from '../tsne/small-embedding';

/** One unit per input, open while its input is above 1/2; output 0 is 20·u₀ + 19·u₁ + … + u₁₉, output 1 is −u₀. */
function network(): (x: tf.Tensor) => tf.Tensor {
  const to = tf.tensor2d(Array.from({ length: 20 }, (_, i) => [20 - i, i === 0 ? -1 : 0]));
  return x => {
    const y = tf.matMul(tf.relu(tf.sub(x.reshape([-1, 20]), 0.5)) as tf.Tensor2D, to);
    return x.rank === 1 ? y.reshape([2]) : y;
  };
}

describe('the deletion test', () => {
  it('deletes the tenth that adds most, is exact in the region, and tells what lies beyond', async () => {
    const before = tf.memory().numTensors;
    const f = network();
    const x = tf.ones([20]);
    const result = await deletion(await compile(f, [20]), f, x, 0, () => 0.5);
    assert.equal(result.count, 2, 'of 20 numbers that all add');
    assert.equal(result.inside, 0.25, 'at half of the way two units are on their threshold');
    assert.ok(result.error < 1e-6);
    assert.equal(result.predicted, -39);
    assert.equal(result.measured, -19.5, 'the units close half way');
    assert.ok(result.control < 0 && result.control > -19.5, 'two others add less');
    x.dispose();
    assert.equal(tf.memory().numTensors, before + 1, 'the matrix of the network');
  });
});

describe('groups of points', () => {
  it('are of the size that was asked for, and differ', async () => {
    const embedding = await smallEmbedding();
    const groups = await groupsOf(embedding, 5);
    assert.deepEqual(Object.keys(groups), ['within a cluster', 'between two', 'outlier']);
    assert.ok(Object.values(groups).every(group => new Set(group).size === 5));
    assert.ok(!groups['within a cluster'].some(i => groups.outlier.includes(i)));
    discard(embedding);
  });
});
