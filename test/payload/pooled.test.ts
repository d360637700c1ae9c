import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import {
  channelOf,
  poolingOf,
  pooled,
  type Pooling,
  product,
  readDecomposition,
  shrunk,
  sumChannels,
  superpixels,
} from '../../kernel-ext/src/payload';
import { photograph } from '../lab/photograph';

/** Of the largest sum; measured: 6e-8, the rounding of each sum to float32. */
const ROUNDING = 1e-6;

interface Sums {
  squares: number[][];
  parts: number[];
  total: number;
}

describe('the contributions of a photograph, pooled', () => {
  const { input, rows, first, linear } = readDecomposition(photograph());
  const shape = { height: 224, width: 224, channels: 3 };
  const parts = product(rows.get(first)!.values, input.values);
  const plane = sumChannels(parts, 3);
  const grown = superpixels(input.values, shape, 'superpixels')!;
  let reference: Sums;

  before(() => {
    const { status, stdout, stderr } = spawnSync('python3', [path.join(__dirname, 'pooled.py')], {
      input: JSON.stringify({ plane: [...plane], width: 224, squares: [2, 4, 8, 5], of: [...grown.of] }),
      maxBuffer: 2 ** 28,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    reference = JSON.parse(stdout) as Sums;
  });

  /** The sum of each part, by its index: all pixels of a part hold its sum. */
  function sumsOf(of: Uint32Array, count: number, values: Float32Array): number[] {
    const sums = new Array<number>(count).fill(0);
    values.forEach((value, i) => (sums[of[i]] = value));
    return sums;
  }

  function assertSums(actual: readonly number[], wanted: readonly number[]): void {
    assert.equal(actual.length, wanted.length);
    const largest = Math.max(...wanted.map(Math.abs));
    actual.forEach((value, i) =>
      assert.ok(Math.abs(value - wanted[i]) <= ROUNDING * largest, `part ${i}: ${value}, ${wanted[i]}`),
    );
    const total = actual.reduce((sum, value) => sum + value, 0);
    assert.ok(Math.abs(total - linear[first]) <= ROUNDING * wanted.length * largest, `${total}`);
  }

  (['2', '4', '8'] as const).forEach((pooling: Pooling, i) =>
    it(`over squares of ${pooling} pixels are NumPy's sums, and sum to W·x`, () => {
      const squares = superpixels(input.values, shape, pooling)!;
      assertSums(sumsOf(squares.of, squares.count, pooled(plane, squares)), reference.squares[i]);
    }),
  );

  it("over superpixels are NumPy's sums, and sum to W·x", () => {
    assert.equal(poolingOf(shape), 'superpixels');
    assert.equal(poolingOf({ ...shape, height: 28, width: 28 }), 'pixels');
    assert.ok(grown.count > 100 && grown.count <= 400, `${grown.count}`);
    assertSums(sumsOf(grown.of, grown.count, pooled(plane, grown)), reference.parts);
  });

  it('in an image that is shrunk by a factor that leaves a rest are sums over squares, too', () => {
    const small = shrunk({ ...shape, channels: 1, values: plane }, 5, 'sum');
    assert.deepEqual([small.height, small.width], [45, 45]);
    assertSums([...small.values], reference.squares[3]);
  });

  it('are the sum of those of the channels', () => {
    const sums = [0, 1, 2].map(c => pooled(channelOf(parts, 3, c), grown));
    const whole = pooled(plane, grown);
    const largest = Math.max(...whole.map(Math.abs));
    whole.forEach((value, i) =>
      assert.ok(Math.abs(sums[0][i] + sums[1][i] + sums[2][i] - value) <= ROUNDING * largest),
    );
  });
});
