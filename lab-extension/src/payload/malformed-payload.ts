/** A payload that cannot be shown: which field, and what is wrong with it. */
export class MalformedPayloadError extends Error {
  override readonly name = 'MalformedPayloadError';
  constructor(
    readonly field: string,
    readonly problem: string,
  ) {
    super(`This output cannot be shown: its field ${field} ${problem}. Run the cell again to renew it.`);
  }
}

/** A payload of another major version than the one that this extension reads. */
export class UnknownVersionError extends Error {
  override readonly name = 'UnknownVersionError';
  constructor(
    readonly found: string,
    readonly supported: string,
  ) {
    super(
      `This output has version ${found}, this extension reads ${supported}: ` +
        'update jupyterlab-piecewise to explore it.',
    );
  }
}
