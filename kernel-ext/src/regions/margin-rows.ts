import * as tf from '@tensorflow/tfjs';
import type { FrozenNetwork } from '../linear-map/frozen-network';
import { sizeOf } from '../plan/graph';
import type { Margin, Margins } from '../plan/margins';
import { rowsProgram } from '../plan/programs';

/** One entry of one margin. */
export interface Entry {
  margin: Margin;
  /** Row major, in the margin's shape. */
  entry: number;
}

/**
 * How the margin of one unit depends on x: the normal of its hyperplane.
 * @returns D numbers
 */
export async function marginRow(
  network: FrozenNetwork,
  x: tf.Tensor,
  { steps }: Margins,
  { margin, entry }: Entry,
): Promise<Float32Array> {
  const { graph, input } = network.plan;
  const { from, to } = rowsProgram({ graph, input, output: margin.value, steps }, 1);
  if (to === null) return new Float32Array(sizeOf(input.shape));
  const unit = new Float32Array(sizeOf(margin.value.shape));
  unit[entry] = 1;
  const value = tf.tensor(unit, [...graph.shape(from)]);
  try {
    const [row] = await network.evaluate(x, [to], { node: from, value });
    const numbers = (await row.data()) as Float32Array;
    row.dispose();
    return numbers;
  } finally {
    value.dispose();
  }
}

/** The margins of all units at x, one array per margin. */
export async function marginsAt(
  network: FrozenNetwork,
  x: tf.Tensor,
  { margins }: Margins,
): Promise<Float32Array[]> {
  const values = await network.evaluate(
    x,
    margins.map(({ value }) => value.node),
  );
  const numbers = await Promise.all(values.map(value => value.data()));
  tf.dispose(values);
  return numbers as Float32Array[];
}
