/** The public names of `piecewise`, in the order of the flow. */
import { showDownloadsWith } from './data/download-bar';
import { Atlas } from './atlas/atlas';
import { Census } from './census/census';
import { atlasBundle } from './bundles/atlas/atlas-bundle';
import { linearizationBundle } from './bundles/linearization/linearization-bundle';
import { censusBundle } from './bundles/census/census-bundle';
import { currentSink } from './display/current-sink';
import { embeddingBundle } from './bundles/embedding/embedding-bundle';
import { ProgressBar } from './progress/progress-bar';
import { DISPLAY } from './display/sink';
import { WatchedTraining } from './bundles/embedding/watched-training';
import { sliceBundle } from './bundles/slice/slice-bundle';
import { wayBundle } from './bundles/path/path-bundle';
import { showWorkWith } from './linear-map/work-bar';
import { Linearization } from './linearization/linearization';
import { Path } from './paths/path';
import { Slice } from './slices/slice';
import { Embedding, watchTrainingsWith } from './tsne';

export type { InputPart, NamedInputs, NamedShapes } from './capture/side-by-side';
export { layerNames, type Model, type NamedModel, type NamedTensors } from './capture/source';
export type { Policy, PolicyChoice, PolicyUse } from './rules/policy';
export { LinearMap } from './linear-map/linear-map';
export { compile, linearize, type LinearizeOptions, type Placed } from './linearization/linearize';
export { Linearizer, type RunOptions, type SaveOptions } from './linearization/linearizer';
export { type Integrated, Path, path, type PathOptions, type Sampled } from './paths/path';
export { contrastEdit, type ContrastEdit } from './paths/contrast-edit';
export type { SamplingRule } from './paths/integrated-gradients';
export { slice, Slice, type SliceOptions } from './slices/slice';
export type { BoundaryPiece, ClassCell } from './slices/classes';
export type { Place } from './slices/plane';
export type { Polygon } from './slices/polygons';
export { type Check, verify } from './linearization/verify';
export type { Batches } from './census/batches';
export { Census, census, type CensusOptions, type LayerCensus } from './census/census';
export type { Neighbor } from './census/kept-patterns';
export { Atlas, atlas, type AtlasGroup, type AtlasOptions } from './atlas/atlas';
export { Partition } from './census/partition';
export type { CompileOptions, Executor } from './linear-map/compiled';
export type { FrozenError } from './linear-map/frozen-error';
export type { LayerBias, LayerBiasTerms } from './linear-map/bias-terms';
export { Linearization } from './linearization/linearization';
export type { Residual } from './linear-map/residual';
export type { GatePattern, Region } from './regions/region';
export type { Certificate, CertificateOptions } from './regions/certificate';
export type { Radius, RadiusOptions } from './regions/radius';
export type { Reach } from './regions/reach';
export type { Unit } from './regions/unit';
export type { Work } from './linear-map/work';
export {
  type CsvOptions,
  data,
  type DataOptions,
  type IdxArray,
  type LabeledImages,
  type LabeledTable,
} from './data';
export {
  type ClusterMap,
  type Direction,
  type Displacement,
  Embedding,
  type ExactDisplacement,
  type LabeledPoints,
  loadEmbedding,
  type MeasureOptions,
  type Measures,
  type Members,
  type PointData,
  type PointLabel,
  type PredictedWay,
  type TrainingProgress,
  type TrainingRecord,
  type SparseGraph,
  tsne,
  type TsneOptions,
  type TsneSettings,
} from './tsne';
export { startRuntime, type Runtime } from './runtime';
export { type Columns, type DataView, plot, type PlotOptions, type Plottable } from './display/plot';
export type { PlotlyFigure } from './charts/chart-figure';
export type { ChartKind, ChartView } from './charts/chart-view';
export type { ModelView } from './bundles/model/diagram';
export type { ImageView } from './bundles/image/image-bundle';
export { progress, type ProgressCommand } from './progress/progress';
export { ProgressBar, type ProgressOptions } from './progress/progress-bar';
export { linearizationBundle } from './bundles/linearization/linearization-bundle';
export { embeddingBundle } from './bundles/embedding/embedding-bundle';
export type { SliceView } from './bundles/slice/slice-shading';
export type { EmbeddingView } from './bundles/embedding/embedding-payload';
export type { WayView } from './bundles/path/path-bundle';
export { selection, type Selection } from './display/selection';
export { type Numeric, type NumbersOptions, saveNumbers, toCsv, toNpy } from './export/save-numbers';
export type { EmbeddingNumbers } from './export/embedding-numbers';
export type { LinearizationNumbers } from './export/linearization-numbers';
export { answer } from './answers/answer';
export { type Bundle, DISPLAY, type DisplaySink, SINK } from './display/sink';
export * from './errors';
export * from './data/errors';
export * from './display/errors';
export * from './runtime/errors';
export * from './tsne/errors';

/** A linearization at the end of a cell shows itself. Said here, since display lies to the right of linearization. */
Object.defineProperty(Linearization.prototype, DISPLAY, {
  value(this: Linearization) {
    return linearizationBundle(this);
  },
});

Object.defineProperty(Embedding.prototype, DISPLAY, {
  value(this: Embedding) {
    return embeddingBundle(this);
  },
});

Object.defineProperty(Slice.prototype, DISPLAY, {
  value(this: Slice) {
    return sliceBundle(this);
  },
});

Object.defineProperty(Path.prototype, DISPLAY, {
  value(this: Path) {
    return wayBundle(this);
  },
});

Object.defineProperty(Census.prototype, DISPLAY, {
  value(this: Census) {
    return censusBundle(this);
  },
});

Object.defineProperty(Atlas.prototype, DISPLAY, {
  value(this: Atlas) {
    return atlasBundle(this);
  },
});

/** Likewise a download shows how far it is. */
showDownloadsWith(options => new ProgressBar(options));

/** And long work on W in a notebook; a script says itself what it prints. */
showWorkWith(facts => (currentSink().replaces ? new ProgressBar({ ...facts, patience: 1 }) : null));

/** And a training that is watched. */
watchTrainingsWith(facts => new WatchedTraining(facts));
