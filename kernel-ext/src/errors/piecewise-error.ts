/**
 * What can go wrong, one class a cause. Each message says who, what it got, what it wanted, and what to do;
 * the fields carry the same for code that handles the error.
 */

/** Everything that Piecewise throws on purpose. */
export abstract class PiecewiseError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
