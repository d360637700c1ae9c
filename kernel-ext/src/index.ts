/**
 * What `piecewise` exports: the commands, which are values, and the types that their signatures name. The kernel makes each
 * value a global of its cells. Errors are in `piecewise/errors`.
 */
import { register } from './registrations';

export type { NamedInputs, NamedShapes } from './capture/side-by-side';
export { type InputPart, layerNames, type Model, type NamedModel } from './capture/source';
export { loadOnnx, type OnnxOptions } from './onnx-file/load-onnx';
export type { OnnxInputs, OnnxModel } from './onnx-file/onnx-model';
export type { PolicyChoice, PolicyUse } from './rules/policy';
export type { LinearMap } from './linear-map/linear-map';
export type { CompileOptions, Executor } from './linear-map/compiled';
export type { FrozenError } from './linear-map/frozen-error';
export type { LayerBias, LayerBiasTerms } from './linear-map/bias-terms';
export type { Residual } from './linear-map/residual-sum';
export type { Work } from './linear-map/work';
export type { Certificate, CertificateOptions } from './regions/certificate';
export type { Radius, RadiusOptions } from './regions/radius';
export type { Reach, ReachOptions } from './regions/reach';
export type { Region } from './regions/region';
export type { Unit } from './regions/unit';
export { compile, linearize, type LinearizeOptions, type Placed } from './linearization/linearize';
export type { Linearizer, SaveOptions } from './linearization/linearizer';
export type { RunOptions } from './linearization/run-options';
export type { Linearization } from './linearization/linearization';
export type { Target } from './linearization/target';
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
export {
  type CsvOptions,
  data,
  type DataOptions,
  type IdxArray,
  type ImageOptions,
  type LabeledData,
  type NpyOptions,
  type SingleImageOptions,
} from './data';
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
  type TsneOptions,
} from './tsne';
export { type Runtime, startRuntime } from './runtime';
export { tsne } from './plot/tsne';
export { plot, type PlotOptions, type Plottable } from './plot/plot';
export { progress } from './progress/progress';
export type { ProgressBar, ProgressOptions } from './progress/progress-bar';
export { selection, type Selection } from './display/selection';
export { type NumbersOptions, type Numeric, saveNumbers, toCsv, toNpy } from './export/save-numbers';
export { type Bundle, DISPLAY } from './sink/sink';

register();
