/** The compiler itself failed, usually since code is nested too deeply for it. It was started anew. */
export class CompilerError extends Error {
  override readonly name = 'CompilerError';

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The TypeScript compiler failed on this code: ${reason}. Nothing ran, and all variables are there. ` +
        'Split the cell, or read large data from a file.',
    );
  }
}
