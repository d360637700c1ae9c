import * as tf from '@tensorflow/tfjs';
import type { LayersModel, Tensor, Tensor2D, TensorLike } from '@tensorflow/tfjs';
import { DisposedError } from '../errors';
import type { Linearization } from '../linearization/linearization';
import type { Work } from '../linear-map/work';
import { linearize, type LinearizeOptions } from '../linearization/linearize';
import { blocksOf } from './blocks';
import type { EpochRecord } from './checkpoint';
import { membersOf } from './edge-sampler';
import { DataShapeError, LoadError, SaveError, UnknownPointError } from './errors';
import { clusterMap, type ClusterMap } from './cluster-map';
import { directionTo, type Direction } from './direction';
import { displacement, type Displacement } from './displacement';
import { exactDisplacement, type ExactDisplacement } from './exact-displacement';
import { readModel, writeModel } from './model-files';
import { measuresOf, type Measures, type MeasureOptions } from './measures';
import { mapDimensions } from './network';
import { place } from './place';
import { labelsOf, type PointData, type PointLabel, pointTensor } from './points';
import type { Settings } from './settings';
import type { SparseGraph } from './sparse-graph';

/** How a map came to be. */
export interface TrainingRecord {
  settings: Settings;
  /** Loss and trustworthiness of up to 1,000 points, about 50 times over the training. */
  history: EpochRecord[];
}

/** A point by its index, or the points of a class by its label, or points by their indices. */
export type Members = string | readonly number[];

/**
 * Points on a map, and the network that placed them. Tensors in fields belong to the embedding and live until `dispose()`;
 * tensors that methods return belong to the caller. `linearize(embedding, i)` takes the place of a point apart.
 */
export class Embedding {
  /** The places of the points, [N, d]. */
  readonly places: Tensor2D;

  /**
   * @param model from a point to its place
   * @param points [N, ...instance]; owned from here on
   * @param labels one a point, null where it has none; null if there are none at all
   * @param affinity P, if the map was trained here and on it
   * @param ownsModel whether `dispose` frees the model
   */
  constructor(
    readonly model: LayersModel,
    readonly points: Tensor,
    readonly labels: readonly (string | null)[] | null,
    readonly training: TrainingRecord,
    readonly affinity: SparseGraph | null,
    private readonly ownsModel: boolean,
  ) {
    this.places = place(model, points);
  }

  /** N */
  get length(): number {
    return this.points.shape[0];
  }

  get isDisposed(): boolean {
    return this.points.isDisposed;
  }

  /** Names of the outputs, for linearizations. */
  get axes(): string[] {
    return Array.from({ length: this.places.shape[1] }, (_, i) => `axis ${i + 1}`);
  }

  /**
   * Places of points that were not there in training: one forward pass.
   * @param data [M, ...instance], as for `tsne`
   * @returns [M, d]; the caller disposes it.
   * @throws DataShapeError, DisposedError
   */
  transform(data: PointData): Tensor2D {
    this.assertAlive();
    const points = pointTensor(data);
    try {
      const expected = this.points.shape.slice(1);
      if (points.shape.slice(1).join() !== expected.join())
        throw new DataShapeError(points.shape, `[M, ${expected.join(', ')}], as the map was trained on`);
      return place(this.model, points);
    } finally {
      points.dispose();
    }
  }

  /**
   * Inputs of some points, for `linearize(embedding, which)`.
   * @param which one index: [...instance]; several: [M, ...instance]
   * @returns a tensor that the caller disposes
   * @throws UnknownPointError, DisposedError
   */
  pick(which: number | readonly number[]): Tensor {
    this.assertAlive();
    const indices = [which].flat();
    for (const i of indices)
      if (!Number.isInteger(i) || i < 0 || i >= this.length)
        throw new UnknownPointError(i, `points 0 to ${this.length - 1}`);
    return tf.tidy(() => {
      const some = this.points.gather(tf.tensor1d(indices, 'int32'));
      return typeof which === 'number' ? some.squeeze([0]) : some;
    });
  }

  /**
   * Indices of the points of a class, or the indices themselves, checked.
   * @throws UnknownPointError
   */
  members(of: Members): readonly number[] {
    if (typeof of !== 'string') return of;
    const classes = membersOf(this.labels ?? []);
    const members = classes.get(of);
    if (!members)
      throw new UnknownPointError(of, `${[...classes.keys()].sort().join(', ') || 'no labels at all'}`);
    return members;
  }

  /**
   * How good the map is, by the field's measures, on the points or on new ones.
   * @throws NameCountError, NeighborCountError, DisposedError
   */
  async quality(options: MeasureOptions = {}): Promise<Measures> {
    this.assertAlive();
    return measuresOf(this, options);
  }

  /**
   * The linearizations of points in batches, in their order: N × d × D of W, a batch at a time. Each lives until the next
   * one is asked for.
   * @param options as for `linearize`; of: which points, default all; block: points of a batch, default 250
   * @throws UnknownPointError, DisposedError
   */
  async *linearizations(
    options: LinearizeOptions & { of?: Members; block?: number } = {},
  ): AsyncGenerator<Linearization, void> {
    const { of, block, ...rest } = options;
    const members = of === undefined ? [...Array(this.length).keys()] : this.members(of);
    for (const indices of blocksOf(members, block)) {
      const lin = await linearize(this, [...indices], rest);
      try {
        yield lin;
      } finally {
        lin.dispose();
      }
    }
  }

  /**
   * What W at either of two points says of the way from one to the other. Exact where both lie in one linear region; else
   * each end has its own answer, and `error` says how far each is off.
   * @throws UnknownPointError, DisposedError
   */
  async displacement(from: number, to: number): Promise<Displacement> {
    return displacement(this, from, to);
  }

  /**
   * Why two points, or two groups, are apart: what each number of the input adds to the way between them on each axis, summed
   * exactly over all linear regions between them, whichever regions the two ends lie in.
   * @param from, to indices of points, or groups: a class, or a list of points
   * @returns its `parts` belong to the caller.
   * @throws UnknownPointError, DisposedError, NoRegionError, AbortError
   */
  async exactDisplacement(
    from: number | Members,
    to: number | Members,
    work: Work = {},
  ): Promise<ExactDisplacement> {
    this.assertAlive();
    return exactDisplacement(this, from, to, work);
  }

  /**
   * Means of W, of the contributions and of b over a class or a list of points.
   * @throws UnknownPointError, DisposedError
   */
  async clusterMap(of: Members): Promise<ClusterMap> {
    return clusterMap(this, of);
  }

  /**
   * The smallest change of point i that moves it to the center of other points as long as its map W holds, and where the
   * network really puts it then.
   * @throws UnknownPointError, DisposedError
   */
  async directionTo(i: number, target: Members): Promise<Direction> {
    return directionTo(this, i, target);
  }

  /**
   * Writes model.json and weights.bin, a model that `tf.loadLayersModel` reads; how it was trained stands in its metadata.
   * @throws SaveError, DisposedError
   */
  async save(folder: string): Promise<void> {
    this.assertAlive();
    try {
      await writeModel(folder, this.model, { piecewise: this.training });
    } catch (error) {
      throw new SaveError(folder, error);
    }
  }

  /** Frees its tensors, and the network unless it was given to `tsne`. */
  dispose(): void {
    if (this.isDisposed) return;
    tf.dispose([this.points, this.places]);
    if (this.ownsModel) this.model.dispose();
  }

  /** @throws DisposedError */
  assertAlive(): void {
    if (this.isDisposed) throw new DisposedError();
  }
}

/**
 * A map that was saved, for the points given: those it was trained on, or others.
 *
 * @param folder what `embedding.save` wrote
 * @param data [N, ...instance], as for `tsne`
 * @param options labels one a point
 * @returns the map, which the caller disposes
 * @throws LoadError, NetworkError, DataShapeError, NameCountError
 */
export async function loadEmbedding(
  folder: string,
  data: PointData | TensorLike,
  options: { labels?: ArrayLike<PointLabel> } = {},
): Promise<Embedding> {
  const { model, training } = await loadTraining(folder);
  let points: Tensor | undefined;
  try {
    points = pointTensor(data);
    mapDimensions(model, points.shape.slice(1));
    const labels = labelsOf(data, points.shape[0], options.labels);
    return new Embedding(model, points, labels, training, null, true);
  } catch (error) {
    points?.dispose();
    model.dispose();
    throw error;
  }
}

async function loadTraining(folder: string): Promise<{ model: LayersModel; training: TrainingRecord }> {
  try {
    const { model, metadata } = await readModel(folder);
    const training = (metadata as { piecewise?: TrainingRecord } | undefined)?.piecewise;
    if (training) return { model, training };
    model.dispose();
  } catch (error) {
    throw new LoadError(folder, error instanceof Error ? error.message : String(error), error);
  }
  throw new LoadError(folder, 'its model.json says nothing of a training by tsne');
}
