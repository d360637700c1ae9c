/**
 * `npm run bench:memory`: the memory that rows of W take on InceptionV3 at 299 × 299 × 3 with 1,000 classes, whose W would
 * take 1.07 GB. Rows are computed one by one and sixteen at a time under a budget of 256 MiB, and each is checked against the
 * logit. Prints peaks of the process's resident memory above that of the model, loaded and run once.
 */
import * as tf from '@tensorflow/tfjs-node';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { nsfw } from '../networks/nsfw';
import { peakDuring, residentMebibytes } from './resident-memory';

const CLASSES = 1000;
const MEMORY = 256 * 2 ** 20;
/** Relative to the sum of the absolute terms of a logit; measured up to 2.1e-8. */
const TOLERANCE = 1e-5;

async function main(): Promise<void> {
  const model = await withThousandClasses();
  const x = tf.randomUniform([299, 299, 3], 0, 1, 'float32', 7);
  model.predict(x.expandDims());
  const before = residentMebibytes();
  for (const executor of ['tfjs', 'onnx'] as const) {
    const lin = await measured(`${executor}: F(x) and b`, before, () =>
      linearize(model, x, { executor, memory: MEMORY }),
    );
    await measured(`${executor}: 4 rows, one by one`, before, async () => {
      for (const c of [0, 1, 2, 3]) await checkedRows(lin, x, [c]);
    });
    await measured(`${executor}: 16 rows in one call`, before, () =>
      checkedRows(
        lin,
        x,
        Array.from({ length: 16 }, (_, i) => i * 60),
      ),
    );
    lin.dispose();
  }
}

/** InceptionV3 of the npm package nsfwjs with a head of 1,000 random classes. */
async function withThousandClasses(): Promise<tf.LayersModel> {
  const model = (await nsfw('inception_v3')) as tf.LayersModel;
  const head = tf.layers.dense({
    units: CLASSES,
    kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
  });
  const features = model.layers.at(-1)!.input as tf.SymbolicTensor;
  return tf.model({ inputs: model.inputs, outputs: head.apply(features) as tf.SymbolicTensor });
}

type Linearization = Awaited<ReturnType<typeof linearize>>;

/** Rows whose W_c·x + b_c is the logit. */
async function checkedRows(lin: Linearization, x: tf.Tensor, indices: number[]): Promise<void> {
  const rows = await lin.weights.rows(indices);
  const [w, values, y, b] = await Promise.all([rows, x, lin.output, lin.bias].map(t => t.data()));
  rows.dispose();
  indices.forEach((c, r) => {
    let [sum, terms] = [b[c], Math.abs(b[c])];
    for (let i = 0; i < values.length; i++) {
      const term = w[r * values.length + i] * values[i];
      sum += term;
      terms += Math.abs(term);
    }
    if (Math.abs(sum - y[c]) > TOLERANCE * terms)
      throw new Error(`row ${c} is off by ${sum - y[c]} of ${terms}`);
  });
}

async function measured<T>(what: string, before: number, work: () => Promise<T>): Promise<T> {
  const { result, mebibytes, seconds } = await peakDuring(work);
  console.log(`${what}: +${(mebibytes - before).toFixed(0)} MiB at the peak, ${seconds.toFixed(1)} s`);
  return result;
}

void main();
