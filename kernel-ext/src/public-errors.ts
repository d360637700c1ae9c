/**
 * Every error that Piecewise throws on purpose, as `piecewise/errors`: for `instanceof` in a `catch`, and for the fields that
 * say what went wrong.
 */
export * from './errors';
export * from './data/errors';
export * from './display/errors';
export { ArrayPayloadError } from './payload';
export * from './runtime/errors';
export * from './tsne/errors';
