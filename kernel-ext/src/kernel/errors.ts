import { types } from 'node:util';

/** The compiler itself failed, usually because code is nested too deeply. A new compiler was started. */
export class CompilerError extends Error {
  override readonly name = 'CompilerError';

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The TypeScript compiler failed on this code: ${reason}. Nothing ran, and all variables are intact. ` +
        'Split the cell, or read large data from a file.',
    );
  }
}

/** A cell called process.exit, which would have ended the kernel and lost all variables. */
export class ProcessExitError extends Error {
  override readonly name = 'ProcessExitError';

  constructor(readonly code: string | number | null | undefined) {
    super(
      `process.exit(${code ?? ''}) ended this cell but not the kernel, so all variables are intact. ` +
        'To end the kernel, shut it down from the Kernel menu.',
    );
  }
}

/** A cell asked for input, but its client takes none. */
export class InputNotAllowedError extends Error {
  override readonly name = 'InputNotAllowedError';

  constructor(readonly prompt: string) {
    super(
      `prompt(${JSON.stringify(prompt)}) cannot ask: this client takes no input (nbconvert, for example). ` +
        'Run the cell in JupyterLab, or read the value from a file or from process.env.',
    );
  }
}

/** A request lacks a field that the protocol requires. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';

  constructor(
    readonly request: string,
    readonly field: string,
    got: unknown,
  ) {
    super(
      `${request}: the field ${field} is of type ${got === null ? 'null' : typeof got}, but the protocol requires a string. ` +
        'Nothing was done; the client must send the request again.',
    );
  }
}

/** Why the work of a cell was aborted: the user interrupted it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('the cell was interrupted');
  }
}

/** Whether an error only tells that the user has interrupted the work. */
export function isInterruption(error: unknown): boolean {
  if (types.isProxy(error)) return false; // Asking it anything may run its code, and throw.
  if (error instanceof Interrupted) return true;
  return error instanceof Error && 'reason' in error && error.reason instanceof Interrupted;
}
