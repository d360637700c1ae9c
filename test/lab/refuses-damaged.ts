import assert from 'node:assert/strict';
import { MalformedPayloadError, UnknownVersionError } from 'piecewise/payload';
import { damage } from './damage';

const VALUES: unknown[] = [null, -1, 1e9, 'text', [], {}, [[]], true, '__proto__', 1.5, { length: 1e9 }];

/**
 * 400 payloads, each damaged in one place: every one is read or refused, never failed at in another way, and more than half are
 * refused.
 * @param changed a sound payload with a change
 */
export function refusesDamaged<T>(
  random: () => number,
  changed: (spoil: (payload: T) => void) => unknown,
  read: (payload: unknown) => unknown,
): void {
  let refused = 0;
  for (let n = 0; n < 400; n++) {
    const payload = changed(p => damage(p, VALUES, random));
    try {
      read(payload);
    } catch (error) {
      assert.ok(
        error instanceof MalformedPayloadError || error instanceof UnknownVersionError,
        String(error),
      );
      refused += 1;
    }
  }
  assert.ok(refused > 200, `only ${refused} were refused`);
}
