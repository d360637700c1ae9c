import { PiecewiseError } from '../errors';
import { Backend, BACKENDS } from './backend';

/** PIECEWISE_BACKEND names a backend that does not exist. */
export class UnknownBackendError extends PiecewiseError {
  constructor(readonly received: string) {
    super(
      `startRuntime: PIECEWISE_BACKEND is "${received}", but it can only be ${BACKENDS.join(', ')}. ` +
        `Unset it to let Piecewise choose the fastest that runs here.`,
    );
  }
}

/** No backend runs, or not the one that PIECEWISE_BACKEND asks for. */
export class BackendUnavailableError extends PiecewiseError {
  constructor(
    readonly wanted: Backend | 'any',
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(
      (wanted === 'any'
        ? `startRuntime: no backend of tfjs runs here (${reason}). `
        : `startRuntime: PIECEWISE_BACKEND asks for ${wanted}, which does not run here (${reason}). `) +
        `Run \`npm run setup\`, and \`npx piecewise doctor\` to see what is missing.`,
      options,
    );
  }
}

/** A backend computes wrong numbers. */
export class WrongProductError extends PiecewiseError {
  constructor(
    readonly expected: readonly number[],
    readonly received: readonly number[],
  ) {
    super(
      `startRuntime: a product of two matrices came out as [${received.join(', ')}] instead of [${expected.join(', ')}]; ` +
        `this backend is not to be trusted. Reinstall it: remove node_modules, then \`npm run setup\`.`,
    );
  }
}
