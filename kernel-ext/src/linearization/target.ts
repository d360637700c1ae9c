import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import { withInputTensor } from '../input/input-tensor';
import { TargetError } from '../errors';
import { channelsIn } from '../linear-map/channels-in';
import { sizeOf } from '../plan/graph';

/** A sum of outputs: those of one class of a segmentation at the positions of a mask. */
export interface Target {
  /** The class, by its name or its index: along the last axis of the output, or along the first where the network has channels first. */
  class: number | string;
  /** The weight of each position, usually 0 or 1, in the output's shape without that axis. Default: 1 everywhere. */
  mask?: Tensor | TensorLike;
}

/** The outputs that a target is taken from. */
export interface TargetOutputs {
  /** Shape of one instance of the output, and its axis of the classes. */
  outputShape: readonly number[];
  classAxis: number;
  /** Names of the classes. */
  classes: readonly string[];
}

/** What a target is called: 'sky over the mask'. */
export function targetName(
  { class: wanted, mask }: Target,
  { outputShape, classes }: Pick<TargetOutputs, 'outputShape' | 'classes'>,
): string {
  const name = typeof wanted === 'string' ? wanted : classes[wanted];
  if (mask !== undefined) return `${name} over the mask`;
  return sizeOf(outputShape) === classes.length ? name : `${name} everywhere`;
}

/**
 * The weight of each output in a target.
 * @returns [C]
 * @throws TargetError, InputValueError, RaggedInputError, DtypeError
 */
export async function targetWeights(
  { class: wanted, mask }: Target,
  { outputShape: shape, classAxis, classes }: TargetOutputs,
): Promise<Float32Array> {
  const index = typeof wanted === 'string' ? classes.indexOf(wanted) : wanted;
  if (!Number.isInteger(index) || index < 0 || index >= classes.length) {
    const names = classes.slice(0, 20).join(', ') + (classes.length > 20 ? ', …' : '');
    throw new TargetError(
      `there is no class ${JSON.stringify(wanted)}; the ${classes.length} classes are ${names}`,
    );
  }
  const positions = shape.filter((_, axis) => axis !== classAxis);
  const weights = mask === undefined ? null : await maskWeights(mask, positions);
  const { channelOf, positionOf } = channelsIn(shape, classAxis);
  return Float32Array.from({ length: sizeOf(shape) }, (_, output) =>
    channelOf(output) === index ? (weights?.[positionOf(output)] ?? 1) : 0,
  );
}

function maskWeights(mask: Tensor | TensorLike, positions: readonly number[]): Promise<Float32Array> {
  return withInputTensor(mask, { command: 'target', argument: 'mask', integers: true }, async read => {
    if (read.shape.join() !== positions.join())
      throw new TargetError(
        `the mask has shape [${read.shape.join(', ')}], but the output has positions [${positions.join(', ')}]`,
      );
    return Float32Array.from(await read.data());
  });
}

/** F(x), or b, summed over a target: a scalar, or [N] for [N, C]. The caller disposes it. */
export const targetSum = (outputs: Tensor, u: Float32Array): Tensor =>
  tf.tidy(() => outputs.mul(tf.tensor1d(u)).sum(-1));
