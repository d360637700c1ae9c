import { decodeArray } from '../../payload/array-codec';
import type { EmbeddingPayload, ExplainedPayload } from '../../payload/embedding';
import { inputImage, signedImage } from '../../payload/image';
import { inputPlate, type Plate, signedPlate } from '../linearization/plates';

/**
 * x and W∘x for each axis at one point, each to fit a square of `side` pixels.
 * @returns nothing if the points are no images
 */
export function reasonPlates(point: ExplainedPayload, { axes }: EmbeddingPayload, side: number): Plate[] {
  const { shape } = point.input;
  const x = decodeArray(point.input);
  const input = inputImage(x, shape);
  if (!input) return [];
  const w = decodeArray(point.weights);
  return [
    inputPlate('x', 'input', input, side),
    ...axes.map((axis, i) => axisPlate(contribution(x, w, i), shape, axis, i, side)),
  ];
}

/** W∘x on one axis, D numbers. */
export function contribution(x: Float32Array, w: Float32Array, axis: number): Float32Array {
  return x.map((value, i) => value * w[axis * x.length + i]);
}

function axisPlate(
  values: Float32Array,
  shape: readonly number[],
  axis: string,
  i: number,
  side: number,
): Plate {
  return signedPlate(`${'→↑'[i]} W∘x`, `pushes along ${axis}`, signedImage(values, shape)!, side);
}
