import assert from 'node:assert/strict';
import { MalformedPayloadError, readContrastEdit } from 'piecewise/payload';
import { seeded } from './random-net';
import { refusesDamaged } from './refuses-damaged';

const reply = { gap: 1.5, distance: 0.4, smallest: null, borders: 3, units: 4 };
const points = [Float32Array.of(1, 2), Float32Array.of(3, 4)];

describe('the kernel’s answer about an edit that ties two classes', () => {
  it('is read as it was sent: the points of the walk, x′ last', () => {
    assert.deepEqual(readContrastEdit({ id: 1, ...reply }, points), {
      ...reply,
      point: points[1],
      walk: [points[0]],
    });
    const proved = { ...reply, smallest: 'everywhere', borders: 0, units: 0 };
    assert.deepEqual(readContrastEdit(proved, points.slice(1)).walk, []);
  });

  it('is refused if it is malformed, and never fails otherwise', () => {
    assert.throws(() => readContrastEdit(reply, []), MalformedPayloadError);
    assert.throws(() => readContrastEdit(reply, [Float32Array.of(1), ...points]), MalformedPayloadError);
    assert.throws(() => readContrastEdit({ ...reply, smallest: 'yes' }, points), MalformedPayloadError);
    const spoiled = (spoil: (answer: typeof reply) => void) => {
      const answer = { ...reply };
      spoil(answer);
      return answer;
    };
    const values = [-1.5, 'text', [], {}, [[]], true, '__proto__', { length: 1e9 }];
    const read = (answer: unknown) => readContrastEdit(answer, points);
    refusesDamaged(seeded(9), spoiled, read, { count: 200, least: 150, values });
  });
});
