import { PiecewiseError } from '../errors/piecewise-error';

/** An array cannot be written into a payload: its numbers do not fill the shape, or JSON cannot represent one of them. */
export class ArrayPayloadError extends PiecewiseError {
  constructor(readonly reason: string) {
    super(
      `The array cannot be written into a payload: ${reason}. Pass finite numbers, as many as the shape requires.`,
    );
  }
}

/** A payload or reply cannot be read. The error names the faulty field and states what is wrong with it. */
export class MalformedPayloadError extends Error {
  // Spelled out, since a bundler may rename classes.
  override readonly name = 'MalformedPayloadError';
  constructor(
    readonly field: string,
    readonly problem: string,
  ) {
    super(
      `This output cannot be shown: its field ${field} ${problem}. Run the cell again to create it again.`,
    );
  }
}

/** The payload has another major version than the one that this build reads. */
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
