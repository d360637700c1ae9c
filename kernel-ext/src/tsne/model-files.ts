import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { LayersModel } from '@tensorflow/tfjs';

const MODEL = 'model.json';
const WEIGHTS = 'weights.bin';

/** Writes model.json and weights.bin, which tf.loadLayersModel reads; `metadata` goes into userDefinedMetadata. */
export async function writeModel(folder: string, model: LayersModel, metadata: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      const { modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy } = artifacts;
      const weightsManifest = [{ paths: [WEIGHTS], weights: weightSpecs ?? [] }];
      const json = {
        modelTopology,
        format,
        generatedBy,
        convertedBy,
        userDefinedMetadata: metadata,
        weightsManifest,
      };
      await writeFile(join(folder, WEIGHTS), Buffer.from(tf.io.CompositeArrayBuffer.join(weightData)));
      await writeFile(join(folder, MODEL), JSON.stringify(json));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
}

/** Reads what `writeModel` wrote; the caller disposes the model. */
export async function readModel(folder: string): Promise<{ model: LayersModel; metadata: unknown }> {
  const json = JSON.parse(await readFile(join(folder, MODEL), 'utf8')) as {
    modelTopology: object;
    userDefinedMetadata?: unknown;
    weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
  };
  const bytes = await readFile(join(folder, WEIGHTS));
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
      weightData: new Uint8Array(bytes).buffer,
    }),
  );
  return { model, metadata: json.userDefinedMetadata };
}
