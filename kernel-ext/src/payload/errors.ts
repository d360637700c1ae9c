import { PiecewiseError } from '../errors/piecewise-error';

/** An array that cannot travel in a payload: its numbers do not fill the shape, or JSON cannot hold one of them. */
export class ArrayPayloadError extends PiecewiseError {
  constructor(readonly reason: string) {
    super(
      `The array cannot be written into a payload: ${reason}. Pass finite numbers, as many as the shape holds.`,
    );
  }
}

/** A payload or reply that cannot be read: which field is at fault, and what is wrong with it. */
export class MalformedPayloadError extends Error {
  // Spelled out, since a bundler may rename classes.
  override readonly name = 'MalformedPayloadError';
  constructor(
    readonly field: string,
    readonly problem: string,
  ) {
    super(`This output cannot be shown: its field ${field} ${problem}. Run the cell again to renew it.`);
  }
}

/** A payload of another major version than this build reads. */
export class UnknownVersionError extends Error {
  override readonly name = 'UnknownVersionError';
  constructor(
    readonly found: string,
    readonly supported: string,
  ) {
    super(
      `This output has version ${found}, but this extension reads ${supported}. ` +
        'Update jupyterlab-piecewise to explore it.',
    );
  }
}
