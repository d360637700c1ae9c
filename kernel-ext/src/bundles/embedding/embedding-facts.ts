import { decodeArray } from '../../payload/array-codec';
import type { EmbeddingPayload, ExplainedPayload } from '../../payload/embedding';
import { decimalsFor, plain, scientific, signed } from '../../payload/numbers';
import type { ScatterPoints } from './scatter';

/** One class of a map in numbers. */
export interface ClassFacts {
  index: number;
  name: string;
  points: number;
  /** Medians of its places, as they are written. */
  center: string[];
}

/** What a map's places, read back from the payload, are: [n, axes]. */
export function placesOf({ places }: EmbeddingPayload): Float32Array {
  const { offset } = places;
  return decodeArray(places.array).map((value, i) => value + offset[i % offset.length]);
}

/** The points for a picture; a map with one axis lies on a line. */
export function scatterPoints(payload: EmbeddingPayload): ScatterPoints {
  const places = placesOf(payload);
  const { axes, classes, explained, indices } = payload;
  const shown = indices ? decodeArray(indices) : null;
  return {
    places:
      axes.length === 2
        ? places
        : Float32Array.from({ length: 2 * places.length }, (_, i) => (i % 2 ? 0 : places[i / 2])),
    classOf: classes ? decodeArray(classes.of) : null,
    classes: classes?.names.length ?? 0,
    ringed: explained.map(({ index }) => (shown ? shown.indexOf(index) : index)).filter(i => i >= 0),
  };
}

export function classFacts(payload: EmbeddingPayload): ClassFacts[] {
  if (!payload.classes) return [];
  const places = placesOf(payload);
  const axes = payload.axes.length;
  const of = decodeArray(payload.classes.of);
  return payload.classes.names.map((name, index) => {
    const members = [...of.keys()].filter(i => of[i] === index);
    const center = payload.axes.map((_, axis) => {
      const sorted = members.map(i => places[i * axes + axis]).sort((a, b) => a - b);
      return sorted.length === 0 ? '' : signed(sorted[sorted.length >> 1]);
    });
    return { index, name, points: members.length, center };
  });
}

/** `6,000 points · 784 → 2 · T(12) 0.953 and 1-NN error 8.1 % on 1,000 of them`, in parts. */
export function mapClaims({
  total,
  places,
  inputShape,
  axes,
  measures,
  training,
}: EmbeddingPayload): string[] {
  const shown = places.array.shape[0];
  const claims = [
    `${grouped(total)} points${shown < total ? `, ${grouped(shown)} of them shown` : ''}`,
    `${inputShape.join(' × ')} → ${axes.length}`,
  ];
  if (training) {
    const step = training.stage === 'non-parametric' ? 'without the network yet, iteration' : 'epoch';
    claims.push(`${step} ${training.epoch} of ${training.epochs}, ${training.state}`);
  }
  if (measures) {
    const error =
      measures.knnError1 === null ? '' : `, 1-NN error ${(100 * measures.knnError1).toFixed(1)} %`;
    claims.push(
      `T(${measures.k}) ${measures.trustworthiness.toFixed(3)}${error} (of ${grouped(measures.sample)} points)`,
    );
  }
  return claims;
}

/** A point's formula by axis: `axis 1: −1.98 = W·x −1.52 + b −0.46`. */
export function formulas({ output, bias }: ExplainedPayload, axes: readonly string[]): string[] {
  const decimals = decimalsFor(Math.max(...output.map(Math.abs)));
  return axes.map(
    (axis, i) =>
      `${axis}: ${plain(output[i], decimals)} = W·x ${signed(output[i] - bias[i], decimals)} + b ${signed(bias[i], decimals)}`,
  );
}

/** The proof of a point's formula and its strength. */
export function strengthOf({ residual, exact, policies }: ExplainedPayload): string {
  const strength = exact
    ? 'exact on its region'
    : `at x only (${policies.map(({ layer, policy }) => `${layer}: ${policy}`).join(', ')})`;
  return `residual ${scientific(residual.relative)}, ${strength}`;
}

/** A point's class, or its name, or nothing. */
export function pointLabel({ classes, names, indices }: EmbeddingPayload, index: number): string {
  const at = indices ? decodeArray(indices).indexOf(index) : index;
  if (at < 0) return '';
  const label = classes ? classes.names[decodeArray(classes.of)[at]] : undefined;
  return names?.[at] ?? label ?? '';
}

const grouped = (count: number): string => count.toLocaleString('en-US');
