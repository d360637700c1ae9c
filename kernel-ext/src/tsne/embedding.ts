import * as tf from '@tensorflow/tfjs';
import type { LayersModel, Tensor, Tensor2D, TensorLike } from '@tensorflow/tfjs';
import { DisposedError } from '../errors';
import type { Linearization } from '../linearization/linearization';
import type { Work } from '../linear-map/work';
import { linearize, type LinearizeOptions } from '../linearization/linearize';
import { blocksOf } from './blocks';
import { membersOf } from './edge-sampler';
import { DataShapeError, EmptyGroupError, LoadError, SaveError, UnknownPointError } from './errors';
import { clusterMeans, type ClusterMeans } from './cluster-means';
import { directionTo, type Direction } from './direction';
import { displacement, type Displacement } from './displacement';
import { readModel, writeModel } from './model-files';
import { measuresOf, type Measures, type MeasureOptions } from './measures';
import type { EmbeddedPoints, Members } from './embedded-points';
import { embeddingDimensions } from './network';
import { coordinatesOf } from './coordinates';
import { featuresOf, labelsOf, type PointData, type PointLabel, pointTensor } from './points';
import type { SparseGraph } from './sparse-graph';
import type { TrainingRecord } from './training-record';

/**
 * Points with coordinates, and the network that computes them. Tensors in fields belong to the embedding and live until
 * `dispose()`; tensors that methods return belong to the caller. `linearize(embedding, i)` takes the coordinates of a point
 * apart.
 */
export class Embedding implements EmbeddedPoints {
  /** The coordinates of the points, [N, d]. */
  readonly coordinates: Tensor2D;

  /**
   * @param model maps a point to its coordinates
   * @param points [N, ...instance]; the embedding takes ownership of it
   * @param labels one per point, null for a point that has none; null if no point has one
   * @param affinity P, if the embedding was trained here and on P
   * @param ownsModel whether `dispose` frees the model
   * @param features names of the D numbers of a point; null if they have none
   */
  constructor(
    readonly model: LayersModel,
    readonly points: Tensor,
    readonly labels: readonly (string | null)[] | null,
    readonly training: TrainingRecord,
    readonly affinity: SparseGraph | null,
    private readonly ownsModel: boolean,
    readonly features: readonly string[] | null = null,
  ) {
    this.coordinates = coordinatesOf(model, points);
  }

  /** N, the number of points. */
  get length(): number {
    return this.points.shape[0];
  }

  get isDisposed(): boolean {
    return this.points.isDisposed;
  }

  /** Names of the axes, which label the outputs of linearizations. */
  get axes(): string[] {
    return Array.from({ length: this.coordinates.shape[1] }, (_, i) => `axis ${i + 1}`);
  }

  /**
   * The coordinates of points that were not there in training, by one forward pass.
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
        throw new DataShapeError(points.shape, `[M, ${expected.join(', ')}], as in training`);
      return coordinatesOf(this.model, points);
    } finally {
      points.dispose();
    }
  }

  /**
   * The inputs of some points, as `linearize(embedding, which)` takes them.
   * @param which one index: [...instance]; several: [M, ...instance]
   * @returns a tensor that the caller disposes
   * @throws UnknownPointError, DisposedError
   */
  pick(which: number | readonly number[]): Tensor {
    this.assertAlive();
    const indices = this.checked([which].flat());
    return tf.tidy(() => {
      const some = this.points.gather(tf.tensor1d([...indices], 'int32'));
      return typeof which === 'number' ? some.squeeze([0]) : some;
    });
  }

  /**
   * Indices of the points of a class, or the given indices, checked.
   * @throws UnknownPointError
   */
  members(of: Members): readonly number[] {
    if (typeof of !== 'string') return this.checked(of);
    const classes = membersOf(this.labels ?? []);
    const members = classes.get(of);
    if (!members)
      throw new UnknownPointError(of, `${[...classes.keys()].sort().join(', ') || 'no labels at all'}`);
    return members;
  }

  /**
   * As `members`, for what needs at least one point; a single index counts as a group of one.
   * @throws UnknownPointError, EmptyGroupError, DisposedError
   */
  group(of: number | Members): readonly number[] {
    this.assertAlive();
    const members = this.members(typeof of === 'number' ? [of] : of);
    if (members.length === 0) throw new EmptyGroupError();
    return members;
  }

  /**
   * How good the embedding is by the measures of the field, on its own points or on new ones.
   * @param options also onProgress, and a signal that cancels
   * @throws NameCountError, NeighborCountError, DataShapeError, DisposedError, AbortError. No tensor is left behind then.
   */
  async quality(options: MeasureOptions = {}): Promise<Measures> {
    this.assertAlive();
    return measuresOf(this, options);
  }

  /**
   * Linearizations of the points, in order and in batches: N × d × D of W, one batch at a time. Each lives until the next one
   * is asked for.
   * @param options as for `linearize`; of: which points (default: all); block: points per batch (default: 250)
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
   * Why two points, or two groups, are apart: what each number of the input adds to their displacement on each axis, summed
   * exactly over all linear regions between them.
   * @param from, to the index of a point, or a group: a class or a list of indices
   * @param work onProgress, and a signal that cancels
   * @returns its `parts` belong to the caller.
   * @throws UnknownPointError, EmptyGroupError, DisposedError, NoRegionError, AbortError
   */
  async displacement(from: number | Members, to: number | Members, work: Work = {}): Promise<Displacement> {
    return displacement(this, from, to, work);
  }

  /**
   * Means of W, of the contributions and of b over a class or a list of points.
   * @throws UnknownPointError, EmptyGroupError, DisposedError
   */
  async clusterMeans(of: Members): Promise<ClusterMeans> {
    return clusterMeans(this, of);
  }

  /**
   * The smallest change of point i that moves it to the center of other points while its linear map holds, and where the
   * network actually puts it then.
   * @throws UnknownPointError, EmptyGroupError, DisposedError
   */
  async directionTo(i: number, target: Members): Promise<Direction> {
    return directionTo(this, i, target);
  }

  /**
   * Writes model.json and weights.bin, a model that `tf.loadLayersModel` reads, with a record of the training in its
   * metadata.
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

  /** Frees its tensors, and its network unless that was passed to `tsne`. */
  dispose(): void {
    if (this.isDisposed) return;
    tf.dispose([this.points, this.coordinates]);
    if (this.ownsModel) this.model.dispose();
  }

  /** @throws DisposedError */
  assertAlive(): void {
    if (this.isDisposed) throw new DisposedError();
  }

  private checked(indices: readonly number[]): readonly number[] {
    for (const i of indices)
      if (!Number.isInteger(i) || i < 0 || i >= this.length)
        throw new UnknownPointError(i, `points 0 to ${this.length - 1}`);
    return indices;
  }
}

/**
 * Loads an embedding that was saved, with the points that it was trained on or with others.
 *
 * @param folder what `embedding.save` wrote
 * @param data [N, ...instance], as for `tsne`
 * @param options labels: one per point; features: names of the D numbers of a point. Default: those of `data`, if it has any.
 * @returns the embedding, which the caller disposes
 * @throws LoadError, NetworkError, DataShapeError, NameCountError
 *
 * @example
 * const embedding = await loadEmbedding('models/mnist-embedding', digits.batch(0, 1000));
 * plot(embedding);
 */
export async function loadEmbedding(
  folder: string,
  data: PointData | TensorLike,
  options: { labels?: ArrayLike<PointLabel>; features?: readonly string[] } = {},
): Promise<Embedding> {
  const { model, training } = await loadTraining(folder);
  let points: Tensor | undefined;
  try {
    points = pointTensor(data);
    embeddingDimensions(model, points.shape.slice(1));
    const labels = labelsOf(data, points.shape[0], options.labels);
    const features = featuresOf(data, points.shape.slice(1), options.features, 'loadEmbedding');
    return new Embedding(model, points, labels, training, null, true, features);
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
  throw new LoadError(folder, 'its model.json has no record of a training by tsne');
}
