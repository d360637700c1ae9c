import assert from 'node:assert/strict';
import { MalformedPayloadError } from 'piecewise/payload';

/**
 * One test for each kind of broken payload: it is refused, and the error names the field.
 * @param broken what is wrong, the change that breaks a sound payload, and the faulty field
 */
export function refusesEach<T>(
  broken: readonly [string, (payload: T) => void, string][],
  read: (breakIt: (payload: T) => void) => unknown,
): void {
  for (const [name, breakIt, field] of broken) {
    it(`refuses ${name} and names ${field}`, () => {
      assert.throws(
        () => read(breakIt),
        (error: unknown) => error instanceof MalformedPayloadError && error.field === field,
      );
    });
  }
}
