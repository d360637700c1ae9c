/**
 * `npm run bench:integrated`: how far sampled integrated gradients are from the exact ones, from a black image to test images of
 * the MNIST CNN and of a CNN for CIFAR-10 (trained on first use), each for its predicted class. The protocol is ExactLine's
 * (arXiv 1908.06214, section 4): the mean relative error of three rules, and how many samples take it below 5 %. The error is the
 * sum of |difference| over the sum of |exact|. The paper reports errors of 25 to 45 % on its own networks.
 */
import * as tf from '@tensorflow/tfjs-node';
import type { SamplingRule } from '../../kernel-ext/src/paths/integrated-gradients';
import { path, type Path } from '../../kernel-ext/src/paths/path';
import { data, type LabeledData } from '../../kernel-ext/src/data';
import { cifarCnn } from '../demonstrations/cifar-cnn';
import { mnistCnn } from './mnist-cnn';

const IMAGES = 20;
const RULES: SamplingRule[] = ['left', 'right', 'trapezoid'];
const STEPS = [10, 50, 100, 300];
const ENOUGH = 0.05;
const MOST_STEPS = 2000;

async function main(): Promise<void> {
  console.log('Published for other networks (arXiv 1908.06214): sampled gradients are off by 25 to 45 %.');
  const { model, digits } = await mnistCnn();
  await measure('MNIST CNN', model, digits);
  await measure('CIFAR-10 CNN', await cifarCnn(await data.cifar10('train')), await data.cifar10('test'));
}

async function measure(name: string, model: tf.LayersModel, images: LabeledData): Promise<void> {
  const errors = new Map<string, number[]>();
  const needed = new Map<SamplingRule, number[]>(RULES.map(rule => [rule, []]));
  let [worst, right] = [0, 0];
  for (let i = 0; i < IMAGES; i++) {
    const image = images.instance(i);
    const way = await path(model, tf.zerosLike(image), image);
    const logits = way.outputAt(1);
    const c = logits.indexOf(Math.max(...logits));
    right += c === images.labels[i] ? 1 : 0;
    const { residual, change } = await way.integrated(c);
    worst = Math.max(worst, residual / Math.abs(change));
    for (const rule of RULES) {
      for (const steps of STEPS) {
        const key = `${rule.padEnd(9)} ${String(steps).padStart(3)} steps`;
        errors.set(key, [...(errors.get(key) ?? []), await errorOf(way, c, steps, rule)]);
      }
      needed.get(rule)!.push(await stepsFor(way, c, rule));
    }
  }
  console.log(
    `\n${name}: ${IMAGES} images, ${right} classified correctly; the exact sum differs from the change of the logit by at most ${worst.toExponential(1)} of it`,
  );
  for (const [key, values] of errors)
    console.log(`${key}: mean relative error ${(100 * mean(values)).toFixed(1)} %`);
  for (const [rule, values] of needed) {
    console.log(
      `${rule}: ${mean(values).toFixed(0)} samples on average for ${100 * ENOUGH} %, at most ${Math.max(...values)}`,
    );
  }
}

async function errorOf(way: Path, c: number, steps: number, rule: SamplingRule): Promise<number> {
  const { parts, error } = await way.sampled(c, steps, rule);
  parts.dispose();
  return error;
}

/** The number of steps at which the error is small enough; each try takes a quarter more than the last. */
async function stepsFor(way: Path, c: number, rule: SamplingRule): Promise<number> {
  for (let steps = 4; steps < MOST_STEPS; steps = Math.ceil(steps * 1.25)) {
    if ((await errorOf(way, c, steps, rule)) <= ENOUGH) return steps;
  }
  return MOST_STEPS;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

void main();
