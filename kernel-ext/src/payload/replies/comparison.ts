import { SHOWN_AXES } from '../embedding';
import { MalformedPayloadError } from '../errors';
import { asCount, asFields, asList, asNumbers, own } from '../fields';
import { byAxis } from './apart';

/** One of two groups of points. Its center is the sum of its mean contributions, plus its mean b. */
export interface GroupReply {
  points: number;
  center: number[];
  bias: number[];
}

/**
 * Why two groups of points have their coordinates. Float32 buffers [axes, D]: mean W∘x of each group; then, for two single
 * points, W∘(x₂ − x₁) by W at the first and at the second.
 */
export interface CompareReply {
  groups: [GroupReply, GroupReply];
  /** For two single points: the displacements that W predicts at each of them, [axes] each. */
  displacements: [number[], number[]] | null;
}

/** A `CompareReply` with its buffers. */
export interface Comparison {
  groups: [GroupReply, GroupReply];
  /** Mean W∘x of each group, [axes][D]. */
  contributions: [Float32Array[], Float32Array[]];
  /** For single points: W∘(x₂ − x₁) by W at the first and at the second, and their sums. */
  displacements: { contributions: Float32Array[]; sum: number[] }[];
}

/** @throws {MalformedPayloadError} */
export function readComparison(data: unknown, arrays: readonly Float32Array[]): Comparison {
  const fields = asFields(data, 'reply');
  const [first, second] = asList(own(fields, 'groups'), 2, 2, 'groups').map(readGroup);
  const axes = first.center.length;
  const displacements = own(fields, 'displacements');
  const sums = displacements === null ? [] : asList(displacements, 2, 2, 'displacements');
  if (arrays.length !== 2 + sums.length)
    throw new MalformedPayloadError('buffers', 'are too few or too many');
  const split = arrays.map(values => byAxis(values, axes));
  return {
    groups: [first, second],
    contributions: [split[0], split[1]],
    displacements: sums.map((sum, i) => ({
      contributions: split[2 + i],
      sum: asNumbers(sum, axes, axes, `displacements[${i}]`),
    })),
  };
}

function readGroup(value: unknown): GroupReply {
  const fields = asFields(value, 'groups');
  const center = asNumbers(own(fields, 'center'), 1, SHOWN_AXES, 'center');
  return {
    points: asCount(own(fields, 'points'), 'points'),
    center,
    bias: asNumbers(own(fields, 'bias'), center.length, center.length, 'bias'),
  };
}
