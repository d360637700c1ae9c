import { dirname, sep } from 'node:path';
import type { BackendStarter, Tfjs } from './backend';
import { load, resolve } from './load';

type TfjsWasm = typeof import('@tensorflow/tfjs-backend-wasm');

/** WebAssembly with SIMD: a fast forward pass, a slower backward pass, and no gradient of convolution filters. */
export const wasmBackend: BackendStarter = {
  backend: 'wasm',
  label: 'WebAssembly',
  async start() {
    const tf = load<Tfjs>('@tensorflow/tfjs');
    const wasm = load<TfjsWasm>('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(dirname(resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    if (!(await tf.setBackend('wasm'))) throw new Error('its .wasm file could not be started');
    return { tf, version: wasm.version_wasm };
  },
};
