/* global module, require, __dirname */
/* eslint-disable @typescript-eslint/no-require-imports -- @jupyterlab/builder loads this file as CommonJS */
const { createRequire } = require('node:module');
const { join } = require('node:path');

/** The builder's own copy, so that it fits its webpack. */
const TerserPlugin = createRequire(require.resolve('@jupyterlab/builder'))('terser-webpack-plugin');

/**
 * The contract as ES modules, which webpack can cut down to what the page uses; the package `piecewise` has it as CommonJS. Its
 * compilation for a page (tsconfig.payload.json) also proves that it needs nothing of Node.
 */
const PAYLOAD = join(__dirname, 'lib', 'kernel-ext', 'payload', 'index.js');

/** plotly.js comes minified; to do that again would make the build take 56 s instead of 6 s. */
module.exports = {
  resolve: { alias: { 'piecewise/payload$': PAYLOAD } },
  optimization: { minimizer: [new TerserPlugin({ exclude: /^plotly\./ })] },
};
