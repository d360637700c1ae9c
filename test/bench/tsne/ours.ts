/**
 * Like peer.py, with Piecewise: `ours.ts FOLDER NEIGHBORS EPOCHS`. Prints two more figures: the mean seconds per epoch, and
 * the seconds for W and b of all new points. Writes W, [N, 2, 784], and the network's weights beside the embeddings.
 */
import '../../backend';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { linearize, tsne } from '../../../kernel-ext/src';
import { peakDuring } from '../resident-memory';

/** Inputs that are linearized at once. */
const BLOCK = 1000;

async function main(): Promise<void> {
  const [folder, neighbors, epochs] = process.argv.slice(2);
  const [train, test] = ['train', 'test'].map(name => {
    const bytes = new Uint8Array(readFileSync(path.join(folder, `${name}.bin`)));
    return tf.tensor2d(new Float32Array(bytes.buffer), [bytes.length / (4 * 784), 784]);
  });
  const write = (name: string, places: tf.Tensor) =>
    writeFileSync(path.join(folder, `piecewise.${name}.bin`), places.dataSync<'float32'>());
  const ends: number[] = [];
  const fit = await peakDuring(() =>
    tsne(train, {
      perplexity: Number(neighbors),
      ...(Number(epochs) > 0 && { epochs: Number(epochs) }),
      onProgress: () => void ends.push(performance.now()),
    }),
  );
  const map = fit.result;
  write('map', map.coordinates);
  map.transform(test.slice(0, 10)).dispose();
  const placing = await peakDuring(async () => write('placed', map.transform(test)));
  writeNetwork(folder, map.model);
  const blocks: Float32Array[] = [];
  const linearizing = await peakDuring(async () => {
    for (let from = 0; from < test.shape[0]; from += BLOCK) {
      const x = test.slice(from, Math.min(BLOCK, test.shape[0] - from));
      const lin = await linearize(map.model, x, { executor: 'onnx' });
      const w = await lin.weights.toTensor();
      blocks.push(await w.data<'float32'>());
      lin.dispose();
      tf.dispose([x, w]);
    }
  });
  writeFileSync(path.join(folder, 'piecewise.w.bin'), Buffer.concat(blocks.map(bytesOf)));
  const reported = map.training.history;
  const epochsBetween = reported[reported.length - 1].epoch - reported[0].epoch;
  console.log(
    JSON.stringify({
      seconds: [fit.seconds, placing.seconds],
      megabytes: Math.max(fit.mebibytes, placing.mebibytes),
      epoch: (ends[ends.length - 1] - ends[0]) / 1000 / Math.max(1, epochsBetween),
      linearize: linearizing.seconds,
    }),
  );
}

/** Writes weights.json, the shapes of the network's weights, and weights.bin, for jacobian.py. */
function writeNetwork(folder: string, model: tf.LayersModel): void {
  const weights = model.getWeights();
  writeFileSync(path.join(folder, 'weights.json'), JSON.stringify(weights.map(({ shape }) => shape)));
  const numbers = weights.map(weight => bytesOf(weight.dataSync<'float32'>()));
  writeFileSync(path.join(folder, 'weights.bin'), Buffer.concat(numbers));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

void main();
