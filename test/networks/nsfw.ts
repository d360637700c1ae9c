import vm from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import { npmRegistry } from '../../kernel-ext/src/data/npm-registry';
import { readPackageFiles, type PackageFiles } from '../../kernel-ext/src/data/package-files';
import files from './nsfw-files.json';

/** The networks of the npm package `nsfwjs`, trained on photographs: their names and the sides of their images. */
export const nsfwNetworks = {
  mobilenet_v2: { side: 224, format: 'layers' },
  mobilenet_v2_mid: { side: 224, format: 'graph' },
  inception_v3: { side: 299, format: 'layers' },
} as const;

export type NsfwNetwork = keyof typeof nsfwNetworks;

/** Loads a network with its weights; they are installed into the cache on first use. */
export async function nsfw(name: NsfwNetwork): Promise<tf.LayersModel | tf.GraphModel> {
  const handler = tf.io.fromMemory(await artifacts(name));
  return nsfwNetworks[name].format === 'graph' ? tf.loadGraphModel(handler) : tf.loadLayersModel(handler);
}

async function artifacts(name: NsfwNetwork): Promise<tf.io.ModelArtifacts> {
  const source: PackageFiles = { ...files, registry: npmRegistry, name: 'nsfwjs', files: files.files };
  const own = files.files.map(({ path }) => path).filter(path => path.includes(`/${name}/`));
  const [model, ...shards] = (await readPackageFiles(source, own, console.log)).map(bytes =>
    evaluated(bytes),
  );
  const { modelTopology, weightsManifest } = model as tf.io.ModelJSON;
  const weights = Buffer.concat(shards.map(shard => Buffer.from(shard as string, 'base64')));
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap(group => group.weights),
    weightData: new Uint8Array(weights).buffer,
  };
}

/** The package ships JSON and base64 as CommonJS scripts; they run in isolation, and their results are copied. */
function evaluated(script: Buffer): unknown {
  const module = { exports: {} as unknown };
  vm.runInNewContext(script.toString('utf8'), { module, exports: module.exports });
  return JSON.parse(JSON.stringify(module.exports));
}
