import { decodeArray } from '../../payload/array-codec';
import {
  inputRange,
  paintInput,
  paintSigned,
  type Picture,
  type Range,
  signedRange,
} from '../../payload/colors';
import { fitted, type Image, inputImage, signedImage } from '../../payload/image';
import { asSubscript } from '../../payload/numbers';
import type { LinearizationPayload } from '../../payload/linearization';
import { framed } from '../../page/png';

/** The selected class's arrays, decoded: x, its row of W, and what each number of x adds. */
export interface Selected {
  x: Float32Array;
  w: Float32Array;
  contribution: Float32Array;
}

/** One of the images that stand side by side. */
export interface Plate {
  /** As in the formula: x, W₇, W₇∘x. */
  symbol: string;
  caption: string;
  range: Range;
  /** Signed ranges are written with their signs. */
  signed: boolean;
  picture: Picture;
}

export function selectedArrays(payload: LinearizationPayload): Selected {
  const row = payload.rows.find(({ index }) => index === payload.selected)!;
  const x = decodeArray(payload.input);
  const w = decodeArray(row.weights);
  return { x, w, contribution: w.map((weight, i) => weight * x[i]) };
}

/**
 * x, W and W∘x of the selected class, each to fit a square of `side` pixels.
 * @returns nothing if the input is no image
 */
export function plates(payload: LinearizationPayload, side: number): Plate[] {
  const { x, w, contribution } = selectedArrays(payload);
  const { shape } = payload.input;
  const input = inputImage(x, shape);
  const weights = signedImage(w, shape);
  const product = signedImage(contribution, shape);
  if (!input || !weights || !product) return [];
  const label = payload.labels[payload.selected];
  const row = `W${asSubscript(label)}`;
  return [
    inputPlate('x', 'input', input, side),
    signedPlate(row, `weight on ${label}`, weights, side),
    signedPlate(`${row}∘x`, `contribution to ${label}`, product, side),
  ];
}

export function inputPlate(symbol: string, caption: string, image: Image, side: number): Plate {
  const range = inputRange(image.values);
  const picture = framed(paintInput(fitted(image, side), range));
  return { symbol, caption, range, signed: false, picture };
}

export function signedPlate(symbol: string, caption: string, whole: Image, side: number): Plate {
  const image = fitted(whole, side);
  const range = signedRange(image.values);
  return { symbol, caption, range, signed: true, picture: framed(paintSigned(image, range)) };
}
