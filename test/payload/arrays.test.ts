import assert from 'node:assert/strict';
import {
  type ArrayPayload,
  ArrayPayloadError,
  decodeArray,
  encodeArray,
  float32Bytes,
  MalformedPayloadError,
} from '../../kernel-ext/src/payload';

describe('arrays in a payload', () => {
  it('are little endian float32 in base64', () => {
    assert.equal(Buffer.from(float32Bytes(Float32Array.of(1, -2))).toString('hex'), '0000803f000000c0');
    assert.deepEqual(encodeArray(Float32Array.of(1, -2), [2, 1]), {
      dtype: 'float32',
      shape: [2, 1],
      data: 'AACAPwAAAMA=',
    });
  });

  it('are decoded to the same bits', () => {
    const values = Float32Array.of(0, 1e-45, -3.4e38, Math.PI, -0);
    assert.deepEqual(decodeArray(encodeArray(values, [5]), 'array').values, values);
  });

  it('are scaled when quantized', () => {
    const data = Buffer.from(Int16Array.of(-2, 3).buffer).toString('base64');
    assert.deepEqual(
      decodeArray({ dtype: 'int16', shape: [2], data, scale: 0.5 }, 'array').values,
      Float32Array.of(-1, 1.5),
    );
    assert.deepEqual(
      decodeArray({ dtype: 'uint8', shape: [2], data: '/wE=' }, 'array').values,
      Float32Array.of(255, 1),
    );
  });

  it('are refused when values and shape do not fit, or a value is not finite', () => {
    assert.throws(() => encodeArray(new Float32Array(3), [2, 2]), ArrayPayloadError);
    assert.throws(() => encodeArray(Float32Array.of(1, NaN), [2]), /value 1 is NaN/);
  });

  it('are refused when type, shape or bytes are wrong', () => {
    const good: ArrayPayload = { dtype: 'uint8', shape: [2], data: '/wE=' };
    const wrong = [
      { dtype: 'float64' },
      { shape: [3] },
      { shape: [-2] },
      { shape: [2.5] },
      { data: '/w??' },
      { data: '' },
    ];
    for (const change of wrong) {
      assert.throws(
        () => decodeArray({ ...good, ...change }, 'x'),
        (error: unknown) => error instanceof MalformedPayloadError && error.field.startsWith('x.'),
        JSON.stringify(change),
      );
    }
  });
});
