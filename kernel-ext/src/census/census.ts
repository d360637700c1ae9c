import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import type { Model } from '../capture/source';
import { CensusDataError } from '../errors';
import type { CompileOptions, Executor } from '../linear-map/compiled';
import { assertFiniteInput } from '../linear-map/finite';
import { assertWanted, tileDone, type Work } from '../linear-map/work';
import { opened } from '../linearize';
import { statesOf } from '../regions/gate-margins';
import type { MarginReader, Reading } from '../regions/margin-reader';
import { Grouping, type Partition } from './partition';

/** Options of `census`. */
export interface CensusOptions extends Pick<CompileOptions, 'to' | 'policy'>, Work {
  /** As for `linearize`. Default: 'onnx', since inputs are many. */
  executor?: Executor;
  /** The class of each instance, if the data set does not say. */
  labels?: ArrayLike<string | number | null>;
}

/** Instances that are asked for in batches, as the data sets of `data` are. */
export interface Batches {
  readonly length: number;
  readonly labels?: ArrayLike<string | number | null>;
  /** @returns [count, ...instance], float32; the census disposes it. */
  batch(from: number, count: number): Tensor;
}

/** How the linear regions of a network hold a data set. */
export interface Census {
  /** How many instances there are. */
  instances: number;
  /** How many units a pattern is made of. */
  units: number;
  /** Instances by linear region: those that share the whole pattern, and so W and b. */
  total: Partition;
  /** By layer with gates, in the order of the network. */
  layers: {
    layer: string;
    /** Those that share the pattern of this layer. */
    own: Partition;
    /** Those that share the pattern of this layer and of all before. */
    upTo: Partition;
  }[];
}

/** Instances that are read at once. */
const BATCH = 256;

/**
 * Which linear regions hold the instances of a data set (the summary of arXiv 2011.04041, for any network of gates). Instances
 * are read in batches, and of each no more is kept than a number for each layer; patterns are compared by SHA-256.
 *
 * @param model a tf.LayersModel, a tf.GraphModel, or a function that takes batches.
 * @param data [N, ...instance], as a tensor, a nested array, or a data set from `data`.
 * @throws NoRegionError, CensusDataError, NonFiniteInputError, AbortError, and what `linearize` throws.
 */
export async function census(
  model: Model,
  data: Tensor | TensorLike | Batches,
  options: CensusOptions = {},
): Promise<Census> {
  const batches = isBatches(data) ? data : batchesOf(data);
  try {
    const labels = options.labels ?? batches.labels;
    if (labels !== undefined && labels.length !== batches.length)
      throw new CensusDataError(`there are ${labels.length} labels for ${batches.length} instances`);
    const reader = readerFor(model, batches, options);
    const counts = new PatternCounts(reader);
    for (let begin = 0; begin < batches.length; begin += BATCH) {
      assertWanted(options);
      const count = Math.min(BATCH, batches.length - begin);
      for (const reading of await reader.read(await numbersOf(batches, begin, count))) counts.add(reading);
      await tileDone(options, (begin + count) / batches.length);
    }
    const names = labels === undefined ? null : Array.from(labels, l => (l === null ? null : String(l)));
    return counts.census(batches.length, names);
  } finally {
    if (batches !== data) (batches as TensorBatches).dispose();
  }
}

/** Groups of instances by layer, by layers up to one, and in total. */
class PatternCounts {
  private readonly layers: { layer: string; gates: number[]; own: Grouping; upTo: Grouping }[] = [];
  private readonly total = new Grouping();

  constructor(private readonly reader: MarginReader) {
    reader.gates.forEach(({ layer }, gate) => {
      const known = this.layers.find(entry => entry.layer === layer);
      if (known !== undefined) known.gates.push(gate);
      else this.layers.push({ layer, gates: [gate], own: new Grouping(), upTo: new Grouping() });
    });
  }

  add({ margins }: Reading): void {
    const { gates } = this.reader;
    let before = '';
    for (const layer of this.layers) {
      const hash = createHash('sha256');
      for (const gate of layer.gates) {
        const states = statesOf(gates[gate], margins[gate]!);
        hash.update(new Uint8Array(states.buffer));
      }
      const key = hash.digest('base64');
      layer.own.add(key);
      before = createHash('sha256').update(before).update(key).digest('base64');
      layer.upTo.add(before);
    }
    this.total.add(before);
  }

  census(instances: number, labels: readonly (string | null)[] | null): Census {
    const units = this.reader.gates.reduce((sum, { size, groupSize }) => sum + size / groupSize, 0);
    const layers = this.layers.map(({ layer, own, upTo }) => ({
      layer,
      own: own.partition(labels),
      upTo: upTo.partition(labels),
    }));
    return { instances, units, total: this.total.partition(labels), layers };
  }
}

function readerFor(model: Model, batches: Batches, options: CensusOptions): MarginReader {
  const first = batches.batch(0, 1);
  try {
    const { linearizer, input } = opened(model, first, options);
    input.dispose();
    return linearizer.marginReader(options.executor ?? 'onnx');
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

interface TensorBatches extends Batches {
  dispose(): void;
}

/** @throws CensusDataError */
function batchesOf(data: Tensor | TensorLike): TensorBatches {
  const all = data instanceof tf.Tensor ? data.toFloat() : tf.tensor(data, undefined, 'float32');
  const { shape } = all;
  if (shape.length < 2 || shape.includes(0)) {
    all.dispose();
    throw new CensusDataError(`the data has shape [${shape}]`);
  }
  const rest = shape.slice(1);
  return {
    length: shape[0],
    batch: (from, count) => all.slice([from, ...rest.map(() => 0)], [count, ...rest]),
    dispose: () => all.dispose(),
  };
}

const isBatches = (data: unknown): data is Batches =>
  typeof data === 'object' && data !== null && 'batch' in data && typeof data.batch === 'function';
