import type { BackendStarter, Tfjs } from './backend';
import { load } from './load';
import { restoreRemovedUtilFunctions } from './removed-util-functions';

/** What tfjs-node's backend exposes of the addon. */
interface NodeBackend {
  binding: { TF_Version: string };
}

/** TensorFlow's own library, through the addon of @tensorflow/tfjs-node. */
export const nativeBackend: BackendStarter = {
  backend: 'tensorflow',
  label: "TensorFlow's native library",
  async start() {
    restoreRemovedUtilFunctions();
    // The library reads this when it loads: only fatal messages, unless the user asks for more.
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
    load('@tensorflow/tfjs-node');
    const tf = load<Tfjs>('@tensorflow/tfjs');
    await tf.setBackend('tensorflow');
    return { tf, version: (tf.backend() as unknown as NodeBackend).binding.TF_Version };
  },
};
