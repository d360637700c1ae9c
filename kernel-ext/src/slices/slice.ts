import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import type { Model } from '../capture/source';
import { SliceError, PlanePointError } from '../errors';
import { checkOptions, COUNT, RUN, type OptionKinds } from '../errors/check-options';
import type { CompiledModel } from '../linearization/compiled-model';
import type { Linearization } from '../linearization/linearization';
import type { Placed } from '../linearization/linearize';
import { linearizeAt } from '../linearization/linearize-at';
import { inPercent, withWorkBar } from '../linear-map/work-bar';
import { partOf } from '../linear-map/work';
import { instancesOf } from '../paths/instances';
import type { PathOptions } from '../paths/path';
import { classCells, distinct, SIGNS, type BoundaryPiece, type ClassCell } from './classes';
import { areaOf, contains } from './pieces';
import { Plane, type PlanePoint } from './plane';
import { polygonsIn, type Polygon } from './polygons';

/** Options of `slice`: which part of the plane, and how much of it. */
export interface SliceOptions extends PathOptions {
  /** How much to leave around the three inputs, as a share of the longer side of the window. Default: 0.2. */
  margin?: number;
  /** The middle [s, t] of a square window, which replaces the rectangle around the inputs; `radius` is half its side. */
  center?: PlanePoint;
  /** Half the side of the window around `center`, as an l2 distance between inputs. */
  radius?: number;
  /** The largest number of polygons to find. Default: 50,000. */
  limit?: number;
}

const SLICE: OptionKinds = {
  ...RUN,
  limit: COUNT,
  center: {
    fits: center => Array.isArray(center) && center.length === 2 && center.every(Number.isFinite),
    wanted: 'the parameters [s, t] of a point of the plane',
  },
};

/** F in the plane through three inputs: affine in each of the polygons that linear regions leave in it. */
export class Slice {
  /** The number of linear regions in the window. */
  readonly regions: number;
  /** The window's area, in l2. */
  readonly area: number;
  /** The polygons divided by class; for a network with one output, by its sign. */
  readonly cells: readonly (ClassCell & { polygon: number })[];
  /** All borders between classes in the window, as straight pieces. */
  readonly boundaries: readonly BoundaryPiece[];
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** The share of the window that each class has; they sum to 1. */
  readonly shares: Float64Array;

  constructor(
    private readonly model: CompiledModel,
    private readonly plane: Plane,
    /** Corners of the window: a rectangle on paper. */
    readonly window: readonly PlanePoint[],
    /** Polygons in which W and b are constant. */
    readonly polygons: readonly Polygon[],
    /** The largest difference of F from the plane through a polygon's corners, measured in its middle; it is rounding. */
    readonly residual: number,
    /** Names of the outputs. */
    readonly labels: readonly string[],
    private readonly executor: PathOptions['executor'],
  ) {
    this.regions = polygons.length;
    this.area = areaOf(window) * plane.unit;
    const found = polygons.map(polygon => classCells(polygon));
    this.cells = found.flatMap(({ cells }, polygon) => cells.map(cell => ({ ...cell, polygon })));
    this.boundaries = distinct(found.flatMap(({ boundaries }) => boundaries));
    this.classes = labels.length === 1 ? SIGNS : labels;
    this.shares = new Float64Array(this.classes.length);
    for (const { class: own, corners } of this.cells) this.shares[own] += areaOf(corners) / areaOf(window);
  }

  /** Area of a polygon, in l2. */
  areaOf(polygon: number): number {
    return this.polygons[polygon].area * this.plane.unit;
  }

  /** A point on paper, in l2: x0 is [0, 0], x1 lies to the right of it; distances are those between inputs. */
  flat(point: PlanePoint): [number, number] {
    return this.plane.flat(point);
  }

  /** The index of the polygon that contains a point. @throws PlanePointError outside the window */
  polygonAt(point: PlanePoint): number {
    const found = this.polygons.findIndex(({ corners }) => contains(corners, point));
    if (found < 0) throw new PlanePointError(point);
    return found;
  }

  /** x0 + s·(x1 − x0) + t·(x2 − x0), in the input's shape; the caller disposes it. */
  input(point: PlanePoint): Tensor {
    return tf.tensor(this.plane.at(point), [...this.model.inputShape]);
  }

  /**
   * W and b at a point. They are exact throughout its polygon.
   * @param point [s, t]: x0 is [0, 0], x1 [1, 0], x2 [0, 1].
   * @returns a linearization, which the caller disposes.
   * @throws ModelChangedError
   */
  async at(point: PlanePoint): Promise<Linearization> {
    const { model, executor, labels } = this;
    return linearizeAt(model, model.checked(this.input(point)), { executor, labels });
  }
}

/**
 * The plane through three inputs, cut into the exact polygons in which W is constant (SyReNN, arXiv 2101.03263; SplineCam, arXiv
 * 2302.12828): along the lines where units switch or pools tie, level by level, in batches. The borders between classes are exact straight
 * pieces. `plot(slice)` draws it.
 *
 * The window is the rectangle around the three inputs, or a square around a point of the plane. Wide networks have very many regions
 * there (an MNIST CNN has millions between three digits); then choose a small square, {center: [0, 0], radius: 0.5}.
 *
 * @param model a tf.LayersModel, a tf.GraphModel, an ONNX model, a function from a tensor to a tensor, or an embedding.
 * @param x0, x1, x2 one instance each, as for `linearize`; for an embedding, the indices of three points. Tensors stay the caller's.
 * @returns the slice, which holds no tensors.
 * @throws NoRegionError where F is not piecewise linear, DiscontinuityError where it jumps, SliceError, SliceLimitError, NameCountError,
 *   AbortError, and what `linearize` throws.
 *
 * @example
 * plot(await slice(model, digits.instance(0), digits.instance(1), digits.instance(2)));
 */
export async function slice(
  model: Model | Placed,
  x0: Tensor | TensorLike,
  x1: Tensor | TensorLike,
  x2: Tensor | TensorLike,
  options: SliceOptions = {},
): Promise<Slice> {
  checkOptions('slice', options, SLICE);
  const { executor = 'onnx', limit = 50_000 } = options;
  const instances = await instancesOf(
    model,
    [x0, x1, x2],
    options,
    'slice',
    shapes => new SliceError(`the inputs have shapes ${shapes.map(shape => `[${shape}]`).join(', ')}`),
  );
  const [a, b, c] = instances.numbers;
  const plane = new Plane(a, b, c);
  const window = windowOf(plane, options);
  const reader = await instances.model.marginReader(executor);
  const { polygons, residual } = await withWorkBar(inPercent('Slice'), partOf(options, 0, 1), work =>
    polygonsIn(reader, plane, window, limit, work),
  );
  return new Slice(instances.model, plane, window, polygons, residual, instances.labels, executor);
}

/** @throws SliceError */
function windowOf(plane: Plane, { margin = 0.2, center, radius }: SliceOptions): PlanePoint[] {
  if (center === undefined && radius === undefined) {
    if (!(margin >= 0 && margin < Infinity)) throw new SliceError(`the margin is ${margin}`);
    return plane.around(margin);
  }
  if (!center?.every(Number.isFinite) || !(radius! > 0 && radius! < Infinity))
    throw new SliceError(`the center is ${JSON.stringify(center)} and the radius ${radius}`);
  return plane.square(center, radius!);
}
