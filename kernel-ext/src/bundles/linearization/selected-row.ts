import {
  asSubscript,
  decodeArray,
  type Features,
  imageShape,
  inputImage,
  largestFeatures,
  type LinearizationPayload,
  product,
  signedImage,
} from '../../payload';
import { inputPlate, type Plate, signedPlate } from '../../page/plates';

/** x and the selected class's row of W, decoded. */
function selectedRow({ rows, selected, input }: LinearizationPayload): { x: Float32Array; w: Float32Array } {
  const row = rows.find(({ index }) => index === selected)!;
  return { x: decodeArray(input, 'input').values, w: decodeArray(row.weights, 'weights').values };
}

/**
 * x, W and W∘x of the selected class, each sized to fit a square of `side` pixels.
 * @returns an empty list if the input is not an image
 */
export function plates(payload: LinearizationPayload, side: number): Plate[] {
  const { shape } = payload.input;
  if (!imageShape(shape)) return [];
  const { x, w } = selectedRow(payload);
  const label = payload.labels[payload.selected];
  const row = `W${asSubscript(label)}`;
  return [
    inputPlate('x', 'input', inputImage(x, shape)!, side),
    signedPlate(row, `weight on ${label}`, signedImage(w, shape)!, side),
    signedPlate(`${row}∘x`, `contribution to ${label}`, signedImage(product(w, x), shape)!, side),
  ];
}

const MOST_TERMS = 10;

/**
 * The largest summands of W_c·x for an input that is not an image, and the sum of the others.
 * @returns null for images, which are shown as images
 */
export function largestTerms(payload: LinearizationPayload): Features | null {
  const { shape } = payload.input;
  if (imageShape(shape)) return null;
  const { x, w } = selectedRow(payload);
  return largestFeatures(w, { input: { values: x, shape }, features: payload.features }, 'all', MOST_TERMS);
}
