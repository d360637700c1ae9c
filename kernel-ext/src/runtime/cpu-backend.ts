import type { BackendStarter, Tfjs } from './backend';
import { load } from './load';

/** Plain JavaScript: runs everywhere, but slowly. */
export const cpuBackend: BackendStarter = {
  backend: 'cpu',
  label: 'plain JavaScript',
  async start() {
    const tf = load<Tfjs>('@tensorflow/tfjs');
    await tf.setBackend('cpu');
    // It would advise to install tfjs-node at its first tensor, but `reason` explains that better.
    Object.assign(tf.backend(), { firstUse: false });
    return { tf, version: tf.version['tfjs-backend-cpu'] };
  },
};
