import { decodeArray } from './arrays';
import { inputRange, paintInput, paintSigned, signedRange } from './colors';
import type { EmbeddingPayload, ExplainedPayload } from './embedding-format';
import { fitted, inputImage, signedImage } from './image';
import type { Plate } from './plates';
import { framed } from './png';

/**
 * x and W∘x for each axis at one point, each to fit a square of `side` pixels.
 * @returns nothing if the points are no images
 */
export function reasonPlates(point: ExplainedPayload, { axes }: EmbeddingPayload, side: number): Plate[] {
  const { shape } = point.input;
  const x = decodeArray(point.input);
  const input = inputImage(x, shape);
  if (!input) return [];
  const range = inputRange(input.values);
  const picture = framed(paintInput(fitted(input, side), range));
  const first: Plate = { symbol: 'x', caption: 'input', range, signed: false, picture };
  const w = decodeArray(point.weights);
  return [first, ...axes.map((axis, i) => axisPlate(contribution(x, w, i), shape, axis, i, side))];
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
  const image = fitted(signedImage(values, shape)!, side);
  const range = signedRange(image.values);
  const picture = framed(paintSigned(image, range));
  return { symbol: `${'→↑'[i]} W∘x`, caption: `pushes along ${axis}`, range, signed: true, picture };
}
