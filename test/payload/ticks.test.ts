import assert from 'node:assert/strict';
import { roundTicks } from '../../kernel-ext/src/payload';

describe('roundTicks(low, high, most)', () => {
  for (const [low, high, expected] of [
    [-18.4, 13.2, [-10, 0, 10]],
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-0.31, 0.29, [-0.3, -0.2, -0.1, 0, 0.1, 0.2]],
    [3, 3, [3]],
    [0, 199, [0, 50, 100, 150]],
    [1e-9, 5e-9, [1e-9, 2e-9, 3e-9, 4e-9, 5e-9]],
  ] as const) {
    it(`gives equal steps from ${low} to ${high}`, () => {
      const ticks = roundTicks(low, high, 6);
      assert.equal(ticks.length, expected.length, ticks.join());
      ticks.forEach((tick, i) =>
        assert.ok(Math.abs(tick - expected[i]) <= 1e-12 * Math.abs(expected[i]), ticks.join()),
      );
    });
  }

  it('stays within its limits and its number for ranges of any size', () => {
    for (let k = 0; k < 200; k++) {
      const low = Math.sin(k) * 10 ** (k % 17);
      const high = low + Math.abs(Math.cos(3 * k)) * 10 ** ((k % 13) - 3) + 1e-9;
      const ticks = roundTicks(low, high, 6);
      assert.ok(ticks.length <= 7, `${ticks.length} ticks`);
      const room = 1e-6 * (high - low) + 1e-12 * Math.abs(low);
      assert.ok(
        ticks.every(tick => tick >= low - room && tick <= high + room),
        `${low}, ${high}: ${ticks.join()}`,
      );
    }
  });
});
