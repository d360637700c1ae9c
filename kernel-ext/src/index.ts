/**
 * What `piecewise` exports: the commands, which are values, and the types that their signatures name. The kernel makes each
 * value a global of its cells. Errors are in `piecewise/errors`.
 */
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
import { pathBundle } from './bundles/path/path-bundle';
import { showWorkWith } from './linear-map/work-bar';
import { Linearization } from './linearization/linearization';
import { Path } from './paths/path';
import { Slice } from './slices/slice';
import { Embedding, watchTrainingsWith } from './tsne';

export type { NamedInputs, NamedShapes } from './capture/side-by-side';
export type { InputPart, Model, NamedModel } from './capture/source';
export type { PolicyChoice, PolicyUse } from './rules/policy';
export type { LinearMap } from './linear-map/linear-map';
export type { CompileOptions, Executor } from './linear-map/compiled';
export type { FrozenError } from './linear-map/frozen-error';
export type { LayerBias, LayerBiasTerms } from './linear-map/bias-terms';
export type { Residual } from './linear-map/residual-sum';
export type { Work } from './linear-map/work';
export type { Certificate, CertificateOptions } from './regions/certificate';
export type { Radius, RadiusOptions } from './regions/radius';
export type { Reach } from './regions/reach';
export type { Region } from './regions/region';
export type { Unit } from './regions/unit';
export { compile, linearize, type LinearizeOptions, type Placed } from './linearization/linearize';
export type { Linearizer, SaveOptions } from './linearization/linearizer';
export type { RunOptions } from './linearization/run-options';
export type { Linearization } from './linearization/linearization';
export type { LinearizedInstance } from './linearization/linearized-instance';
export { type Check, verify } from './linearization/verify';
export { type Integrated, type Path, path, type PathOptions, type Sampled } from './paths/path';
export type { SamplingRule } from './paths/integrated-gradients';
export { contrastEdit, type ContrastEdit } from './paths/contrast-edit';
export { slice, type Slice, type SliceOptions } from './slices/slice';
export type { BoundaryPiece, ClassCell } from './slices/classes';
export type { PlanePoint } from './slices/plane';
export type { Polygon } from './slices/polygons';
export type { Batches } from './census/batches';
export { type Census, census, type CensusOptions, type LayerCensus } from './census/census';
export type { PatternNeighbor } from './census/kept-patterns';
export type { InstanceGroups } from './census/instance-groups';
export { type Atlas, atlas, type AtlasGroup, type AtlasOptions } from './atlas/atlas';
export { type CsvOptions, data, type DataOptions, type IdxArray, type LabeledData } from './data';
export {
  type ClusterMeans,
  type Direction,
  type Displacement,
  type Embedding,
  loadEmbedding,
  type MeasureOptions,
  type Measures,
  type Members,
  type PointData,
  type PointLabel,
  type SparseGraph,
  type TrainingProgress,
  type TrainingRecord,
  tsne,
  type TsneOptions,
} from './tsne';
export { type Runtime, startRuntime } from './runtime';
export { plot, type PlotOptions, type Plottable } from './display/plot';
export { progress } from './progress/progress';
export type { ProgressBar, ProgressOptions } from './progress/progress-bar';
export { selection, type Selection } from './display/selection';
export { type NumbersOptions, type Numeric, saveNumbers, toCsv, toNpy } from './export/save-numbers';
export { type Bundle, DISPLAY } from './display/sink';

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
    return pathBundle(this);
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
