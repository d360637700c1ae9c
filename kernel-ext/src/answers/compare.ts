import * as tf from '@tensorflow/tfjs';
import { float32Bytes, type GroupReply } from '../payload';
import type { Embedding } from '../tsne';
import { shownAxes } from '../tsne/explanation';
import { predictedDisplacement } from '../tsne/predicted-displacement';
import { badGroups } from './question-faults';
import type { QuestionKind } from './question-kind';

/** Why two groups of points have their coordinates and, for two single points, what lies between them. */
export const compare: QuestionKind<'compare', Embedding> = {
  faultOf: ({ groups }, { length }) => badGroups(groups, length),
  async answer({ groups: [first, second] }, embedding) {
    const axes = shownAxes(embedding).length;
    const [a, b] = [await group(embedding, first, axes), await group(embedding, second, axes)];
    const isPair = first.length === 1 && second.length === 1;
    const pair = isPair ? await displacements(embedding, first[0], second[0], axes) : null;
    return {
      reply: { groups: [a.reply, b.reply], displacements: pair && pair.sums },
      buffers: [a.contribution, b.contribution, ...(pair?.contributions ?? [])].map(float32Bytes),
    };
  },
};

async function group(
  embedding: Embedding,
  points: number[],
  axes: number,
): Promise<{ reply: GroupReply; contribution: Float32Array }> {
  const { weights, contribution, bias, center } = await embedding.clusterMeans(points);
  try {
    const reply = { points: points.length, center: center.slice(0, axes), bias: bias.slice(0, axes) };
    return { reply, contribution: await firstAxes(contribution, axes) };
  } finally {
    tf.dispose([weights, contribution]);
  }
}

/** The displacement between two points that W at each of them predicts. */
async function displacements(
  embedding: Embedding,
  from: number,
  to: number,
  axes: number,
): Promise<{ sums: [number[], number[]]; contributions: Float32Array[] }> {
  const { atFrom, atTo } = await predictedDisplacement(embedding, from, to);
  try {
    return {
      sums: [atFrom.predicted.slice(0, axes), atTo.predicted.slice(0, axes)],
      contributions: [await firstAxes(atFrom.contribution, axes), await firstAxes(atTo.contribution, axes)],
    };
  } finally {
    tf.dispose([atFrom.contribution, atTo.contribution]);
  }
}

/** [axes·D] of [d, ...instance] */
async function firstAxes(tensor: tf.Tensor, axes: number): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  return values.slice(0, (values.length / tensor.shape[0]) * axes);
}
