/* global module, require */
/* eslint-disable @typescript-eslint/no-require-imports -- @jupyterlab/builder loads this file as CommonJS */
const { createRequire } = require('node:module');

/** The builder's own copy, so that it fits its webpack. */
const TerserPlugin = createRequire(require.resolve('@jupyterlab/builder'))('terser-webpack-plugin');

/** plotly.js comes minified; to do that again would make the build take 56 s instead of 6 s. */
module.exports = {
  optimization: { minimizer: [new TerserPlugin({ exclude: /^plotly\./ })] },
};
