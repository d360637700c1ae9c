import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import type { SparseGraph } from '../../../kernel-ext/src';
import { cacheFolder } from '../../../kernel-ext/src/data/cache';
import { affinities } from '../../../kernel-ext/src/tsne/affinities';
import { rowsOf } from '../../../kernel-ext/src/tsne/points';

/** P of MNIST's first training digits, computed once and then read from the cache: all seeds share it. */
export async function keptAffinities(points: tf.Tensor, perplexity: number): Promise<SparseGraph> {
  const count = points.shape[0];
  const folder = path.join(cacheFolder(), `vdm2009-affinities-${count}-${perplexity}`);
  const file = (part: string) => path.join(folder, `${part}.bin`);
  const read = (part: string) => new Uint8Array(readFileSync(file(part))).buffer;
  if (!existsSync(file('weights'))) {
    const graph = await affinities(await rowsOf(points), { perplexity });
    mkdirSync(folder, { recursive: true });
    for (const part of ['starts', 'columns', 'weights'] as const) writeFileSync(file(part), graph[part]);
  }
  return {
    points: count,
    starts: new Int32Array(read('starts')),
    columns: new Int32Array(read('columns')),
    weights: new Float32Array(read('weights')),
  };
}
