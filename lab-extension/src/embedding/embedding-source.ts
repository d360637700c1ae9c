import type {
  Apart,
  Comparison,
  Explanation,
  NeighborsReply,
  Sprite,
  TrainingState,
  Wish,
} from 'piecewise/payload';
import type { Delaying } from '../live/delay';

/** Two groups of points, as indices in the data. */
export type TwoGroups = readonly [readonly number[], readonly number[]];

/** Whatever knows more of an embedding than the notebook holds: the live kernel. Points are indices in the data. */
export interface EmbeddingSource extends Partial<Delaying> {
  /** Whether there is a kernel to ask now. */
  readonly isAvailable: boolean;
  /** @throws NoAnswerError, as all of these */
  explain(handle: string, point: number): Promise<Explanation>;
  neighbors(handle: string, point: number, k: number): Promise<NeighborsReply>;
  thumbnails(handle: string, points: readonly number[]): Promise<Sprite>;
  compare(handle: string, groups: TwoGroups): Promise<Comparison>;
  apart(handle: string, groups: TwoGroups): Promise<Apart>;
  /** The coordinates that the network gives another input, one number per axis. */
  transform(handle: string, x: Float32Array): Promise<number[]>;
  select(handle: string, points: readonly number[]): Promise<void>;
  steer(handle: string, wish: Wish): Promise<TrainingState>;
}
