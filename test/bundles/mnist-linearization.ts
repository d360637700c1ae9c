import '../backend';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { data } from '../../kernel-ext/src/data';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { linearize } from '../../kernel-ext/src/linearization/linearize';

const MODEL = join(__dirname, '..', '..', 'notebooks', 'models', 'mnist-cnn', 'model.json');

let cnn: Promise<tf.LayersModel> | undefined;

/** The notebooks' CNN at the first test digits: at a single one (a 7), or at `count` of them as a batch. */
export async function mnistLinearization(count?: number): Promise<Linearization> {
  const model = await (cnn ??= tf.loadLayersModel(`file://${MODEL}`));
  const digits = await data.mnist('test');
  const x = count === undefined ? digits.instance(0) : digits.batch(0, count);
  const lin = await linearize(model, x);
  x.dispose();
  return lin;
}

/** A network on 13 numbers, not an image, with three outputs. The residual needs the model, so the model is not disposed of. */
export async function vectorLinearization(labels?: string[]): Promise<Linearization> {
  const initializer = (seed: number) => tf.initializers.glorotNormal({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [13], units: 8, activation: 'relu', kernelInitializer: initializer(1) }),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: initializer(2) }),
    ],
  });
  const x = tf.randomNormal([13], 0, 1, 'float32', 3);
  const lin = await linearize(model, x, { labels });
  x.dispose();
  return lin;
}

/** A network for color images of 200 × 200 pixels. */
export async function colorLinearization(): Promise<Linearization> {
  const initializer = tf.initializers.glorotNormal({ seed: 4 });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [200, 200, 3],
        filters: 4,
        kernelSize: 5,
        strides: 2,
        kernelInitializer: initializer,
      }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 3, kernelInitializer: initializer }),
    ],
  });
  const x = tf.randomUniform([200, 200, 3], 0, 1, 'float32', 5);
  const lin = await linearize(model, x);
  x.dispose();
  return lin;
}
