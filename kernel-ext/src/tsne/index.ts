export type { ClusterMap } from './cluster-map';
export type { Direction } from './direction';
export type { Displacement, PredictedWay } from './displacement';
export { Embedding, loadEmbedding, type Members, type TrainingRecord } from './embedding';
export type { MeasureOptions, Measures } from './measures';
export type { LabeledPoints, PointData, PointLabel } from './points';
export type { Settings as TsneSettings, TrainingProgress, TsneOptions } from './settings';
export type { SparseGraph } from './sparse-graph';
export { tsne } from './tsne';
