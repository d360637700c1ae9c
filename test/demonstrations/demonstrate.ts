/**
 * `npm run demonstrate [images per class] [points per group]`: do the features that W∘x lights up carry the output? The output
 * is the logit of a CNN for each class of MNIST and CIFAR-10, and either coordinate of points in a parametric t-SNE embedding
 * (within a cluster, between two, and far from all others). The largest tenth of its positive contributions is deleted. Prints
 * what W predicts and what the network computes, inside the linear region of x and beyond. Writes the table to results.json and
 * pictures of W∘x for CIFAR-10 to notebooks/images; notebooks/06-what-lights-up.ipynb shows both.
 * Default: 10 images, 10 points. The first run trains the CNN for CIFAR-10.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-node';
import seedrandom from 'seedrandom';
import { compile, data, type Embedding, type LabeledData, loadEmbedding } from '../../kernel-ext/src';
import { mnistCnn } from '../bench/mnist-cnn';
import { logitsOf } from '../networks/logits';
import { cifarCnn } from './cifar-cnn';
import { contributionPictures } from './contribution-pictures';
import { deletion, type Deletion } from './deletion';
import { groupsOf } from './groups';

const RESULTS = path.join(__dirname, 'results.json');
const PICTURES = ['images', 'contributions'].map(name =>
  path.resolve(__dirname, `../../notebooks/images/cifar-10-${name}.svg`),
);
const MAP_POINTS = 2000;
/** For float32 sums of up to 3,072 products, relative to the largest output. */
const ROUNDING = 2e-6;

/** One line of the table: means over the inputs of one class or group. */
interface Line {
  demonstration: string;
  group: string;
  inputs: number;
  /** Numbers deleted. */
  count: number;
  /** Median share of the deletion that certainly stays in the region of x. */
  inside: number;
  /** The largest error of W at that share, relative to the largest output. */
  error: number;
  predicted: number;
  measured: number;
  control: number;
}

const lines: Line[] = [];

async function main(): Promise<void> {
  const [images = 10, points = 10] = process.argv.slice(2).map(Number);
  const { model, digits } = await mnistCnn();
  await byClass('MNIST, logit of the digit', model, digits, images);
  const cifar = await data.cifar10('test');
  const cnn = await cifarCnn(await data.cifar10('train'));
  await byClass('CIFAR-10, logit of the class', cnn, cifar, images);
  const pictures = await contributionPictures(cnn, cifar);
  PICTURES.forEach((file, i) => writeFileSync(file, pictures[i]));
  const labels = [...digits.labels].slice(0, MAP_POINTS).map(String);
  const folder = path.resolve(__dirname, '../../notebooks/models/mnist-embedding');
  const map = await loadEmbedding(folder, digits.batch(0, MAP_POINTS), { labels });
  await byGroup(map, points);
  writeFileSync(
    RESULTS,
    JSON.stringify({ date: new Date().toISOString().slice(0, 10), lines }, null, 2) + '\n',
  );
}

async function byClass(
  title: string,
  model: tf.LayersModel,
  images: LabeledData,
  each: number,
): Promise<void> {
  heading(title);
  const shape = model.inputs[0].shape.slice(1) as number[];
  const linearizer = await compile(model, shape);
  const network = logitsOf(model);
  const random = seedrandom('control');
  for (const [c, name] of images.names.entries()) {
    const chosen = [...images.labels.keys()].filter(i => images.labels[i] === c).slice(0, each);
    const results: Deletion[] = [];
    for (const i of chosen) {
      const x = images.instance(i);
      results.push(await deletion(linearizer, network, x, c, random));
      x.dispose();
    }
    add(title, name, results);
  }
}

async function byGroup(map: Embedding, each: number): Promise<void> {
  const title = 't-SNE of MNIST, coordinates';
  heading(title);
  const linearizer = await compile(map.model, map.points.shape.slice(1));
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
      add(title, `${name}, axis ${axis + 1}`, results);
    }
  }
}

function heading(title: string): void {
  console.log(`\n${title}; deleted: the top 10 % of the positive contributions`);
  console.log(
    `${''.padEnd(24)}          in the region of x            |   all deleted, change of the output`,
  );
  console.log(`${''.padEnd(24)} numbers  share of path  change  W is off |  predicted measured at random`);
}

/** Adds a line to the table and prints it. */
function add(demonstration: string, group: string, results: readonly Deletion[]): void {
  const mean = (of: keyof Deletion) => results.reduce((sum, r) => sum + r[of], 0) / results.length;
  const sorted = results.map(({ inside }) => inside).sort((a, b) => a - b);
  const line = {
    demonstration,
    group,
    inputs: results.length,
    count: mean('count'),
    inside: sorted[Math.floor(sorted.length / 2)],
    error: Math.max(...results.map(r => r.error)),
    predicted: mean('predicted'),
    measured: mean('measured'),
    control: mean('control'),
  };
  lines.push(line);
  print(line, mean('step'));
  if (!(line.error < ROUNDING)) throw new Error(`${group}: W is off by ${line.error} in its own region`);
}

function print({ group, count, inside, error, predicted, measured, control }: Line, step: number): void {
  console.log(
    [
      group.padEnd(24),
      count.toFixed(0).padStart(7),
      inside.toPrecision(2).padStart(12),
      step.toExponential(1).padStart(10),
      error.toExponential(1).padStart(10),
      predicted.toFixed(2).padStart(12),
      measured.toFixed(2).padStart(8),
      control.toFixed(2).padStart(9),
    ].join(' '),
  );
}

void main();
