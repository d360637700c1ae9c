import assert from 'node:assert/strict';
import { MalformedPayloadError, readContrastEdit } from 'piecewise/payload';
import { damage } from './damage';
import { seeded } from './random-net';

const reply = { gap: 1.5, distance: 0.4, smallest: null, borders: 3, units: 4 };
const places = [Float32Array.of(1, 2), Float32Array.of(3, 4)];

describe('the answer of a kernel on an edit that ties two classes', () => {
  it('is read as it was sent: the points of the walk, x′ last', () => {
    assert.deepEqual(readContrastEdit({ id: 1, ...reply }, places), {
      ...reply,
      point: places[1],
      walk: [places[0]],
    });
    const proved = { ...reply, smallest: 'everywhere', borders: 0, units: 0 };
    assert.deepEqual(readContrastEdit(proved, places.slice(1)).walk, []);
  });

  it('is refused where it is malformed, and never fails in another way', () => {
    assert.throws(() => readContrastEdit(reply, []), MalformedPayloadError);
    assert.throws(() => readContrastEdit(reply, [Float32Array.of(1), ...places]), MalformedPayloadError);
    assert.throws(() => readContrastEdit({ ...reply, smallest: 'yes' }, places), MalformedPayloadError);
    const random = seeded(9);
    const values: unknown[] = [-1.5, 'text', [], {}, [[]], true, '__proto__', { length: 1e9 }];
    let refused = 0;
    for (let n = 0; n < 200; n++) {
      const damaged = { ...reply };
      damage(damaged, values, random);
      try {
        readContrastEdit(damaged, places);
      } catch (error) {
        assert.ok(error instanceof MalformedPayloadError, String(error));
        refused += 1;
      }
    }
    assert.ok(refused > 150, `only ${refused} were refused`);
  });
});
