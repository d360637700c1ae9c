import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { io } from '@tensorflow/tfjs';

/** What a model.json of TensorFlow.js and its weights hold, as `tf.io.fromMemory` takes it. */
export type ModelFileContents = io.ModelJSON &
  Required<Pick<io.ModelArtifacts, 'weightSpecs' | 'weightData'>>;

const BYTES: Record<string, number> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  float16: 2,
  uint8: 1,
  uint16: 2,
};

/** Sizes in a topology of which each unit has a weight of its own at least. */
const SIZES = ['units', 'filters', 'input_dim', 'output_dim', 'inputDim', 'outputDim'];

/**
 * Reads a model.json and its weights, which anybody may have written: nothing outside its folder is read, and what it says
 * about sizes is compared with the bytes that are there before anything is built from it.
 * @param file the model.json
 * @throws an Error that states what is wrong, for the caller to wrap
 */
export async function readModelFile(file: string): Promise<ModelFileContents> {
  const json = JSON.parse(await readFile(file, 'utf8')) as io.ModelJSON;
  if (!Array.isArray(json?.weightsManifest)) throw new Error('it has no list weightsManifest');
  const folder = dirname(resolve(file));
  const paths = json.weightsManifest.flatMap(group => group.paths).map(path => inside(folder, path));
  const bytes = Buffer.concat(await Promise.all(paths.map(path => readFile(path))));
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights);
  checkSpecs(weightSpecs, bytes.length);
  checkTopology(json.modelTopology, bytes.length);
  return { ...json, weightSpecs, weightData: Uint8Array.from(bytes).buffer };
}

function inside(folder: string, path: unknown): string {
  if (typeof path !== 'string') throw new Error('the path of its weights is not a text');
  const file = resolve(folder, path);
  const below = relative(folder, file);
  if (below === '' || below.split(/[/\\]/)[0] === '..' || isAbsolute(below))
    throw new Error(`its weights are at ${path}, outside its folder`);
  return file;
}

function checkSpecs(specs: readonly io.WeightsManifestEntry[], bytes: number): void {
  let wanted = 0;
  for (const { name, shape, dtype, quantization } of specs) {
    if (!Array.isArray(shape) || !shape.every(length => Number.isSafeInteger(length) && length >= 0))
      throw new Error(`the shape of its weight ${String(name)} is ${JSON.stringify(shape)}`);
    // A text has no size of its own.
    if (dtype === 'string') return;
    const stored = quantization?.dtype ?? dtype;
    if (!Object.hasOwn(BYTES, stored))
      throw new Error(`its weight ${String(name)} has the unknown type ${String(dtype)}`);
    wanted += BYTES[stored] * shape.reduce((product, length) => product * length, 1);
  }
  if (wanted > bytes) throw new Error(`its weights take ${wanted} bytes, but ${bytes} are there`);
}

function checkTopology(topology: unknown, bytes: number): void {
  const waiting: unknown[] = [topology];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    for (const [key, value] of Object.entries(part)) {
      if (SIZES.includes(key) && typeof value === 'number' && value > bytes)
        throw new Error(`one of its layers has ${key} ${value}, but its weights are only ${bytes} bytes`);
      waiting.push(value);
    }
  }
}
