import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import { data } from '../../kernel-ext/src/data';

/** The network that is shipped with the notebooks, and the 10,000 test digits. */
export async function mnistCnn() {
  const file = path.resolve(__dirname, '../../notebooks/models/mnist-cnn/model.json');
  const model = await tf.loadLayersModel(`file://${file}`);
  return { model, digits: await data.mnist('test') };
}
