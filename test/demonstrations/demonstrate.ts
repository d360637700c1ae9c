/**
 * `npm run demonstrate [images a class] [points a group]`: do the features that W∘x lights up carry the output? For each
 * class of MNIST and CIFAR-10 the logit of a CNN, for points of a parametric t-SNE map within a cluster, between two and far from
 * all others their place on either axis: the tenth of the positive contributions that is largest is deleted. Prints what W
 * predicts and what the network does, inside the linear region of x and beyond.
 * Default: 10 images, 10 points. The first run trains the CNN for CIFAR-10.
 */
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import seedrandom from 'seedrandom';
import { compile, data, type Embedding, type LabeledImages, loadEmbedding } from '../../kernel-ext/src';
import { mnistCnn } from '../bench/mnist-cnn';
import { logitsOf } from '../networks/logits';
import { cifarCnn } from './cifar-cnn';
import { deletion, type Deletion } from './deletion';
import { groupsOf } from './groups';

const MAP_POINTS = 2000;
/** Float32 sums of up to 3,072 products, relative to the largest output. */
const ROUNDING = 2e-6;

async function main(): Promise<void> {
  const [images = 10, points = 10] = process.argv.slice(2).map(Number);
  const { model, digits } = await mnistCnn();
  await byClass('MNIST, logit of the digit', model, digits, images);
  const cifar = await data.cifar10('test');
  await byClass('CIFAR-10, logit of the class', await cifarCnn(await data.cifar10('train')), cifar, images);
  const labels = [...digits.labels].slice(0, MAP_POINTS).map(String);
  const folder = path.resolve(__dirname, '../../notebooks/models/mnist-map');
  const map = await loadEmbedding(folder, digits.batch(0, MAP_POINTS), { labels });
  await byGroup(map, points);
}

async function byClass(
  title: string,
  model: tf.LayersModel,
  images: LabeledImages,
  each: number,
): Promise<void> {
  heading(title);
  const shape = model.inputs[0].shape.slice(1) as number[];
  const linearizer = compile(model, shape);
  const network = logitsOf(model);
  const random = seedrandom('control');
  for (const [c, name] of images.names.entries()) {
    const chosen = [...images.labels.keys()].filter(i => images.labels[i] === c).slice(0, each);
    const results: Deletion[] = [];
    for (const i of chosen) {
      const x = images.image(i);
      results.push(await deletion(linearizer, network, x, c, random));
      x.dispose();
    }
    print(name, results);
  }
}

async function byGroup(map: Embedding, each: number): Promise<void> {
  heading('t-SNE of MNIST, place on the axes');
  const linearizer = compile(map.model, map.points.shape.slice(1));
  const network = (x: tf.Tensor) => map.model.apply(x) as tf.Tensor;
  const random = seedrandom('control');
  for (const [name, members] of Object.entries(await groupsOf(map, each))) {
    for (const axis of [0, 1]) {
      const results: Deletion[] = [];
      for (const i of members) {
        const x = map.pick(i);
        results.push(await deletion(linearizer, network, x, axis, random));
        x.dispose();
      }
      print(`${name}, axis ${axis + 1}`, results);
    }
  }
}

function heading(title: string): void {
  console.log(`\n${title}; deleted: the top 10 % of the positive contributions`);
  console.log(
    `${''.padEnd(24)}          in the region of x            |   deleted wholly, change of the output`,
  );
  console.log(`${''.padEnd(24)} numbers  part of way    change  W is off |  predicted measured at random`);
}

function print(name: string, results: readonly Deletion[]): void {
  const mean = (of: keyof Deletion) => results.reduce((sum, r) => sum + r[of], 0) / results.length;
  const sorted = results.map(({ inside }) => inside).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const error = Math.max(...results.map(r => r.error));
  console.log(
    [
      name.padEnd(24),
      mean('count').toFixed(0).padStart(7),
      median.toPrecision(2).padStart(12),
      mean('step').toExponential(1).padStart(10),
      error.toExponential(1).padStart(10),
      mean('predicted').toFixed(2).padStart(12),
      mean('measured').toFixed(2).padStart(8),
      mean('control').toFixed(2).padStart(9),
    ].join(' '),
  );
  if (!(error < ROUNDING)) throw new Error(`${name}: W is off by ${error} in its own region`);
}

void main();
