export type { Backend, Tfjs } from './backend';
export { BackendUnavailableError, UnknownBackendError, WrongProductError } from './errors';
export { startRuntime, type Runtime } from './runtime';
