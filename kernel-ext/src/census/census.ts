import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import type { Model } from '../capture/source';
import { InstanceIndexError, LayerNameError, PatternsNotKeptError } from '../errors';
import { checkOptions, RUN } from '../errors/check-options';
import type { CompileOptions, Executor } from '../linear-map/compiled';
import { assertFiniteInput } from '../linear-map/finite';
import { defaultMemory } from '../linear-map/memory';
import { assertWanted, stepDone, tileDone, type Work } from '../linear-map/work';
import { withWorkBar } from '../linear-map/work-bar';
import type { MarginReader } from '../regions/margin-reader';
import { batchesOf, namesOf, preparedInstances, type Batches } from './batches';
import type { KeptPatterns, PatternNeighbor } from './kept-patterns';
import type { InstanceGroups } from './instance-groups';
import { PatternCounts } from './pattern-counts';

/** Options of `census`. */
export interface CensusOptions extends Pick<CompileOptions, 'to' | 'policy'>, Work {
  /** As for `linearize`. Default: 'onnx', since there are many inputs. */
  executor?: Executor;
  /** The class of each instance, if the data set has no labels. */
  labels?: ArrayLike<string | number | null>;
  /**
   * Bytes that the patterns for `neighbors` may take: two for each unit and instance. Default: a quarter of the machine's free
   * memory, up to 1 GiB. A larger data set is still counted.
   */
  memory?: number;
}

/** Instances by the pattern of a layer. */
export interface LayerCensus {
  layer: string;
  /** How many units the layer has. */
  units: number;
  /** Groups of instances that share the pattern of this layer. */
  own: InstanceGroups;
  /** Groups of instances that share the pattern of this layer and of all layers before it. */
  upTo: InstanceGroups;
}

/** How a data set is spread over the linear regions of a network. */
export class Census {
  /** How many instances there are. */
  readonly instances: number;
  /** The number of units in a pattern. */
  readonly units: number;
  /** Instances by linear region: those that share the whole pattern, and so W and b. */
  readonly total: InstanceGroups;
  /** By layer with gates, in the order of the network. */
  readonly layers: readonly LayerCensus[];
  private readonly kept: KeptPatterns | null;
  private readonly bytes: number;

  constructor(counts: PatternCounts, instances: number, labels: readonly (string | null)[] | null) {
    this.instances = instances;
    this.units = counts.units;
    this.total = counts.total.partition(labels);
    this.layers = counts.layers.map(({ layer, units, own, upTo }) => ({
      layer,
      units,
      own: own.partition(labels),
      upTo: upTo.partition(labels),
    }));
    this.kept = counts.kept;
    this.bytes = counts.bytes * instances;
  }

  /**
   * The instances whose activation patterns are nearest to that of instance i, by Hamming distance.
   * @param i from 0 to N − 1
   * @param k how many; default 10
   * @returns the nearest first, with the distance by layer
   * @throws InstanceIndexError; PatternsNotKeptError if the patterns of the data set took more than `memory`
   */
  neighbors(i: number, k = 10): PatternNeighbor[] {
    this.assertInstance(i);
    if (this.kept === null) throw new PatternsNotKeptError(this.bytes);
    return this.kept.nearest(i, k);
  }

  /**
   * The instances that share the pattern of instance i in a layer and in all before it; i is one of them.
   * @param layer one of `layers`; default: the last, which gives all instances in its linear region
   * @throws InstanceIndexError, LayerNameError
   */
  sharing(i: number, layer?: string): number[] {
    this.assertInstance(i);
    const { upTo } = layer === undefined ? { upTo: this.total } : this.layerOf(layer);
    return upTo.members(upTo.of[i]);
  }

  /**
   * Columns by which an embedding can color its points: `plot(embedding, {columns: census.columns()})`. They tell how many instances
   * share the region, for the whole network and up to each layer.
   * @param i an instance; a further column has the Hamming distance of each instance from it
   * @throws as `neighbors`
   */
  columns(i?: number): Record<string, Float32Array> {
    const sizes = ({ of, sizes }: InstanceGroups) => Float32Array.from(of, group => sizes[group]);
    const columns: Record<string, Float32Array> = { 'instances in the region': sizes(this.total) };
    for (const { layer, upTo } of this.layers) columns[`sharing up to ${layer}`] = sizes(upTo);
    if (i === undefined) return columns;
    const distances = new Float32Array(this.instances);
    for (const { index, distance } of this.neighbors(i, this.instances)) distances[index] = distance;
    return { ...columns, [`units unlike ${i}`]: distances };
  }

  /** @throws LayerNameError */
  private layerOf(layer: string): LayerCensus {
    const found = this.layers.find(entry => entry.layer === layer);
    if (found === undefined)
      throw new LayerNameError(
        layer,
        this.layers.map(entry => entry.layer),
      );
    return found;
  }

  /** @throws InstanceIndexError */
  private assertInstance(i: number): void {
    if (!Number.isInteger(i) || i < 0 || i >= this.instances) throw new InstanceIndexError(i, this.instances);
  }
}

/**
 * Which linear regions the instances of a data set lie in (the summary of arXiv 2011.04041, for any network of gates). Instances
 * are read in batches; patterns are counted by their SHA-256, and kept for `neighbors` where they fit.
 *
 * @param model a tf.LayersModel, a tf.GraphModel, an ONNX model, or a function that takes batches.
 * @param data [N, ...instance], as a tensor, a nested array, or a data set from `data`.
 * @throws NoRegionError, CensusDataError, NonFiniteInputError, AbortError, and what `linearize` throws.
 *
 * @example
 * const found = await census(model, digits.batch(0, 500));
 * found.total.count; // how many linear regions hold 500 digits
 */
export async function census(
  model: Model,
  data: Tensor | TensorLike | Batches,
  options: CensusOptions = {},
): Promise<Census> {
  checkOptions('census', options, RUN);
  const { batches, dispose } = batchesOf(data, 'census');
  try {
    const names = namesOf(options.labels, batches, 'census');
    const reader = await readerFor(model, batches, options);
    const counts = new PatternCounts(reader, batches.length, options.memory ?? defaultMemory());
    const facts = { label: 'Census', total: batches.length, unit: 'instances' };
    await withWorkBar(facts, options, work => countAll(counts, reader, batches, work));
    return new Census(counts, batches.length, names);
  } finally {
    dispose();
  }
}

async function countAll(
  counts: PatternCounts,
  reader: MarginReader,
  batches: Batches,
  work: Work,
): Promise<void> {
  for (let begin = 0; begin < batches.length; begin += reader.tile) {
    assertWanted(work);
    const count = Math.min(reader.tile, batches.length - begin);
    for (const reading of await reader.read(await numbersOf(batches, begin, count))) {
      counts.add(reading);
      await stepDone();
    }
    await tileDone(work, (begin + count) / batches.length);
  }
}

async function readerFor(model: Model, batches: Batches, options: CensusOptions): Promise<MarginReader> {
  const first = batches.batch(0, 1);
  try {
    const { model: compiled, input } = await preparedInstances(model, first, options, {
      asker: 'census',
      instances: batches.length,
    });
    input.x.dispose();
    return await compiled.marginReader(options.executor ?? 'onnx');
  } finally {
    first.dispose();
  }
}

async function numbersOf(batches: Batches, begin: number, count: number): Promise<Float32Array> {
  const batch = batches.batch(begin, count);
  try {
    const numbers = (await batch.data()) as Float32Array;
    assertFiniteInput(numbers, batch.shape);
    return numbers;
  } finally {
    batch.dispose();
  }
}
