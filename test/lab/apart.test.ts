import assert from 'node:assert/strict';
import { readApart, MalformedPayloadError } from 'piecewise/payload';

describe('the kernel’s answer about why two groups are apart', () => {
  const apart = { actual: [1, 2], sums: [1, 2], points: [1, 8], regions: 40 };
  const parts = Float32Array.of(0.5, 0.5, 1, 1);

  it('is read by axis, and refused if it is malformed', () => {
    const read = readApart({ id: 1, ...apart }, [parts]);
    assert.deepEqual(
      read.parts.map(axis => [...axis]),
      [
        [0.5, 0.5],
        [1, 1],
      ],
    );
    for (const wrong of [
      { sums: [1] },
      { points: [1] },
      { regions: -1 },
      { actual: [1, 2, 3] },
      { actual: [null] },
    ])
      assert.throws(() => readApart({ ...apart, ...wrong }, [parts]), MalformedPayloadError);
    for (const arrays of [[], [parts, parts], [parts.subarray(1)]])
      assert.throws(() => readApart(apart, arrays), MalformedPayloadError);
  });
});
