import assert from 'node:assert/strict';
import { ConstantPool } from '../../kernel-ext/src/plan/constant-pool';

describe('the constants of a graph', () => {
  const ones = (count: number) => new Float32Array(count).fill(1);

  it('are kept once if their shape and every bit are equal', () => {
    const pool = new ConstantPool();
    assert.equal(pool.add({ values: ones(6), shape: [6] }), 0);
    assert.equal(pool.add({ values: ones(6), shape: [2, 3] }), 1);
    assert.equal(pool.add({ values: ones(6), shape: [6] }), 0);
    assert.equal(pool.add({ values: Float32Array.of(0), shape: [] }), 2);
    assert.equal(pool.add({ values: Float32Array.of(-0), shape: [] }), 3);
    assert.equal(pool.add({ values: Float32Array.of(0), shape: [] }), 2);
    assert.equal(pool.constants.length, 4);
  });

  it('are distinct if only their last numbers differ, even within a larger buffer', () => {
    const pool = new ConstantPool();
    const all = Float32Array.of(5, 1, 1, 2, 1, 1, 3, 1, 1, 2);
    const at = (begin: number) => pool.add({ values: all.subarray(begin, begin + 3), shape: [3] });
    assert.deepEqual([at(1), at(4), at(7), at(1)], [0, 1, 0, 0]);
  });
});
