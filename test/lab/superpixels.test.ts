import assert from 'node:assert/strict';
import { superpixelParts } from '../../lab-extension/src/figures/parts';
import { partAt, pooled, superpixels } from 'piecewise/payload';
import { seeded, seven } from './random-net';

const shape = { height: 28, width: 28, channels: 1 };
const x = Float32Array.from(seven());
const random = seeded(3);
const contributions = x.map(v => v * random());
const total = contributions.reduce((sum, v) => sum + v, 0);

describe('superpixels', () => {
  for (const pooling of ['2', '4', '8', 'superpixels'] as const) {
    it(`(${pooling}) contain every pixel once, so that their sums make all of W·x`, () => {
      const parts = superpixels(x, shape, pooling)!;
      const plane = pooled(contributions, parts);
      const seen = new Set<number>();
      let sum = 0;
      plane.forEach((value, at) => {
        if (seen.has(parts.of[at])) return;
        seen.add(parts.of[at]);
        const own = partAt(parts, at);
        assert.ok(own.includes(at));
        assert.ok(Math.abs(own.reduce((s, i) => s + contributions[i], 0) - value) < 1e-5);
        sum += value;
      });
      assert.ok(Math.abs(sum - total) < 1e-4, `${sum}, ${total}`);
      const steps = superpixelParts(contributions, parts, 28);
      assert.ok(Math.abs(steps.reduce((s, part) => s + part.sum, 0) - total) < 1e-4);
      assert.ok(steps.length <= 7);
    });
  }

  it('that follow the image separate ink from paper better than the same number of squares does', () => {
    const parts = superpixels(x, shape, 'superpixels')!;
    const squares = superpixels(x, shape, '4')!;
    assert.equal(parts.count, squares.count);
    assert.ok(unlike(parts) < 0.5 * unlike(squares), `${unlike(parts)}, ${unlike(squares)}`);
  });

  it('respect colors', () => {
    const halves = Float32Array.from({ length: 16 * 16 * 3 }, (_, i) => {
      const column = Math.floor(i / 3) % 16;
      return i % 3 === (column < 7 ? 0 : 2) ? 1 : 0;
    });
    const { of } = superpixels(halves, { height: 16, width: 16, channels: 3 }, 'superpixels')!;
    const left = new Set<number>();
    const right = new Set<number>();
    of.forEach((part, at) => (at % 16 < 7 ? left : right).add(part));
    assert.deepEqual(
      [...left].filter(part => right.has(part)),
      [],
    );
  });

  it('do not exist where each pixel stands for itself', () => {
    assert.equal(superpixels(x, shape, 'pixels'), null);
  });
});

/** The sum of squared differences between pixels and the mean of their superpixel. */
function unlike({ of, count }: { of: Uint32Array; count: number }): number {
  const sums = new Float64Array(count);
  const counts = new Float64Array(count);
  x.forEach((v, i) => ((sums[of[i]] += v), counts[of[i]]++));
  return x.reduce((error, v, i) => error + (v - sums[of[i]] / counts[of[i]]) ** 2, 0);
}
