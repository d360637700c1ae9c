import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { inversePermutation } from '../plan/inverse-permutation';

/**
 * A value whose axes may still have to be permuted: `tensor` transposed by `permutation`, or `tensor` itself. What ONNX files
 * compute with channels first thus stays as the convolutions give it, with channels last, and permutations that meet cancel.
 * Axes along which the value repeats may still have the length 1.
 */
export interface Permuted {
  readonly tensor: Tensor;
  readonly permutation: readonly number[] | null;
}

export const asIs = (tensor: Tensor): Permuted => ({ tensor, permutation: null });

/** The value itself. If its axes are in order, that is the tensor, not a copy. */
export const inOrder = ({ tensor, permutation }: Permuted): Tensor =>
  permutation === null ? tensor : tf.transpose(tensor, [...permutation]);

/** The value with its axes permuted once more. */
export function permuted({ tensor, permutation: first }: Permuted, second: readonly number[]): Permuted {
  const both = first === null ? second : second.map(axis => first[axis]);
  return { tensor: tf.clone(tensor), permutation: isIdentity(both) ? null : both };
}

/** A value that is to repeat up to a shape: it gets the axes that are missing in front, and repeats where that is needed. */
export function broadcast(value: Permuted, shape: readonly number[]): Permuted {
  const added = shape.length - value.tensor.rank;
  if (added === 0) return { ...value, tensor: tf.clone(value.tensor) };
  return reshaped(value, [...Array<number>(added).fill(1), ...shapeOf(value)]);
}

/** The value repeated up to its shape. @param value of the caller's own, which the result replaces */
export function filled(value: Permuted, shape: readonly number[]): Permuted {
  const { tensor, permutation } = value;
  const stored = asStored(permutation, shape);
  if (tensor.shape.every((length, axis) => length === stored[axis])) return value;
  const whole = tf.broadcastTo(tensor, stored);
  tensor.dispose();
  return { tensor: whole, permutation };
}

const shapeOf = ({ tensor, permutation }: Permuted): number[] =>
  permutation === null ? tensor.shape : permutation.map(axis => tensor.shape[axis]);

/**
 * What an operation without an order of axes gives for values that broadcast to one another.
 * @param wanted the permutation that suits those who read the result
 */
export function elementwise(
  values: readonly Permuted[],
  compute: (parts: Tensor[]) => Tensor,
  wanted: Permuted['permutation'],
): Permuted {
  const rank = Math.max(...values.map(({ tensor }) => tensor.rank));
  const permutation = commonPermutation(values, rank, wanted);
  return { tensor: compute(values.map(value => beforePermutation(value, permutation, rank))), permutation };
}

/** Values one after another along an axis. */
export function concatenated(values: readonly Permuted[], axis: number): Permuted {
  const { rank } = values[0].tensor;
  const permutation = commonPermutation(values, rank, null);
  const parts = values.map(value => beforePermutation(value, permutation, rank));
  return { tensor: tf.concat(parts, permutation === null ? axis : permutation[axis]), permutation };
}

/** What is given for each axis of a value, such as its lengths, in the order of the axes of its tensor. */
export const asStored = <T>(permutation: Permuted['permutation'], byAxis: readonly T[]): T[] =>
  permutation === null ? [...byAxis] : inversePermutation(permutation).map(axis => byAxis[axis]);

/** The sum along some axes, which are left out of the result. */
export function summed({ tensor, permutation }: Permuted, axes: readonly number[]): Permuted {
  if (permutation === null) return asIs(tf.sum(tensor, [...axes]));
  const sum = tf.sum(
    tensor,
    axes.map(axis => permutation[axis]),
  );
  const rest = permutation.filter((_, axis) => !axes.includes(axis));
  const ranks = rest.map(axis => rest.filter(other => other < axis).length);
  return { tensor: sum, permutation: isIdentity(ranks) ? null : ranks };
}

/** The value in another shape; axes that the permutation leaves in front can be split and merged without it. */
export function reshaped(value: Permuted, shape: readonly number[]): Permuted {
  const { tensor, permutation } = value;
  if (permutation === null) return asIs(tf.reshape(tensor, [...shape]));
  const kept = permutation.findIndex((axis, i) => axis !== i);
  const front = shape.length - (permutation.length - kept);
  const rest = permutation.slice(kept);
  if (front < 0 || !rest.every((axis, i) => tensor.shape[axis] === shape[front + i]))
    return asIs(tf.reshape(inOrder(value), [...shape]));
  return {
    tensor: tf.reshape(tensor, [...shape.slice(0, front), ...tensor.shape.slice(kept)]),
    permutation: [...Array(front).keys(), ...rest.map(axis => axis - kept + front)],
  };
}

const isIdentity = (permutation: readonly number[]) => permutation.every((axis, i) => axis === i);

/** The permutation of the largest value, since smaller ones are rearranged more quickly; of several, the wanted one or none. */
function commonPermutation(
  values: readonly Permuted[],
  rank: number,
  wanted: Permuted['permutation'],
): Permuted['permutation'] {
  const size = Math.max(...values.map(({ tensor }) => tensor.size));
  const found = values
    .filter(({ tensor }) => tensor.size === size)
    .map(({ permutation }) => (permutation === null ? null : withAxesInFront(permutation, rank)));
  if (wanted !== null && found.some(permutation => permutation !== null && isSame(permutation, wanted)))
    return wanted;
  return found.includes(null) ? null : found[0];
}

/** The same permutation of the last axes of a tensor of more axes. */
function withAxesInFront(permutation: readonly number[], rank: number): readonly number[] {
  const added = rank - permutation.length;
  return [...Array(added).keys(), ...permutation.map(axis => axis + added)];
}

/** The tensor that becomes a value by a permutation, up to axes of length 1. */
function beforePermutation(value: Permuted, permutation: readonly number[] | null, rank: number): Tensor {
  const { tensor } = value;
  if (permutation === null || tensor.size === 1) return inOrder(value);
  const inFront = Array<number>(rank - tensor.rank).fill(1);
  if (value.permutation !== null && isSame(withAxesInFront(value.permutation, rank), permutation))
    return inFront.length === 0 ? tensor : tf.reshape(tensor, [...inFront, ...tensor.shape]);
  const ordered = inOrder(value);
  const shape = [...inFront, ...ordered.shape];
  // Numbers along a single axis stand in the same order wherever that axis is.
  if (shape.filter(length => length !== 1).length <= 1)
    return tf.reshape(ordered, asStored(permutation, shape));
  return tf.transpose(tf.reshape(ordered, shape), inversePermutation(permutation));
}

const isSame = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((axis, i) => axis === b[i]);
