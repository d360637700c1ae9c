/** What can go wrong with x, with the model, with a question to a linear map, and with regions. */
export { PiecewiseError } from './piecewise-error';
export * from './input-errors';
export { OptionError } from './option-error';
export * from './model-errors';
export * from './map-errors';
export * from './region-errors';
export * from './file-errors';
export * from './onnx-errors';
