import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { LayersModel } from '@tensorflow/tfjs';
import { readModelFile } from '../files/read-model-file';
import { replaceFile } from '../files/replace-file';

const MODEL = 'model.json';

/** Saving takes the name that the model.json in the folder does not use, so that it and its weights stay a pair throughout. */
const WEIGHTS = ['weights.bin', 'weights-2.bin'];

/**
 * Writes model.json and weights.bin (or weights-2.bin, where a model in the folder has weights.bin), which tf.loadLayersModel
 * reads. A model that the folder has already is complete until the new one is. `metadata` goes into userDefinedMetadata.
 * @throws FileWriteError
 */
export async function writeModel(folder: string, model: LayersModel, metadata: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  const before = await weightsOf(folder);
  const [weights] = WEIGHTS.filter(name => name !== before);
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      const { modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy } = artifacts;
      const weightsManifest = [{ paths: [weights], weights: weightSpecs ?? [] }];
      const json = {
        modelTopology,
        format,
        generatedBy,
        convertedBy,
        userDefinedMetadata: metadata,
        weightsManifest,
      };
      const bytes = tf.io.CompositeArrayBuffer.join(weightData);
      await replaceFile(join(folder, weights), new Uint8Array(bytes));
      await replaceFile(join(folder, MODEL), JSON.stringify(json));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  if (before !== undefined) await rm(join(folder, before), { force: true });
}

/** The one of WEIGHTS that the model.json in the folder names, if there is one. */
async function weightsOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, MODEL), 'utf8').catch(() => '');
  return WEIGHTS.find(name => text.includes(JSON.stringify(name)));
}

/** Reads what `writeModel` wrote; the caller disposes the model. */
export async function readModel(folder: string): Promise<{ model: LayersModel; metadata: unknown }> {
  const { modelTopology, weightSpecs, weightData, userDefinedMetadata } = await readModelFile(
    join(folder, MODEL),
  );
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  return { model, metadata: userDefinedMetadata };
}
