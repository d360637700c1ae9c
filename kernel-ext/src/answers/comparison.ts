import * as tf from '@tensorflow/tfjs';
import type { Embedding } from '../tsne';
import { predictedDisplacement } from '../tsne/predicted-displacement';
import type { GroupReply } from '../payload/embedding';
import { shownAxes } from '../bundles/embedding/explanation';

/** Why two groups of points are where they are, and, for two single points, what lies between them. */
export interface Comparison {
  groups: [GroupReply, GroupReply];
  /** Sums of W∘(x₂ − x₁) by W at either point, [axes] each; null for groups of several. */
  ways: [number[], number[]] | null;
  /** [axes·D] each: mean W∘x of either group; then, for single points, W∘(x₂ − x₁) by W at either. */
  buffers: Float32Array[];
}

/** @throws UnknownPointError, DisposedError */
export async function comparison(
  embedding: Embedding,
  groups: readonly [number[], number[]],
): Promise<Comparison> {
  const axes = shownAxes(embedding).length;
  const [first, second] = [await group(embedding, groups[0], axes), await group(embedding, groups[1], axes)];
  const pair = groups[0].length === 1 && groups[1].length === 1;
  const way = pair ? await ways(embedding, groups[0][0], groups[1][0], axes) : null;
  return {
    groups: [first.reply, second.reply],
    ways: way && way.sums,
    buffers: [first.contribution, second.contribution, ...(way?.contributions ?? [])],
  };
}

async function group(
  embedding: Embedding,
  points: number[],
  axes: number,
): Promise<{ reply: GroupReply; contribution: Float32Array }> {
  const { weights, contribution, bias, center } = await embedding.clusterMeans(points);
  const values = await firstAxes(contribution, axes);
  tf.dispose([weights, contribution]);
  const reply = { points: points.length, center: center.slice(0, axes), bias: bias.slice(0, axes) };
  return { reply, contribution: values };
}

async function ways(
  embedding: Embedding,
  from: number,
  to: number,
  axes: number,
): Promise<{ sums: [number[], number[]]; contributions: Float32Array[] }> {
  const { atFrom, atTo } = await predictedDisplacement(embedding, from, to);
  const contributions = [
    await firstAxes(atFrom.contribution, axes),
    await firstAxes(atTo.contribution, axes),
  ];
  tf.dispose([atFrom.contribution, atTo.contribution]);
  return { sums: [atFrom.predicted.slice(0, axes), atTo.predicted.slice(0, axes)], contributions };
}

/** [axes·D] of [d, ...instance] */
async function firstAxes(tensor: tf.Tensor, axes: number): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  return values.slice(0, (values.length / tensor.shape[0]) * axes);
}
