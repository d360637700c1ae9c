import '@tensorflow/tfjs-node';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep);

/** Backends on which the engine must give the same results. */
export const backends = ['tensorflow', 'wasm', 'cpu'] as const;
export type Backend = (typeof backends)[number];

/** Runs the tests of a suite on one backend, then goes back to the native one. */
export function useBackend(backend: Backend): void {
  before(async () => {
    assertSet(await tf.setBackend(backend), backend);
  });
  after(async () => {
    assertSet(await tf.setBackend('tensorflow'), 'tensorflow');
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());
}

function assertSet(done: boolean, backend: string): void {
  if (!done) throw new Error(`the ${backend} backend could not be started`);
}
