/** What can go wrong: with x, with the model, with what a map is asked for. */
export { PiecewiseError } from './errors/piecewise-error';
export * from './errors/input-errors';
export * from './errors/model-errors';
export * from './errors/map-errors';
export * from './errors/region-errors';
