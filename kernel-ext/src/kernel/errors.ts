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

/** A cell called process.exit, which would have ended the kernel and all variables with it. */
export class ProcessExitError extends Error {
  override readonly name = 'ProcessExitError';

  constructor(readonly code: string | number | null | undefined) {
    super(
      `process.exit(${code ?? ''}) ended this cell and not the kernel: all variables are there. ` +
        'To end the kernel, shut it down in the menu Kernel.',
    );
  }
}

/** A cell asked for input, and its client said that it has nobody to ask. */
export class InputNotAllowedError extends Error {
  override readonly name = 'InputNotAllowedError';

  constructor(readonly prompt: string) {
    super(
      `prompt(${JSON.stringify(prompt)}) found nobody to ask: this client takes no input (nbconvert, for one). ` +
        'Run the cell in JupyterLab, or read the value from a file or from process.env.',
    );
  }
}

/** A request lacks something that the protocol asks for. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';

  constructor(
    readonly request: string,
    readonly field: string,
    got: unknown,
  ) {
    super(
      `${request} came with ${field} of type ${got === null ? 'null' : typeof got}, and the protocol wants a string. ` +
        'Nothing was done; the client has to send it again.',
    );
  }
}
