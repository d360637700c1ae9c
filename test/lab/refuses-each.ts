import assert from 'node:assert/strict';
import { MalformedPayloadError } from 'piecewise/payload';

/**
 * A test for each way to break a payload: it is refused, and the error names the field.
 * @param broken what is wrong, how a sound payload becomes so, and the field
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
