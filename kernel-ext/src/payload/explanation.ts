import type { ArrayPayload } from './arrays/array-payload';
import { decodeShaped } from './arrays/array-payload';
import { MalformedPayloadError } from './errors';
import { asBoolean, asFields, asIndex, asNumbers, own, type Fields } from './fields';
import { type PolicyUse, readPolicies } from './policies';
import { readResidual, type Residual } from './residual';

/** F(x) = W·x + b at one point, on the shown axes of an embedding. */
export interface ExplainedFacts {
  /** F(x), the point's coordinates, and b; one number per axis. */
  output: number[];
  bias: number[];
  /** true: the linear map holds on the whole linear region around x; false: at x only. */
  exact: boolean;
  policies: PolicyUse[];
  residual: Residual;
}

/** Why a point has its coordinates: they are W·x + b. */
export interface ExplainedPayload extends ExplainedFacts {
  /** The point's index in the data. */
  index: number;
  /** x in its own shape; W, [axes, ...shape]. */
  input: ArrayPayload;
  weights: ArrayPayload;
}

/** An `ExplainedPayload`, checked and decoded. */
export interface Explanation extends ExplainedFacts {
  /** Index in the data. */
  point: number;
  /** [D] */
  x: Float32Array;
  /** W, [axes·D]. */
  w: Float32Array;
  /** W∘x on each axis, [D] each. */
  contributions: Float32Array[];
}

/** The reply about one point: x and W travel as two buffers of float32, [D] and [axes·D]. */
export type ExplainReply = ExplainedFacts & { index: number };

const MOST_AXES = 2;

/** @throws {MalformedPayloadError} */
export function readExplanation(
  value: unknown,
  { points, axes, shape }: { points: number; axes: number; shape: readonly number[] },
  field: string,
): Explanation {
  const fields = asFields(value, field);
  return explanationOf({
    point: asIndex(own(fields, 'index'), points, `${field}.index`),
    x: decodeShaped(own(fields, 'input'), shape, `${field}.input`).values,
    w: decodeShaped(own(fields, 'weights'), [axes, ...shape], `${field}.weights`).values,
    ...readFacts(fields, axes, axes, `${field}.`),
  });
}

/** @param arrays x and W. @throws {MalformedPayloadError} */
export function readExplainReply(data: unknown, point: number, [x, w]: readonly Float32Array[]): Explanation {
  const facts = readFacts(asFields(data, 'reply'), 1, MOST_AXES, '');
  if (!x || w?.length !== facts.output.length * x.length)
    throw new MalformedPayloadError('buffers', 'are not x and W of every axis');
  return explanationOf({ point, x, w, ...facts });
}

function readFacts(fields: Fields, least: number, most: number, prefix: string): ExplainedFacts {
  const output = asNumbers(own(fields, 'output'), least, most, `${prefix}output`);
  return {
    output,
    bias: asNumbers(own(fields, 'bias'), output.length, output.length, `${prefix}bias`),
    exact: asBoolean(own(fields, 'exact'), `${prefix}exact`),
    policies: readPolicies(own(fields, 'policies'), `${prefix}policies`),
    residual: readResidual(own(fields, 'residual'), `${prefix}residual`),
  };
}

/** @param known w: W, [axes·D] */
export function explanationOf(known: Omit<Explanation, 'contributions'>): Explanation {
  return { ...known, contributions: contributionsOf(known, known.x) };
}

/** W∘x' on each axis, with the same W at another input. */
export function contributionsOf(
  { w, output }: Pick<Explanation, 'w' | 'output'>,
  x: Float32Array,
): Float32Array[] {
  return output.map((_, axis) => x.map((v, i) => v * w[axis * x.length + i]));
}

/** W·x' + b: the coordinates that the linear map at x assigns to x'. */
export function predictedCoordinates(reason: Explanation, x: Float32Array): number[] {
  return contributionsOf(reason, x).map((values, axis) =>
    values.reduce((sum, value) => sum + value, reason.bias[axis]),
  );
}
