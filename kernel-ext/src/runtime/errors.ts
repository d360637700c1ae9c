import { PiecewiseError } from '../errors';
import { Backend, BACKENDS } from './backend';

/** PIECEWISE_BACKEND does not name a backend. */
export class UnknownBackendError extends PiecewiseError {
  constructor(readonly received: string) {
    super(
      `startRuntime: PIECEWISE_BACKEND is "${received}", but it can only be ${BACKENDS.join(', ')}. ` +
        `Unset it, and Piecewise chooses the fastest backend that runs here.`,
    );
  }
}

/** No backend runs, or the one that PIECEWISE_BACKEND asks for does not. */
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
        `Run \`npm run setup\`; \`npx piecewise doctor\` shows what is missing.`,
      options,
    );
  }
}

/** The backend computes wrong numbers. */
export class WrongProductError extends PiecewiseError {
  constructor(
    readonly expected: readonly number[],
    readonly received: readonly number[],
  ) {
    super(
      `startRuntime: a product of two matrices was [${received.join(', ')}] instead of [${expected.join(', ')}]; ` +
        `this backend cannot be trusted. Reinstall it: remove node_modules, then run \`npm run setup\`.`,
    );
  }
}
