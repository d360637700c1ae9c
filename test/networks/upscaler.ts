import * as tf from '@tensorflow/tfjs';
import { npmRegistry } from '../../kernel-ext/src/data/npm-registry';
import { readPackageFiles, type PackageFiles } from '../../kernel-ext/src/data/package-files';

const MODEL = 'models/model.json';
const WEIGHTS = 'models/group1-shard1of1.bin';

/** The npm package of a network that enlarges photographs to twice their sides. */
const PACKAGE: PackageFiles = {
  registry: npmRegistry,
  name: '@upscalerjs/default-model',
  version: '1.0.0',
  hash: 'D17cokQBpciTBrlFuY5WtS7TH0WE3h5m44PYiPPCSq1jlWjG9BvH5/rnm9AhQPV6TT3Bqbg5GAPV8/qpR47/hQ==',
  megabytes: 1,
  files: [
    {
      path: MODEL,
      bytes: 12336,
      sha256: '8efb488c2caed0196a6163e3f06798f9245e92623ffd50654a26c372e09150ea',
    },
    {
      path: WEIGHTS,
      bytes: 888300,
      sha256: '5cb464ae4d390ce0a771afd5feaf60fbfcdb18ab48a56db98cdf6b88202369de',
    },
  ],
};

/** The network with its weights, for images of any size; it is installed into the cache on first use. */
export async function upscaler(): Promise<tf.LayersModel> {
  const [model, weights] = await readPackageFiles(PACKAGE, [MODEL, WEIGHTS], console.log);
  const { modelTopology, weightsManifest } = JSON.parse(model.toString()) as tf.io.ModelJSON;
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest.flatMap(group => group.weights),
      weightData: new Uint8Array(weights).buffer,
    }),
  );
}
