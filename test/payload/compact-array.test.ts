import assert from 'node:assert/strict';
import { compactArray, decodeArray } from '../../kernel-ext/src/payload';

const SIZE = 40_000;
const numbers = (of: (i: number) => number) => Float32Array.from({ length: SIZE }, (_, i) => of(i));

describe('compactArray(values, shape)', () => {
  const bytes: [string, (byte: number) => number, string][] = [
    ['bytes', v => v, 'uint8'],
    ['bytes divided by 255', v => v / 255, 'uint8'],
    ['bytes divided by 256', v => v / 256, 'uint8'],
    ['bytes between −1 and 1', v => Math.fround(v / 255) * 2 - 1, 'int16'],
    ['zeros', () => 0, 'uint8'],
  ];
  for (const [name, of, dtype] of bytes)
    it(`keeps ${name} as ${dtype}`, () => {
      const values = numbers(i => of(i % 256));
      const payload = compactArray(values, [SIZE]);
      assert.equal(payload.dtype, dtype);
      const { values: read } = decodeArray(payload, 'x');
      // 2v − 1 in float32 is rounded once more than a multiple of 1/255.
      read.forEach((value, i) => assert.ok(Math.abs(value - values[i]) <= (dtype === 'uint8' ? 0 : 2e-5)));
    });

  it('rounds other large arrays by at most half a step, and none that are small', () => {
    const values = numbers(i => 3 * Math.sin(i * i));
    const payload = compactArray(values, [SIZE / 2, 2]);
    const { values: read, rounding } = decodeArray(payload, 'x');
    assert.ok(payload.dtype === 'int16' && rounding < 3 / 65_000, `${payload.dtype}, ${rounding}`);
    read.forEach((value, i) => assert.ok(Math.abs(value - values[i]) <= rounding * 1.001));
    const few = values.slice(0, 100);
    assert.deepEqual(decodeArray(compactArray(few, [100]), 'x').values, few);
  });
});
