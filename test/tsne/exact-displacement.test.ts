import '../backend';
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import type { Embedding } from '../../kernel-ext/src';
import { UnknownPointError } from '../../kernel-ext/src/public-errors';
import { assertClose, taken } from '../linear-map/close';
import { discard, smallMap } from './small-map';

/** Of the way between two points: sums of some dozen stretches. */
const ROUNDING = 1e-5;

describe('embedding.exactDisplacement', () => {
  let map: Embedding;
  before(async () => void (map = await smallMap()));
  after(() => discard(map));

  it('splits the way between two points over the input, whatever regions lie between them', async () => {
    const before = tf.memory().numTensors;
    const { actual, parts, sums, regions } = await map.exactDisplacement(0, 1);
    const [a, b] = (await map.places.array()).slice(0, 2);
    assertClose(
      'the way',
      actual,
      b.map((v, axis) => v - a[axis]),
    );
    assertClose('its parts', sums, actual, ROUNDING);
    assert.deepEqual(parts.shape, [2, 6]);
    assert.ok(regions > 1);
    const { atFrom, atTo } = await map.displacement(0, 1);
    const off = Math.hypot(...sums.map((sum, axis) => sum - actual[axis]));
    assert.ok(Math.min(atFrom.error, atTo.error) > 100 * off, 'where W at either end is off');
    tf.dispose([parts, atFrom.contribution, atTo.contribution]);
    assert.equal(tf.memory().numTensors, before);
  });

  it('splits the way between the means of two groups', async () => {
    const before = tf.memory().numTensors;
    const groups = [
      [0, 3, 6, 9],
      [1, 4, 7],
    ];
    const { actual, parts, sums } = await map.exactDisplacement(groups[0], groups[1]);
    const places = (await map.places.array()) as number[][];
    const mean = (group: number[], axis: number) =>
      group.reduce((sum, i) => sum + places[i][axis], 0) / group.length;
    const right = [0, 1].map(axis => mean(groups[1], axis) - mean(groups[0], axis));
    assertClose('the way', actual, right, ROUNDING);
    const numbers = await taken(parts);
    const totals = [0, 1].map(axis => numbers.subarray(axis * 6, axis * 6 + 6).reduce((a, b) => a + b, 0));
    assertClose('its parts', totals, right, ROUNDING);
    assertClose('its sums', sums, right, ROUNDING);
    await assert.rejects(map.exactDisplacement('a', 'd'), UnknownPointError);
    assert.equal(tf.memory().numTensors, before);
  });
});
