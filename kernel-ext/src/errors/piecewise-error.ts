/**
 * What can go wrong: one class per cause. Each message tells who failed, what it got, what it wanted and what to do; the
 * fields hold the same facts for code that handles the error.
 */

/** Everything that Piecewise throws on purpose. */
export abstract class PiecewiseError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
