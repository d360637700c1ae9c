import {
  decimalsFor,
  decodeArray,
  type EmbeddingPayload,
  type ExplainedPayload,
  grouped,
  plain,
  readQuantized,
  scientific,
  signed,
  strengthOf,
} from '../../payload';
import type { ScatterPoints } from './scatter';

/** One class of an embedding in numbers. */
export interface ClassFacts {
  index: number;
  name: string;
  points: number;
  /** Medians of the coordinates of its points, as text. */
  center: string[];
}

/** The coordinates of the points, read back from the payload: [n, axes]. */
export const coordinatesOf = ({ coordinates, axes }: EmbeddingPayload): Float32Array =>
  readQuantized(coordinates, axes.length, 'coordinates');

/** The class of each shown point; null if there are no classes. */
const classIndices = ({ classes }: EmbeddingPayload): Float32Array | null =>
  classes ? decodeArray(classes.of, 'classes.of').values : null;

/** The points for a picture; an embedding with one axis lies on a line. */
export function scatterPoints(payload: EmbeddingPayload): ScatterPoints {
  const coordinates = coordinatesOf(payload);
  const { axes, classes, explained } = payload;
  return {
    coordinates:
      axes.length === 2
        ? coordinates
        : Float32Array.from({ length: 2 * coordinates.length }, (_, i) => (i % 2 ? 0 : coordinates[i / 2])),
    classOf: classIndices(payload),
    classes: classes?.names.length ?? 0,
    ringed: explained.map(({ index }) => positionOf(payload, index)).filter(i => i >= 0),
  };
}

export function classFacts(payload: EmbeddingPayload): ClassFacts[] {
  const of = classIndices(payload);
  if (!payload.classes || !of) return [];
  const coordinates = coordinatesOf(payload);
  const axes = payload.axes.length;
  return payload.classes.names.map((name, index) => {
    const members = [...of.keys()].filter(i => of[i] === index);
    const center = payload.axes.map((_, axis) => {
      const sorted = members.map(i => coordinates[i * axes + axis]).sort((a, b) => a - b);
      return sorted.length === 0 ? '' : signed(sorted[sorted.length >> 1]);
    });
    return { index, name, points: members.length, center };
  });
}

/** `6,000 points · 784 → 2 · T(12) 0.953 and 1-NN error 8.1 % on 1,000 of them`, in parts. */
export function embeddingClaims({
  total,
  coordinates,
  inputShape,
  axes,
  measures,
  training,
}: EmbeddingPayload): string[] {
  const shown = coordinates.array.shape[0];
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
export const proofOf = (point: ExplainedPayload): string =>
  `residual ${scientific(point.residual.relative)}, ${strengthOf(point)}`;

/** A point's name, else its class, else ''. */
export function pointLabel(payload: EmbeddingPayload, index: number): string {
  const { classes, names } = payload;
  const at = positionOf(payload, index);
  if (at < 0) return '';
  const label = classes?.names[classIndices(payload)![at]];
  return names?.[at] ?? label ?? '';
}

/** The position among the shown points of the point with this index in the data; −1 if it is not shown. */
const positionOf = ({ indices }: EmbeddingPayload, index: number): number =>
  indices ? decodeArray(indices, 'indices').values.indexOf(index) : index;
