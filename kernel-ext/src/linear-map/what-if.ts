import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Plan } from '../plan/plan';
import { assertFiniteInput } from './finite';
import type { LinearMap } from './linear-map';
import type { Elsewhere, Network } from './network';
import { switchesOf, type Switches } from '../plan/switches';

/** What the network does at another input x', and what W and b of x predict there. */
export interface WhatIf {
  /** F(x'), [C] or [N, C]; the caller disposes it. */
  output: Tensor;
  /** W·x' + b, in the same shape; the caller disposes it. Equal to F(x') up to rounding while `switched` is 0. */
  predicted: Tensor;
  /** How many units switch differently at x' than at x; if 0, x' lies in the linear region of x, where the map is exact. */
  switched: number;
  /** How many units there are: ReLUs and other thresholds by entry, max-pools by window. */
  units: number;
}

/**
 * @param at x, b and W of the map; outputs have the shape of b.
 * @param other as many numbers as x; it stays the caller's.
 * @param run the shape in which the model takes inputs.
 * @throws NonFiniteInputError
 */
export async function whatIf(
  network: Network,
  at: { input: Tensor; bias: Tensor; weights: LinearMap },
  other: Tensor,
  run: readonly number[],
): Promise<WhatIf> {
  assertFiniteInput((await other.data()) as Float32Array, other.shape);
  const [x, there] = [at.input, other].map(t => tf.tidy(() => t.toFloat().reshape([...run])));
  const made = [x, there];
  try {
    const linear = await at.weights.apply(there);
    made.push(linear);
    const { output, switched, units } = await network.elsewhere(x, there);
    made.push(output);
    return { output: output.reshape(at.bias.shape), predicted: linear.add(at.bias), switched, units };
  } finally {
    tf.dispose(made);
  }
}

/** The units of a network and how they are switched at x. */
export interface Pattern {
  switches: Switches;
  /** By thresholds, then choices. */
  states: Tensor[];
}

type Evaluated = { plan: Plan; evaluate(x: Tensor, nodes: readonly number[]): Promise<Tensor[]> };

const nodesOf = ({ thresholds, choices }: Switches) => [
  ...thresholds,
  ...choices.map(({ entries }) => entries),
];

/** @param x in the shape that the plan runs on; it stays the caller's. The caller also disposes the pattern's states. */
export async function patternAt(network: Evaluated, x: Tensor): Promise<Pattern> {
  const switches = switchesOf(network.plan);
  return { switches, states: statesOf(switches, await network.evaluate(x, nodesOf(switches))) };
}

/**
 * @param other in the shape that the plan runs on; it stays the caller's, as the pattern does.
 * @returns F(other) [N·C], and the units that switch differently than in the pattern.
 */
export async function runElsewhere(
  network: Evaluated,
  { switches, states }: Pattern,
  other: Tensor,
): Promise<Elsewhere> {
  const [output, ...values] = await network.evaluate(other, [network.plan.y, ...nodesOf(switches)]);
  const there = statesOf(switches, values);
  try {
    return { output, switched: await differences(states, there), units: switches.count };
  } finally {
    tf.dispose(there);
  }
}

/** Thresholds as they are, and the position of the chosen entry of each choice. Takes ownership of the values. */
function statesOf({ thresholds, choices }: Switches, values: Tensor[]): Tensor[] {
  const chosen = choices.map(({ axes }, i) => positionOfLargest(values[thresholds.length + i], axes));
  tf.dispose(values.slice(thresholds.length));
  return [...values.slice(0, thresholds.length), ...chosen];
}

/** The position of the largest entry along several axes at once; the first in row-major order if several are equal. */
function positionOfLargest(entries: Tensor, axes: readonly number[]): Tensor {
  const kept = entries.shape.map((_, axis) => axis).filter(axis => !axes.includes(axis));
  return tf.tidy(() => {
    const last = entries.transpose([...kept, ...axes]);
    return last.reshape([...kept.map(axis => entries.shape[axis]), -1]).argMax(-1);
  });
}

/** How many units differ. */
async function differences(here: readonly Tensor[], there: readonly Tensor[]): Promise<number> {
  if (here.length === 0) return 0;
  const total = tf.tidy(() =>
    tf.addN(here.map((at, i) => tf.sum(tf.cast(tf.notEqual(at, there[i]), 'float32')))),
  );
  const [switched] = await total.data();
  total.dispose();
  return switched;
}
