import assert from 'node:assert/strict';
import { MalformedPayloadError, UnknownVersionError } from 'piecewise/payload';
import { damage } from './damage';

const VALUES: readonly unknown[] = [
  null,
  -1,
  1e9,
  'text',
  [],
  {},
  [[]],
  true,
  '__proto__',
  1.5,
  { length: 1e9 },
];

interface Damage {
  /** How many payloads are damaged. Default: 400. */
  count?: number;
  /** More than this many must be refused. Default: half of them. */
  least?: number;
  /** The values that are put into them. Default: one of each type, and numbers that are negative, large or not whole. */
  values?: readonly unknown[];
}

/**
 * A test with many payloads, each damaged in one field: each is read or refused, and none fails otherwise.
 * @param changed applies the change to a sound payload and returns it
 */
export function refusesDamaged<T>(
  random: () => number,
  changed: (spoil: (payload: T) => void) => unknown,
  read: (payload: unknown) => unknown,
  { count = 400, least = count / 2, values = VALUES }: Damage = {},
): void {
  let refused = 0;
  for (let n = 0; n < count; n++) {
    const payload = changed(p => damage(p, values, random));
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
  assert.ok(refused > least, `only ${refused} were refused`);
}
