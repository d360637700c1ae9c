import type { GroupReply, TrainingState } from 'piecewise/payload';
import type { Apart } from './apart';
import type { Delaying } from '../live/delay';
import type { Explanation } from './explanation';
import type { Sprite } from './thumbnails';

/** Two groups of points, why they are where they are, and for two single points what separates them. */
export interface Comparison {
  groups: [GroupReply, GroupReply];
  /** Mean W∘x of either group, [axes][D]. */
  contributions: [Float32Array[], Float32Array[]];
  /** For single points: W∘(x₂ − x₁) by W at the first and at the second, and their sums. */
  ways: { contributions: Float32Array[]; sum: number[] }[];
}

/** Whoever knows more of an embedding than the notebook holds: the live kernel. Points are indices in the data. */
export interface EmbeddingSource extends Partial<Delaying> {
  /** Whether there is a kernel to ask now. */
  readonly isAvailable: boolean;
  /** @throws NoAnswerError, as all of these */
  explain(handle: string, point: number): Promise<Explanation>;
  neighbors(handle: string, point: number, k: number): Promise<{ data: number[]; embedding: number[] }>;
  thumbnails(handle: string, points: readonly number[]): Promise<Sprite>;
  compare(handle: string, groups: readonly [readonly number[], readonly number[]]): Promise<Comparison>;
  apart(handle: string, groups: readonly [readonly number[], readonly number[]]): Promise<Apart>;
  /** Where the network puts another input, one coordinate per axis. */
  place(handle: string, x: Float32Array): Promise<number[]>;
  select(handle: string, points: readonly number[]): Promise<void>;
  steer(handle: string, wish: 'pause' | 'resume' | 'stop'): Promise<TrainingState>;
}
