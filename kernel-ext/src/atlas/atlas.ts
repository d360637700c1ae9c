import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import type { Model } from '../capture/source';
import { batchesOf, namesOf, preparedInstances, type Batches } from '../census/batches';
import { InstanceGroups } from '../census/instance-groups';
import { ClusterCountError, MemoryBudgetError, RankError } from '../errors';
import { checkOptions, RUN } from '../errors/check-options';
import type { CompileOptions, Executor } from '../linear-map/compiled';
import { defaultMemory } from '../linear-map/memory';
import { svd } from '../linear-map/svd';
import { assertWanted, partOf, tileDone, type Work } from '../linear-map/work';
import { inPercent, withWorkBar } from '../linear-map/work-bar';
import { linearizeAt } from '../linearization/linearize-at';
import { sizeOf } from '../plan/graph';
import { averageLinkage } from './linkage';
import { Stacked } from './stacked';

/** Options of `atlas`. */
export interface AtlasOptions extends Pick<CompileOptions, 'to' | 'policy'>, Work {
  /** The class of each instance, if the data set has no labels. Without labels, all instances are one group. */
  labels?: ArrayLike<string | number | null>;
  /** Number of directions for each group, from 1 to min(D, C · instances). Default: 4. */
  k?: number;
  /** As for `linearize`. Default: 'onnx', since there are many inputs. */
  executor?: Executor;
  /** Bytes that the W of all instances, which are kept, may take. Default: a quarter of the machine's free memory, up to 1 GiB. */
  memory?: number;
}

/** What a network reads in the instances of one class. */
export interface AtlasGroup {
  /** The class; 'all' without labels. */
  name: string;
  /** Indices of its instances in the data. */
  members: readonly number[];
  /** [K], the largest singular values of its W, stacked below one another to [C · instances, D]. */
  values: Float32Array;
  /** The share of the sum of all squares of these W that lies along each direction, [K]. */
  shares: Float32Array;
  /** [K, D], the right singular vectors, unit length, each with its largest entry positive (the sign has no meaning). */
  directions: Float32Array;
}

/** Number of instances whose W is computed at once. */
const BATCH = 64;

/** The operators W of many instances: the directions that they read, and which operators are alike. */
export class Atlas {
  constructor(
    /** By class, in the order of their names. */
    readonly groups: readonly AtlasGroup[],
    /** W of all instances, [N, C, D]. */
    readonly maps: Float32Array,
    readonly instances: number,
    /** Shape of one instance. */
    readonly shape: readonly number[],
    /** Which of its axes holds the channels. */
    readonly channelAxis: number,
    private readonly names: readonly (string | null)[] | null,
  ) {}

  /**
   * Groups instances by what the network does to them rather than by their pixels: by distances of W, with average linkage.
   * @param count how many groups, from 1 to N
   * @param distance 'cosine' (default): of the directions of W, all its numbers in a row; 'frobenius': ‖W − W'‖
   * @returns the group of each instance; with labels, its `purity` shows whether groups are classes.
   * @throws ClusterCountError
   */
  async clusters(
    count: number,
    { distance = 'cosine' as 'cosine' | 'frobenius' } = {},
  ): Promise<InstanceGroups> {
    const { instances } = this;
    if (!Number.isInteger(count) || count < 1 || count > instances)
      throw new ClusterCountError(count, instances);
    return new InstanceGroups(averageLinkage(await this.distances(distance), count), this.names);
  }

  /**
   * How far the operators of all instances are apart.
   * @returns [N, N] row major
   */
  async distances(distance: 'cosine' | 'frobenius' = 'cosine'): Promise<Float64Array> {
    const { instances: n, maps } = this;
    const products = tf.tidy(() => {
      const all = tf.tensor2d(maps, [n, maps.length / n]);
      return all.matMul(all, false, true);
    });
    const g = await products.data();
    products.dispose();
    return Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      if (i === j) return 0;
      const [a, b] = [g[i * n + i], g[j * n + j]];
      if (distance === 'frobenius') return Math.sqrt(Math.max(0, a + b - 2 * g[at]));
      return a === 0 || b === 0 ? Number(a !== b) : Math.max(0, 1 - g[at] / Math.sqrt(a * b));
    });
  }
}

/**
 * What a network reads: singular vectors of W stacked over the instances of each class, as `plot(atlas)` shows them, and clusters
 * of instances by their W. For one instance, `lin.weights.svd(k)` gives the same.
 *
 * @param model a tf.LayersModel, a tf.GraphModel, an ONNX model, or a function that takes batches.
 * @param data [N, ...instance], as a tensor, a nested array, or a data set from `data`; a few hundred instances suffice.
 * @returns the atlas, which holds no tensors.
 * @throws CensusDataError, MemoryBudgetError, RankError, AbortError, and what `linearize` throws.
 *
 * @example
 * plot(await atlas(model, digits.batch(0, 500)));
 */
export async function atlas(
  model: Model,
  data: Tensor | TensorLike | Batches,
  options: AtlasOptions = {},
): Promise<Atlas> {
  checkOptions('atlas', options, RUN);
  const { batches, dispose } = batchesOf(data, 'atlas');
  try {
    const names = namesOf(options.labels, batches, 'atlas');
    return await withWorkBar(inPercent('Atlas'), options, work =>
      atlasOf(model, batches, names, { ...options, ...work }),
    );
  } finally {
    dispose();
  }
}

async function atlasOf(
  model: Model,
  batches: Batches,
  names: readonly (string | null)[] | null,
  options: AtlasOptions,
): Promise<Atlas> {
  const { maps, shape, channelAxis } = await mapsOf(model, batches, options);
  const groups: AtlasGroup[] = [];
  const members = [...membersOf(names, batches.length)];
  for (const [i, [name, own]] of members.entries()) {
    const work = partOf(options, 0.8 + (0.2 * i) / members.length, 0.8 + (0.2 * (i + 1)) / members.length);
    const directions = await directionsOf(maps, batches.length, own, options, sizeOf(shape), work);
    groups.push({ name, members: own, ...directions });
  }
  return new Atlas(groups, maps, batches.length, shape, channelAxis, names);
}

/** Indices of the instances of each class. */
function membersOf(names: readonly (string | null)[] | null, instances: number): Map<string, number[]> {
  if (names === null) return new Map([['all', [...Array(instances).keys()]]]);
  const order = [...new Set(names.filter(name => name !== null))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  return new Map(order.map(name => [name, [...names.keys()].filter(i => names[i] === name)]));
}

/** W of all instances, [N·C·D], and the axes of one instance. @throws MemoryBudgetError */
async function mapsOf(model: Model, batches: Batches, options: AtlasOptions) {
  const { executor = 'onnx', memory = defaultMemory(), signal } = options;
  let maps: Float32Array | undefined;
  let shape: readonly number[] = [];
  let channelAxis = 0;
  for (let begin = 0; begin < batches.length; begin += BATCH) {
    assertWanted(options);
    const { model: compiled, input } = await preparedBatch(model, batches, begin, options);
    shape = compiled.inputShape;
    channelAxis = compiled.latest.channelAxis;
    const size = compiled.outputs * sizeOf(shape);
    if (4 * size * batches.length > memory) {
      input.x.dispose();
      throw new MemoryBudgetError(4 * size * batches.length, memory);
    }
    maps ??= new Float32Array(size * batches.length);
    const lin = await linearizeAt(compiled, input, { executor, memory, signal });
    try {
      const all = await lin.weights.toTensor({ signal });
      maps.set((await all.data()) as Float32Array, begin * size);
      all.dispose();
    } finally {
      lin.dispose();
    }
    await tileDone(options, (0.8 * Math.min(batches.length, begin + BATCH)) / batches.length);
  }
  return { maps: maps!, shape, channelAxis };
}

async function preparedBatch(model: Model, batches: Batches, begin: number, options: AtlasOptions) {
  const batch = batches.batch(begin, Math.min(BATCH, batches.length - begin));
  try {
    return await preparedInstances(model, batch, options, { asker: 'atlas', instances: batches.length });
  } finally {
    batch.dispose();
  }
}

async function directionsOf(
  maps: Float32Array,
  instances: number,
  members: readonly number[],
  { k = 4 }: AtlasOptions,
  inputs: number,
  work: Work,
): Promise<Pick<AtlasGroup, 'values' | 'shares' | 'directions'>> {
  const size = maps.length / instances;
  const values = new Float32Array(size * members.length);
  members.forEach((member, i) => values.set(maps.subarray(member * size, (member + 1) * size), i * size));
  const stacked = new Stacked(values, values.length / inputs, inputs, 0);
  const most = Math.min(stacked.outputs, stacked.inputs);
  try {
    if (!Number.isInteger(k) || k < 1 || k > most) throw new RankError(k, most);
    const [{ values: singular, right }] = await svd(stacked, k, work);
    const squares = stacked.squares();
    return {
      values: Float32Array.from(singular),
      shares: Float32Array.from(singular, value => (squares === 0 ? 0 : (value * value) / squares)),
      directions: Float32Array.from(right.flatMap(row => upright([...row]))),
    };
  } finally {
    stacked.dispose();
  }
}

/** The vector or its opposite: its largest entry is positive. */
function upright(vector: readonly number[]): number[] {
  const largest = vector.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
  return largest < 0 ? vector.map(v => -v) : [...vector];
}
