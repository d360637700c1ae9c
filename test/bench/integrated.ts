/**
 * `npm run bench:integrated`: how far sampled integrated gradients are from the exact ones, from a black image to test digits of
 * the MNIST CNN, each for its predicted class. The protocol is ExactLine's (arXiv 1908.06214, section 4): mean relative error of three
 * rules, and the samples that take it below 5 %. Error: sum of |difference| over sum of |exact|.
 */
import * as tf from '@tensorflow/tfjs-node';
import type { SamplingRule } from '../../kernel-ext/src/paths/integrated-gradients';
import { path, type Path } from '../../kernel-ext/src/paths/path';
import { mnistCnn } from './mnist-cnn';

const DIGITS = 20;
const RULES: SamplingRule[] = ['left', 'right', 'trapezoid'];
const STEPS = [10, 50, 300];
const ENOUGH = 0.05;
const MOST_STEPS = 2000;

async function main(): Promise<void> {
  const { model, digits } = await mnistCnn();
  const errors = new Map<string, number[]>();
  const needed = new Map<SamplingRule, number[]>(RULES.map(rule => [rule, []]));
  let worst = 0;
  for (let i = 0; i < DIGITS; i++) {
    const way = await path(model, tf.zeros([28, 28, 1]), digits.image(i));
    const logits = way.outputAt(1);
    const c = logits.indexOf(Math.max(...logits));
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
    `${DIGITS} digits; the exact sum is the change of the logit to ${worst.toExponential(1)} of it`,
  );
  for (const [key, values] of errors)
    console.log(`${key}: mean relative error ${(100 * mean(values)).toFixed(1)} %`);
  for (const [rule, values] of needed) {
    console.log(
      `${rule}: ${mean(values).toFixed(0)} samples in the mean for ${100 * ENOUGH} %, ${Math.max(...values)} at most`,
    );
  }
}

async function errorOf(way: Path, c: number, steps: number, rule: SamplingRule): Promise<number> {
  const { parts, error } = await way.sampled(c, steps, rule);
  parts.dispose();
  return error;
}

/** Steps, a quarter more each time, from which on the error is small enough. */
async function stepsFor(way: Path, c: number, rule: SamplingRule): Promise<number> {
  for (let steps = 4; steps < MOST_STEPS; steps = Math.ceil(steps * 1.25)) {
    if ((await errorOf(way, c, steps, rule)) <= ENOUGH) return steps;
  }
  return MOST_STEPS;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

void main();
