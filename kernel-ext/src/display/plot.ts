import type { Tensor } from '@tensorflow/tfjs';
import { Linearization } from '../linearization';
import { Embedding } from '../tsne';
import { linearizationBundle } from './bundle';
import { currentSink } from './current-sink';
import { embeddingBundle } from './embedding-bundle';
import type { EmbeddingView } from './embedding-payload';
import { NotPlottableError } from './errors';
import { imageBundle, type ImageView } from './image-bundle';
import type { LinearizationView } from './linearization-payload';
import { readNestedArray } from './nested-array';
import { type Bundle, DISPLAY } from './sink';

/** A figure of plotly.js as plain data. */
export interface PlotlyFigure {
  data: readonly object[];
  layout?: object;
}

/** Anything that brings its own MIME bundle. */
export interface SelfDisplaying {
  [DISPLAY](): Bundle | Promise<Bundle>;
}

export type Plottable =
  Linearization | Embedding | Tensor | ArrayLike<unknown> | PlotlyFigure | SelfDisplaying;

/**
 * Of a linearization: class, rows, instance, labels of the classes, features (names of inputs). Of a map: point, columns, names, measures, points,
 * thumbnails, title. Of images: labels, one below each, and their longest side in pixels.
 */
export type PlotOptions = LinearizationView & EmbeddingView & ImageView;

const PLOTLY_MIME = 'application/vnd.plotly.v1+json';

/**
 * Shows a thing below the running cell: a linearization as explorer with images, table and text; an embedding as
 * a map that says of each point why it is there; an image [H, W] or
 * [H, W, 1 | 3], a batch of images [N, H, W, C] as a grid, a vector as a strip (signed values in orange and blue,
 * others in ink); a plotly figure; anything with `Symbol.for('Jupyter.display')`.
 *
 * Needs no `await` in the Piecewise kernel; in stock tslab await it, so that it lands in its own cell. Outside of
 * kernels it prints the text form.
 *
 * @returns when it is shown
 * @throws {NotPlottableError} for anything else, {ImageSideError} for a side that is none, and as `linearizationBundle` for a linearization.
 */
export function plot(thing: Plottable, options: PlotOptions = {}): Promise<void> {
  const sink = currentSink();
  const work = bundleOf(thing, options).then(bundle => sink.display(bundle));
  sink.track(work);
  return work;
}

async function bundleOf(thing: Plottable, options: PlotOptions): Promise<Bundle> {
  if (thing instanceof Linearization) return linearizationBundle(thing, options);
  if (thing instanceof Embedding) return embeddingBundle(thing, options);
  if (isTensor(thing)) return imageBundle((await thing.data()) as Float32Array, thing.shape, options);
  if (isSelfDisplaying(thing)) return thing[DISPLAY]();
  if (isPlotlyFigure(thing)) {
    return {
      [PLOTLY_MIME]: { data: thing.data, layout: thing.layout ?? {} },
      'text/plain': figureText(thing),
    };
  }
  const array = typeof thing === 'object' ? readNestedArray(thing) : null;
  if (array) return imageBundle(Float32Array.from(array.values), array.shape, options);
  throw new NotPlottableError(nameOf(thing));
}

function figureText({ data }: PlotlyFigure): string {
  const types = data.map(trace => ('type' in trace ? String(trace.type) : 'scatter'));
  return `plotly figure of ${types.length} trace${types.length === 1 ? '' : 's'}: ${types.join(', ')}`;
}

// By their looks, since a notebook may load a TensorFlow.js of its own.
function isTensor(thing: unknown): thing is Tensor {
  const { shape, dtype, data } = Object(thing) as Partial<Tensor>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof data === 'function';
}

function isSelfDisplaying(thing: unknown): thing is SelfDisplaying {
  return typeof (Object(thing) as Partial<SelfDisplaying>)[DISPLAY] === 'function';
}

function isPlotlyFigure(thing: unknown): thing is PlotlyFigure {
  const { data } = Object(thing) as Partial<PlotlyFigure>;
  return Array.isArray(data) && data.every(trace => typeof trace === 'object' && trace !== null);
}

function nameOf(thing: unknown): string {
  if (thing === null || typeof thing !== 'object') return String(thing);
  if (Array.isArray(thing)) return 'an array that is not one of numbers with equal lengths';
  return `an object with ${Object.keys(thing).slice(0, 8).join(', ') || 'no fields'}`;
}
