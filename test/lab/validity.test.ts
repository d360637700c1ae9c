import assert from 'node:assert/strict';
import { switching } from '../../lab-extension/src/figures/unit-name';
import { Gauge } from '../../lab-extension/src/decomposition/gauge';
import { readRadius, readReach, MalformedPayloadError } from 'piecewise/payload';
import { seeded } from './random-net';
import { refusesDamaged } from './refuses-damaged';

const unit = { layer: 'relu1', kind: 'threshold', position: [3, 4, 2] } as const;
const radius = { distance: 0.25, lower: 0.25, exact: true, unit, touching: 7 };
const reach = { share: 0.63, unit, distance: 1.2, length: 1.9, touching: 2 };

describe('the kernel’s answer about how far a linear map is exact', () => {
  it('is read as it was sent', () => {
    assert.deepEqual(readRadius({ id: 1, ...radius }), radius);
    assert.deepEqual(readReach({ id: 1, ...reach }), reach);
    const endless = { ...radius, distance: null, lower: null, unit: null };
    assert.deepEqual(readRadius(endless), endless);
  });

  it('is refused if it is malformed, and never fails otherwise', () => {
    for (const wrong of [
      { share: 1.1 },
      { share: -0.1 },
      { unit: 'relu1' },
      { unit: { ...unit, kind: 'x' } },
    ])
      assert.throws(() => readReach({ ...reach, ...wrong }), MalformedPayloadError);
    assert.throws(() => readRadius({ ...radius, distance: -1 }), MalformedPayloadError);
    const values = [null, -1, 1e300, 'text', [], {}, [[]], true, '__proto__', 1.5, { length: 1e9 }];
    const kinds = [
      [readRadius, radius],
      [readReach, reach],
    ] as const;
    let n = 0;
    const spoiled = (spoil: (answer: object) => void) => {
      const answer = structuredClone(kinds[n % 2][1]);
      spoil(answer);
      return answer;
    };
    refusesDamaged(seeded(5), spoiled, answer => kinds[n++ % 2][0](answer), { values });
  });

  it('names a unit by its position and layer, and what it does', () => {
    assert.equal(switching(unit), 'channel 2 of relu1 at row 3, column 4 switches');
    const first = { ...unit, channelsFirst: true } as const;
    assert.equal(switching(first), 'channel 3 of relu1 at row 4, column 2 switches');
    assert.equal(switching({ ...unit, position: [7] }), 'unit 7 of relu1 switches');
    assert.equal(switching({ ...unit, position: [] }), 'the unit of relu1 switches');
    assert.equal(switching({ ...unit, position: [1, 2, 3, 4] }), 'unit [1, 2, 3, 4] of relu1 switches');
    const entry = { layer: 'pool1', kind: 'choice', position: [3, 0, 6, 1, 5] } as const;
    const picks = 'picks another entry of its window';
    assert.equal(switching(entry), `channel 5 of pool1 at row 3, column 6 ${picks}`);
    const other = { ...entry, position: [5, 3, 0, 6, 1], channelsFirst: true } as const;
    assert.equal(switching(other), `channel 5 of pool1 at row 3, column 6 ${picks}`);
    assert.equal(switching({ ...entry, position: [0, 1] }), `unit [0, 1] of pool1 ${picks}`);
  });
});

describe('Gauge.follow(x′)', () => {
  it('asks only once, for the last input, and forgets the answer together with the edit', async () => {
    const asked: number[] = [];
    const gauge = new Gauge(
      x => (asked.push(x[0]), Promise.resolve({ ...reach, share: x[0] / 10 })),
      () => {},
    );
    for (const value of [1, 2, 3]) gauge.follow(Float32Array.of(value));
    assert.deepEqual([asked, gauge.reach.value], [[], null]);
    await new Promise(done => setTimeout(done, 400));
    assert.deepEqual([asked, gauge.reach.value?.share], [[3], 0.3]);
    gauge.follow(Float32Array.of(4));
    assert.equal(gauge.reach.value, null);
    gauge.follow(null);
    await new Promise(done => setTimeout(done, 400));
    assert.deepEqual([asked, gauge.reach.value], [[3], null]);
    gauge.dispose();
  });
});
