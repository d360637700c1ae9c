import type { LayersModel, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { Linearization } from '../linearization/linearization';
import type { PointData } from './points';
import type { SparseGraph } from './sparse-graph';
import type { TrainingRecord } from './training-record';

/** The points of a class, by its label, or points by their indices. */
export type Members = string | readonly number[];

/** What the measures, means, directions and displacements of an embedding read; `Embedding` implements and documents it. */
export interface EmbeddedPoints {
  readonly model: LayersModel;
  readonly points: Tensor;
  readonly coordinates: Tensor2D;
  readonly labels: readonly (string | null)[] | null;
  readonly training: TrainingRecord;
  readonly affinity: SparseGraph | null;
  readonly axes: readonly string[];
  readonly length: number;
  transform(data: PointData): Tensor2D;
  pick(which: number | readonly number[]): Tensor;
  group(of: number | Members): readonly number[];
  linearizations(options: { of?: Members }): AsyncGenerator<Linearization, void>;
}
