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
  /** What is put into them. Default: one of each type, and numbers that are negative, large or not whole. */
  values?: readonly unknown[];
}

/**
 * Payloads, each damaged in one place: every one is read or refused, and none fails in another way.
 * @param changed gives a sound payload after a change
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
