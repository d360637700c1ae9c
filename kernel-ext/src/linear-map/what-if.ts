import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Plan } from '../plan/plan';
import { assertFiniteInput } from './finite';
import type { LinearMap } from './linear-map';
import type { Elsewhere, Network } from './network';
import { switchesOf, type Switches } from '../plan/switches';

/** What another input x' does, beside what W and b of x say that it does. */
export interface WhatIf {
  /** F(x'), [C] or [N, C]; the caller disposes it. */
  output: Tensor;
  /** W·x' + b, in the same shape; the caller disposes it. Equal to F(x') up to rounding while `switched` is 0. */
  predicted: Tensor;
  /** How many units switch differently at x' than at x; 0: x' lies in the linear region of x, for which the map holds. */
  switched: number;
  /** How many units there are: ReLUs and other thresholds by entry, max-pools by comparison. */
  units: number;
}

/**
 * @param at x, b, W and F(x) of the linearization
 * @param other in x's shape; it stays the caller's
 * @param run the shape in which the model takes inputs
 * @throws NonFiniteInputError
 */
export async function whatIf(
  network: Network,
  at: { input: Tensor; bias: Tensor; output: Tensor; weights: LinearMap },
  other: Tensor,
  run: readonly number[],
): Promise<WhatIf> {
  assertFiniteInput((await other.data()) as Float32Array, other.shape);
  const [x, there] = [at.input, other].map(t => tf.tidy(() => t.toFloat().reshape([...run])));
  const linear = await at.weights.apply(there);
  try {
    const { output, switched, units } = await network.elsewhere(x, there);
    const shaped = output.reshape(at.output.shape);
    output.dispose();
    return { output: shaped, predicted: linear.add(at.bias), switched, units };
  } finally {
    tf.dispose([x, there, linear]);
  }
}

/** The units of a network and how they are switched at x. */
export interface Pattern {
  switches: Switches;
  /** By thresholds, then choices. */
  states: Tensor[];
}

type Evaluated = { plan: Plan; evaluate(x: Tensor, nodes: readonly number[]): Promise<Tensor[]> };

const nodesOf = ({ thresholds, choices }: Switches) => [...thresholds, ...choices];

/** @param x in the shape that the plan runs on; it stays the caller's, who disposes the pattern's states. */
export async function patternAt(network: Evaluated, x: Tensor): Promise<Pattern> {
  const switches = switchesOf(network.plan);
  return { switches, states: await network.evaluate(x, nodesOf(switches)) };
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
  const [output, ...there] = await network.evaluate(other, [network.plan.y, ...nodesOf(switches)]);
  try {
    return { output, switched: await differences(switches, states, there), units: switches.count };
  } finally {
    tf.dispose(there);
  }
}

/** Each threshold that differs is one unit; a choice that differs, two entries of its group. */
async function differences({ thresholds }: Switches, here: Tensor[], there: Tensor[]): Promise<number> {
  if (here.length === 0) return 0;
  const total = tf.tidy(() => {
    const counts = here.map((at, i) => tf.sum(tf.cast(tf.notEqual(at, there[i]), 'float32')));
    return tf.addN(counts.map((count, i) => (i < thresholds.length ? count : tf.mul(count, 0.5))));
  });
  const [switched] = await total.data();
  total.dispose();
  return switched;
}
