import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beyondText, isLargeImage, scaleEndOf, signedScale } from '../../kernel-ext/src/payload';
import { seeded } from '../lab/random-net';

/** The limit is interpolated in float64 between two float32 values; measured: equal to NumPy's. */
const ROUNDING = 1e-12;

const random = seeded(11);
/** Heavy tails, as contributions of photographs have them. */
const heavy = (n: number) => Float32Array.from({ length: n }, () => random() ** 9);

describe('the scale of signed values', () => {
  it('ends at the 99.5th percentile of the magnitudes, and counts what lies beyond, as NumPy does', () => {
    const planes = [1, 2, 199, 200, 201, 1000, 50_176].map(heavy);
    const { status, stdout, stderr } = spawnSync('python3', [path.join(__dirname, 'signed-scale.py')], {
      input: JSON.stringify({ planes: planes.map(plane => [...plane]), percent: 99.5 }),
      maxBuffer: 2 ** 28,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    const wanted = JSON.parse(stdout) as { limit: number; beyond: number }[];
    planes.forEach((plane, i) => {
      const before = plane.slice();
      const { limit, beyond } = signedScale(plane, 'robust');
      assert.ok(
        Math.abs(limit - wanted[i].limit) <= ROUNDING * wanted[i].limit,
        `${limit}, ${wanted[i].limit}`,
      );
      assert.equal(beyond, wanted[i].beyond);
      assert.deepEqual(plane, before, 'the values stay as they are');
    });
  });

  it('ends at the largest magnitude and leaves out nothing where it is full', () => {
    assert.deepEqual(signedScale(Float32Array.of(0.5, -2, 1), 'full'), { limit: 2, beyond: 0 });
  });

  it('is sensible where all values are equal, where one pixel has them all, and where there are none', () => {
    const one = new Float32Array(50_176);
    one[77] = -3;
    assert.deepEqual(signedScale(new Float32Array(50_176).fill(-2), 'robust'), { limit: 2, beyond: 0 });
    assert.deepEqual(signedScale(one, 'robust'), { limit: 3, beyond: 0 });
    assert.deepEqual(signedScale(new Float32Array(50_176), 'robust'), { limit: 0, beyond: 0 });
    assert.deepEqual(signedScale(new Float32Array(0), 'robust'), { limit: 0, beyond: 0 });
  });

  it('ignores what is no number or overflows, and counts it as beyond', () => {
    for (const end of ['robust', 'full'] as const) {
      const { limit, beyond } = signedScale(Float32Array.of(1, -1, NaN, Infinity, 1), end);
      assert.deepEqual([limit, beyond], [1, 2]);
    }
  });

  it('is robust for photographs and full for digits', () => {
    const sizes = [1, 28, 64, 65, 224, 4096].map(side => ({ height: side, width: side }));
    assert.deepEqual(sizes.map(isLargeImage), [false, false, false, true, true, true]);
    assert.deepEqual(sizes.map(scaleEndOf), ['full', 'full', 'full', 'robust', 'robust', 'robust']);
  });

  it('states what it leaves out, in the right number', () => {
    assert.deepEqual(
      [0, 1, 251, 83_887].map(beyond => beyondText(beyond)),
      ['', '1 pixel beyond the scale', '251 pixels beyond the scale', '83,887 pixels beyond the scale'],
    );
  });
});
