import assert from 'node:assert/strict';
import { MalformedPayloadError } from '../../lab-extension/src/payload/malformed-payload';
import { readTie } from '../../lab-extension/src/decomposition/contrast-edit';
import { damage } from './damage';
import { seeded } from './random-net';

const reply = { gap: 1.5, distance: 0.4, smallest: null, borders: 3, units: 4 };
const places = [Float32Array.of(1, 2), Float32Array.of(3, 4)];

describe('what a kernel says of an edit that ties two classes', () => {
  it('is read as it was sent: places of the walk, x′ last', () => {
    assert.deepEqual(readTie({ id: 1, ...reply }, places), { ...reply, point: places[1], walk: [places[0]] });
    const proved = { ...reply, smallest: 'everywhere', borders: 0, units: 0 };
    assert.deepEqual(readTie(proved, places.slice(1)).walk, []);
  });

  it('is refused where it cannot be, and never fails in another way', () => {
    assert.throws(() => readTie(reply, []), MalformedPayloadError);
    assert.throws(() => readTie(reply, [Float32Array.of(1), ...places]), MalformedPayloadError);
    assert.throws(() => readTie({ ...reply, smallest: 'yes' }, places), MalformedPayloadError);
    const random = seeded(9);
    const values: unknown[] = [-1.5, 'text', [], {}, [[]], true, '__proto__', { length: 1e9 }];
    let refused = 0;
    for (let n = 0; n < 200; n++) {
      const damaged = { ...reply };
      damage(damaged, values, random);
      try {
        readTie(damaged, places);
      } catch (error) {
        assert.ok(error instanceof MalformedPayloadError, String(error));
        refused += 1;
      }
    }
    assert.ok(refused > 150, `only ${refused} were refused`);
  });
});
