/**
 * The contract between the kernel, which writes payloads and answers questions, and the views, which read and ask: plain JSON,
 * free of tensors, of Node and of the DOM. Both sides take types, readers, words, colors and limits from here
 * (`piecewise/payload`).
 */
export * from './arrays/array-payload';
export * from './arrays/base64';
export * from './arrays/compact-array';
export * from './arrays/evenly';
export * from './arrays/float-bytes';
export * from './arrays/quantized';
export * from './decomposition';
export * from './embedding';
export * from './embedding-data';
export * from './errors';
export * from './explanation';
export * from './fields';
export * from './files/csv-text';
export * from './files/decomposition-csv';
export * from './files/npy-bytes';
export * from './files/pdf-figure';
export * from './files/points-csv';
export * from './linearization';
export * from './mime-types';
export * from './path';
export * from './path-data';
export * from './pictures/class-colors';
export * from './pictures/colors';
export * from './pictures/image';
export * from './pictures/image-shape';
export * from './pictures/page-order';
export * from './pictures/png-size';
export * from './pictures/signed-scale';
export * from './pictures/superpixels';
export * from './pictures/thumbnails';
export * from './policies';
export * from './range';
export * from './replies/apart';
export * from './replies/channels';
export * from './replies/comparison';
export * from './replies/contrast-edit';
export * from './replies/neighbors';
export * from './replies/piece';
export * from './replies/rows';
export * from './replies/steer';
export * from './replies/transform';
export * from './replies/what-if';
export * from './requests';
export * from './residual';
export * from './validity';
export * from './version';
export * from './words/entry-name';
export * from './words/features';
export * from './words/text-tokens';
export * from './words/headline';
export * from './words/numbers';
export * from './words/percent';
