import * as tf from '@tensorflow/tfjs';
import type { Tensor, TensorLike } from '@tensorflow/tfjs';
import type { Model } from '../capture/source';
import {
  OptionError,
  ClassIndexError,
  DiscontinuityError,
  PathEndsError,
  PathSumError,
  PieceIndexError,
  StepCountError,
} from '../errors';
import { checkOption, checkOptions, oneOf, RUN } from '../errors/check-options';
import type { CompileOptions, Executor } from '../linear-map/compiled';
import { partOf, type Work } from '../linear-map/work';
import { inPercent, withWorkBar } from '../linear-map/work-bar';
import type { CompiledModel } from '../linearization/compiled-model';
import type { Linearization } from '../linearization/linearization';
import type { Placed } from '../linearization/linearize';
import { linearizeAt } from '../linearization/linearize-at';
import { outputLabels } from '../linearization/output-labels';
import type { MarginReader } from '../regions/margin-reader';
import type { Unit } from '../regions/unit';
import { breakpoints, type Breakpoint } from './breakpoints';
import { exactNodes, gradientSums, sampledNodes, type SamplingRule } from './integrated-gradients';
import { instancesOf } from './instances';
import { Line } from './line';

/** Options of `path`: where the map ends, and how it is computed. */
export interface PathOptions extends Pick<CompileOptions, 'to' | 'policy'>, Work {
  /** As for `linearize`. Default: 'onnx', since there are many inputs: it takes a third to a fifth of the time of 'tfjs'. */
  executor?: Executor;
  /** Names of the outputs, one for each. */
  labels?: readonly string[];
}

/** F on the straight path from x to x': affine between breakpoints, at each of which at least one unit switches. */
export class Path {
  /** How many linear regions the path crosses. */
  readonly regions: number;
  /** 0, the breakpoints, and 1. */
  readonly t: Float64Array;
  /** The units that switch at each of them; none at the ends. */
  readonly units: readonly (readonly Unit[])[];
  /** F at each of them, [T, C] row major; between two of them, F is a straight line. */
  readonly outputs: Float32Array;
  /** C */
  readonly classes: number;
  private readonly exact = new Map<number, Float64Array>();

  /** The largest difference of F from the straight line, measured halfway between two breakpoints; it is rounding. */
  readonly residual: number;
  readonly labels: readonly string[];
  /** Names of the D numbers of an input; null if they have none. */
  readonly features: readonly string[] | null;
  /** Whether outputs compete, so that the largest decides; false for coordinates of an embedding and for a single output. */
  readonly decides: boolean;

  constructor(
    private readonly model: CompiledModel,
    private readonly reader: MarginReader,
    private readonly line: Line,
    vertices: readonly Breakpoint[],
    facts: Pick<Path, 'residual' | 'labels' | 'features' | 'decides'>,
    private readonly executor: Executor,
  ) {
    this.residual = facts.residual;
    this.labels = facts.labels;
    this.features = facts.features;
    this.decides = facts.decides;
    this.regions = vertices.length - 1;
    this.t = Float64Array.from(vertices, ({ t }) => t);
    this.units = vertices.map(({ units }) => units);
    this.classes = vertices[0].output.length;
    this.outputs = new Float32Array(vertices.length * this.classes);
    vertices.forEach(({ output }, i) => this.outputs.set(output, i * this.classes));
  }

  /** Shape of one input. */
  get shape(): readonly number[] {
    return this.model.inputShape;
  }

  /** Which axis of one input holds the channels: the first of images that the network takes with channels first, else the last. */
  get channelAxis(): number {
    return this.model.latest.channelAxis;
  }

  /** The layers whose units can switch, in the order of the network. */
  get layers(): readonly string[] {
    return [...new Set(this.reader.gates.map(({ layer }) => layer))];
  }

  /** F at x + t·(x' − x) for a t from 0 to 1, [C], without running the model. @throws OptionError for any other t */
  outputAt(t: number): Float32Array {
    if (typeof t !== 'number' || !(t >= 0 && t <= 1))
      throw new OptionError('Path.outputAt', 't', t, 'a number from 0, at x, to 1, at x′');
    const i = this.pieceOf(t);
    const share = (t - this.t[i]) / (this.t[i + 1] - this.t[i]);
    const value = (vertex: number, c: number) => this.outputs[vertex * this.classes + c];
    return Float32Array.from({ length: this.classes }, (_, c) => {
      return value(i, c) + share * (value(i + 1, c) - value(i, c));
    });
  }

  /** The index of the piece that t lies in, from 0; a breakpoint belongs to the piece that it begins. */
  pieceOf(t: number): number {
    let [low, high] = [0, this.regions];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.t[middle] <= t) low = middle;
      else high = middle;
    }
    return low;
  }

  /** x + t·(x' − x), in the input's shape; the caller disposes it. */
  input(t: number): Tensor {
    return tf.tensor(this.line.at(t), [...this.shape]);
  }

  /**
   * W and b of a piece, taken at its middle. They are exact on all of it.
   * @param i from 0 to regions − 1
   * @returns a linearization, which the caller disposes.
   * @throws PieceIndexError, ModelChangedError
   */
  async piece(i: number): Promise<Linearization> {
    if (!Number.isInteger(i) || i < 0 || i >= this.regions) throw new PieceIndexError(i, this.regions);
    const x = this.input((this.t[i] + this.t[i + 1]) / 2);
    const { model, executor, labels } = this;
    return linearizeAt(model, model.checked(x), { executor, labels });
  }

  /**
   * Integrated gradients of output c from x to x' (arXiv 1703.01365) without quadrature: W_c is constant on each piece, so
   * the integral is a sum over pieces. The parts tell what each number of x adds to the change of F from one end to the other.
   * @param c from 0 to C − 1
   * @returns its `parts` belong to the caller.
   * @throws ClassIndexError, PathSumError if the parts do not sum to the change, AbortError
   */
  async integrated(c: number, work: Work = {}): Promise<Integrated> {
    this.assertOutput(c);
    const sums = await this.exactSums(c, work);
    const sum = sums.reduce((a, b) => a + b, 0);
    const change = this.outputs[this.regions * this.classes + c] - this.outputs[c];
    const largest = this.outputs.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
    const residual = Math.abs(sum - change);
    if (residual > OFF * largest) throw new PathSumError(sum, change);
    return { parts: this.shaped(sums), channelAxis: this.channelAxis, sum, change, residual };
  }

  /**
   * Integrated gradients by sampling, as other tools compute them, with their true error.
   * @param steps how many gradients, 1 or more
   * @param rule default 'trapezoid'
   * @returns its `parts` belong to the caller.
   * @throws ClassIndexError, StepCountError, OptionError, AbortError
   */
  async sampled(
    c: number,
    steps: number,
    rule: SamplingRule = 'trapezoid',
    work: Work = {},
  ): Promise<Sampled> {
    this.assertOutput(c);
    checkOption('Path.sampled', 'rule', rule, oneOf('left', 'right', 'trapezoid'));
    if (!Number.isInteger(steps) || steps < 1) throw new StepCountError(steps);
    const { reader, line } = this;
    const sums = await gradientSums(reader, line, sampledNodes(steps, rule), [c], partOf(work, 0, 0.1));
    const exact = await this.exactSums(c, partOf(work, 0.1, 1));
    const total = exact.reduce((a, b) => a + Math.abs(b), 0);
    const off = exact.reduce((a, b, i) => a + Math.abs(b - sums[i]), 0);
    return {
      parts: this.shaped(sums),
      channelAxis: this.channelAxis,
      sum: sums.reduce((a, b) => a + b, 0),
      error: total === 0 ? 0 : off / total,
    };
  }

  /** Computed once for each output. */
  private async exactSums(c: number, work: Work): Promise<Float64Array> {
    const known = this.exact.get(c);
    if (known !== undefined) return known;
    const sums = await withWorkBar(inPercent('Integrated gradients'), work, watched =>
      gradientSums(this.reader, this.line, exactNodes(this.t), [c], watched),
    );
    this.exact.set(c, sums);
    return sums;
  }

  private shaped(numbers: Float64Array): Tensor {
    return tf.tensor(Float32Array.from(numbers), [...this.shape]);
  }

  /** @throws ClassIndexError */
  private assertOutput(c: number): void {
    if (!Number.isInteger(c) || c < 0 || c >= this.classes) throw new ClassIndexError(c, this.classes);
  }
}

/** What each number of x adds to the change of one output between two inputs. */
export interface Integrated {
  /** In x's shape; the caller disposes it. */
  parts: Tensor;
  /** Which axis of `parts` holds the channels. */
  channelAxis: number;
  /** Of the parts, in float64. */
  sum: number;
  /** F(x') − F(x) of that output. */
  change: number;
  /** |sum − change|: rounding of float32. */
  residual: number;
}

/** Integrated gradients by a sampling rule. */
export interface Sampled {
  /** In x's shape; the caller disposes it. */
  parts: Tensor;
  /** Which axis of `parts` holds the channels. */
  channelAxis: number;
  /** Of the parts, in float64. */
  sum: number;
  /** Σ|parts − exact parts| / Σ|exact parts| */
  error: number;
}

/** Share of the largest |F| on the path above which a difference of sums is more than rounding; the largest seen is 4e-6. */
const OFF = 1e-3;

/**
 * The straight path from x to x': all its breakpoints, found level by level in batches rather than by stepping (ExactLine,
 * arXiv 1908.06214), and F on it as a piecewise linear function. Breakpoints that lie within rounding of each other count as one.
 *
 * @param model a tf.LayersModel, a tf.GraphModel, an ONNX model, a function from a tensor to a tensor, or an embedding.
 * @param x, x2 one instance each, as for `linearize`; for an embedding, the indices of two points. Tensors stay the caller's.
 * @returns the path, which holds no tensors.
 * @throws NoRegionError where F is not piecewise linear, DiscontinuityError where it jumps, PathEndsError, NameCountError,
 *   AbortError, and what `linearize` throws.
 *
 * @example
 * const toTwo = await path(model, digits.instance(0), digits.instance(1));
 * plot(toTwo);
 * await toTwo.integrated(7); // integrated gradients of output 7
 */
export async function path(
  model: Model | Placed,
  x: Tensor | TensorLike,
  x2: Tensor | TensorLike,
  options: PathOptions = {},
): Promise<Path> {
  checkOptions('path', options, RUN);
  const instances = await instancesOf(
    model,
    [x, x2],
    options,
    'path',
    ([a, b]) => new PathEndsError(`x has shape [${a}] and x2 [${b}]`),
  );
  const line = new Line(instances.numbers[0], instances.numbers[1]);
  const { labels, features, compete } = instances;
  return withWorkBar(inPercent('Path'), options, work =>
    pathAlong(instances.model, line, { ...options, ...work, labels }, compete, features),
  );
}

/**
 * As `path`, for a model that is already compiled.
 * @param compete whether the outputs are classes that compete
 * @param features names of the D numbers of an input
 */
export async function pathAlong(
  model: CompiledModel,
  line: Line,
  { executor = 'onnx', ...options }: Omit<PathOptions, 'to' | 'policy'>,
  compete = true,
  features: readonly string[] | null = null,
): Promise<Path> {
  const reader = await model.marginReader(executor);
  const vertices = await breakpoints(reader, line, partOf(options, 0, 0.9));
  const residual = await straightness(reader, line, vertices);
  const labels = outputLabels(reader.outputs, options.labels);
  const decides = compete && reader.outputs > 1;
  return new Path(model, reader, line, vertices, { residual, labels, features, decides }, executor);
}

/** Share of the largest |F| above which a difference at a midpoint is a jump and not rounding; the largest seen is 3e-6. */
const JUMP = 1e-3;

/** Number of midpoints that are read at once. */
const BLOCK = 256;

/** The largest |F(middle) − mean of F at both ends| over all pieces. @throws DiscontinuityError */
async function straightness(
  reader: MarginReader,
  line: Line,
  vertices: readonly Breakpoint[],
): Promise<number> {
  let [largest, scale, worst] = [0, 0, 0];
  const pieces = vertices.slice(1).map((to, i) => ({ from: vertices[i], to }));
  for (let begin = 0; begin < pieces.length; begin += BLOCK) {
    const block = pieces.slice(begin, begin + BLOCK);
    const outputs = await reader.outputsAt(line.points(block.map(({ from, to }) => (from.t + to.t) / 2)));
    block.forEach(({ from, to }, i) =>
      outputs[i].forEach((y, c) => {
        const off = Math.abs(y - (from.output[c] + to.output[c]) / 2);
        if (off > largest) [largest, worst] = [off, (from.t + to.t) / 2];
        scale = Math.max(scale, Math.abs(from.output[c]), Math.abs(to.output[c]));
      }),
    );
  }
  if (largest > JUMP * scale) throw new DiscontinuityError(worst, largest);
  return largest;
}
