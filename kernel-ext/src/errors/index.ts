/** What can go wrong: with x, with the model, with what a map is asked for. */
export { PiecewiseError } from './piecewise-error';
export * from './input-errors';
export * from './model-errors';
export * from './map-errors';
export * from './region-errors';
