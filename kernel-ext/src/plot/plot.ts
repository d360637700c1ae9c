import type { GraphModel, History, LayersModel, Tensor } from '@tensorflow/tfjs';
import type { LabeledData } from '../data';
import type { Atlas } from '../atlas/atlas';
import type { Census } from '../census/census';
import type { Linearization } from '../linearization/linearization';
import type { Slice } from '../slices/slice';
import type { ContrastEdit } from '../paths/contrast-edit';
import type { Integrated, Path, Sampled } from '../paths/path';
import type { Embedding, TrainingRecord } from '../tsne';
import { arrayChart } from '../charts/array-chart';
import { chartBundle } from '../charts/chart-bundle';
import type { PlotlyFigure } from '../charts/chart-figure';
import type { ChartView } from '../charts/chart-view';
import { historyChart, readHistory } from '../charts/history-chart';
import { readTable } from '../charts/table';
import { tableChart } from '../charts/table-chart';
import { LabelsError, OptionError } from '../errors';
import {
  checkOptions,
  COUNT,
  LIST,
  oneOf,
  TEXT,
  TEXT_OR_LIST,
  type OptionKinds,
} from '../errors/check-options';
import { shownValue } from '../errors/shown-value';
import { OnnxModel } from '../onnx-file/onnx-model';
import { currentSink } from '../sink/current-sink';
import type { ModelView } from '../bundles/model/diagram';
import { isGraphModel, isLayersModel, modelBundle } from '../bundles/model/model-bundle';
import { editBundle, isContrastEdit } from '../bundles/path/contrast-edit-bundle';
import type { EmbeddingView } from '../bundles/embedding/embedding-payload';
import { NotPlottableError } from '../display/errors';
import { figureBundle, isPlotlyFigure } from '../charts/figure-bundle';
import { imageBundle } from '../bundles/image/image-bundle';
import { dataSetBundle, isImageSet } from '../bundles/image/data-set-bundle';
import type { LinearizationView } from '../bundles/linearization/linearization-payload';
import { isSums, sumsView } from '../bundles/path/sums-view';
import { readNestedArray } from '../display/nested-array';
import { withoutTensors } from '../display/plain-value';
import { checkTensor, isTensor } from '../display/tensor-values';
import { type Bundle, DISPLAY, type DisplaySink } from '../sink/sink';
import { checkFigureFile, type FigureFile, saveFigure } from './save-figure';
import type { DataView } from '../bundles/image/data-view';
import { SHOWN_CLASSES } from './shown-classes';
import type { SliceView } from '../bundles/slice/slice-shading';
import type { PathView } from '../bundles/path/path-bundle';

/** Anything that provides its own MIME bundle. */
export interface SelfDisplaying {
  [DISPLAY](): Bundle | Promise<Bundle>;
}

/** Columns by name, all of the same length. */
export type Columns = Readonly<Record<string, ArrayLike<unknown> | Tensor>>;

export type Plottable =
  | Linearization
  | Embedding
  | Slice
  | Path
  | Integrated
  | ContrastEdit
  | Sampled
  | Census
  | Atlas
  | Tensor
  | LayersModel
  | GraphModel
  | OnnxModel
  | History
  | TrainingRecord
  | LabeledData
  | ArrayLike<unknown>
  | Columns
  | PlotlyFigure
  | SelfDisplaying;

/** The options for each kind of thing. */
export type PlotOptions<T = Plottable> = FigureFile &
  (T extends Linearization
    ? LinearizationView
    : T extends Embedding
      ? EmbeddingView
      : T extends Slice
        ? SliceView
        : T extends Path
          ? PathView
          : T extends LayersModel | GraphModel | OnnxModel
            ? ModelView
            : DataView);

/**
 * Shows a thing below the running cell.
 *
 * - A linearization: an explorer with images, table and text. `class` chooses the class, `features` names the numbers of the input;
 *   `target` shows one output alone, or a class of a segmentation over a mask, `{ target: { class: 'sky', mask } }`.
 * - An embedding: its points, and why each of them has its coordinates. `point` chooses the one that is explained first.
 * - A slice: its regions, colored by `color` ('class', 'output', 'area', 'pattern').
 * - A path: its outputs as lines, with a slider from x to x'. Its integrated gradients: an image, or bars. An edit of
 *   `contrastEdit`: images of x, the edit, and the walk.
 * - A census: a table by layer. An atlas: its directions as images, one row per class.
 * - Images, [H, W], [H, W, 1 | 3] or [N, H, W, 1 | 3], and data sets of them: a grid, `labels` below; other numbers of channels
 *   side by side. `{ layout: 'NCHW' }` is for images with channels first, [C, H, W] or [N, C, H, W]. Signed values are orange and blue, others ink.
 *   The scale of large signed images ends at the 99.5th percentile of their magnitudes; `{ scaleEnd: 'full' }` extends it to the largest value.
 * - Numbers, names, columns `{time: […], price: […]}`, records `[{time, price}, …]`, tables of `data`: a chart. `kind` chooses one
 *   ('line', 'scatter', 'bar', 'histogram', 'heatmap', 'box'), `x`, `y` and `color` name columns, `xLabel` and `yLabel` the axes.
 * - A model: its layers and shapes as a diagram.
 * - What `model.fit` returned: curves of losses and metrics.
 * - A plotly figure `{data, layout}`; anything with `Symbol.for('Jupyter.display')`.
 *
 * `{ file: 'figure.pdf' }` also writes the figure into a file, as .svg, .pdf, .png (`scale` pixels per pixel), .html or .json
 * (the data of the explorer or of plotly). Texts of PDF and PNG are in DejaVu Sans, which has no Chinese, Japanese or Korean
 * signs.
 *
 * Needs no `await` in the Piecewise kernel, where the things of one cell appear in the order of the calls; in stock tslab await it, so that it lands in its own cell. Outside of
 * kernels it prints the text form.
 *
 * @returns a promise that resolves when the thing is shown
 * @throws {NotPlottableError} for anything else; {PlotValueError} for a value inside it that cannot be shown; {ChartKindError}, {ChartDataError}, {UnknownColumnError}, {ColumnLengthError},
 *   {BinCountError} for a chart that cannot be drawn from the data; {NameCountError}, {ImageSideError} for images; {FigureFileError}, {FileWriteError} for a file; and as
 *   `linearizationBundle` for a linearization.
 *
 * @example
 * plot(await linearize(model, x), { class: 7 });
 * plot([1, 4, 9], { kind: 'bar', title: 'Squares' });
 */
export function plot<T extends Plottable>(thing: T, options?: PlotOptions<T>): Promise<void> {
  const sink = currentSink();
  const { plots } = sink;
  const work = show(thing, options ?? {}, sink, plots?.last);
  // What displays itself may itself wait for a later plot, so none waits for it.
  if (plots && !isForeign(thing)) plots.last = Promise.allSettled([plots.last, work]);
  sink.track(work);
  return work;
}

/** `kind`, `bins` and `side` have errors of their own. */
const DATA_VIEW: OptionKinds = {
  x: TEXT_OR_LIST,
  y: TEXT_OR_LIST,
  color: TEXT,
  xLabel: TEXT,
  yLabel: TEXT,
  title: TEXT,
  caption: TEXT,
  log: oneOf('x', 'y', 'xy'),
  columns: COUNT,
  layout: oneOf('NHWC', 'NCHW'),
  scaleEnd: oneOf('robust', 'full'),
};

/** @param earlier what has to be shown first */
async function show(
  thing: unknown,
  options: PlotOptions,
  sink: DisplaySink,
  earlier: Promise<unknown> | undefined,
): Promise<void> {
  if (typeof options !== 'object') return sink.display(await bundleOf(thing, options));
  const { file, scale, ...view } = options;
  checkFigureFile({ file, scale });
  const bundle = await bundleOf(thing, view);
  if (file !== undefined) await saveFigure(bundle, file, scale);
  if (earlier) await earlier;
  sink.display(bundle);
}

async function bundleOf(thing: unknown, given: object): Promise<Bundle> {
  if (typeof thing !== 'object' || thing === null) throw new NotPlottableError(shownValue(thing));
  const view = readView(given);
  const own = SHOWN_CLASSES.find(({ shows }) => shows(thing));
  if (own) return own.bundleOf(thing, view);
  if (isSelfDisplaying(thing)) return thing[DISPLAY]();
  checkOptions('plot', view, DATA_VIEW);
  if (isContrastEdit(thing)) return editBundle(thing);
  if (isSums(thing)) return arrayBundle(await thing.parts.data(), thing.parts.shape, sumsView(thing, view));
  if (isTensor(thing)) checkTensor(thing, '');
  if (isTensor(thing)) return arrayBundle(await thing.data(), thing.shape, view);
  if (thing instanceof OnnxModel || isLayersModel(thing) || isGraphModel(thing))
    return modelBundle(thing, view);
  if (isPlotlyFigure(thing)) return figureBundle(thing);
  if (isImageSet(thing)) return dataSetBundle(thing, view);
  return dataBundle(withoutTensors(thing, '') as object, view);
}

function dataBundle(thing: object, view: DataView): Bundle {
  const history = readHistory(thing);
  if (history && view.kind === undefined) return chartBundle(historyChart(history, view));
  const table = view.kind === 'image' ? null : readTable(thing);
  if (table) return chartBundle(tableChart(table, withNames(view)));
  const array = readNestedArray(thing);
  if (array) return arrayBundle(array.values, array.shape, view);
  throw new NotPlottableError(nameOf(thing));
}

/** Options with lists in place of tensors, and with texts as labels. */
function readView(given: object): DataView {
  if (typeof given !== 'object')
    throw new OptionError('plot', 'the second argument', given, "options, such as { title: 'Losses' }");
  const view = withoutTensors(given, 'options') as DataView;
  if (view.labels === undefined) return view;
  const labels: unknown = view.labels;
  if (!LIST.fits(labels)) throw new LabelsError('plot', shownValue(labels), null);
  return { ...view, labels: Array.from(labels as ArrayLike<unknown>, String) };
}

/** A chart, or an image where that is what the array looks like. */
function arrayBundle(values: ArrayLike<number>, shape: readonly number[], view: DataView): Bundle {
  if (shape.length === 0 || values.length === 0)
    throw new NotPlottableError(
      `a tensor [${shape.join(', ')}] with ${values.length === 0 ? 'no number' : 'one number'} in it`,
    );
  const chart = arrayChart(values, shape, withNames(view));
  return chart ? chartBundle(chart) : imageBundle(Float32Array.from(values), shape, view);
}

/** Labels of the entries of a vector are its names to the right. */
const withNames = (view: DataView): ChartView => ({
  ...(view.x === undefined && view.labels && { x: view.labels, xLabel: '' }),
  ...view,
});

function isSelfDisplaying(thing: object): thing is SelfDisplaying {
  return typeof (thing as Partial<SelfDisplaying>)[DISPLAY] === 'function';
}

/** Whether code of the notebook makes the bundle. */
function isForeign(thing: unknown): boolean {
  if (typeof thing !== 'object' || thing === null) return false;
  try {
    return isSelfDisplaying(thing) && !SHOWN_CLASSES.some(({ shows }) => shows(thing));
  } catch {
    return true; // A proxy that answers nothing; `work` reports it.
  }
}

function nameOf(thing: object): string {
  if (Array.isArray(thing)) {
    return thing.length === 0
      ? 'an empty array'
      : 'an array that is neither numbers of equal lengths nor names nor records';
  }
  if ('then' in thing) return shownValue(thing);
  return `an object with ${Object.keys(thing).slice(0, 8).join(', ') || 'no fields'}`;
}
