import {
  asSubscript,
  type Decomposition,
  type Features,
  imageShape,
  inputImage,
  largestFeatures,
  product,
  signedImage,
} from '../../payload';
import { inputPlate, type Plate, signedPlate } from '../../page/plates';

/** x and the selected class's row of W. */
const selectedRow = ({ rows, first, input }: Decomposition): { x: Float32Array; w: Float32Array } => ({
  x: input.values,
  w: rows.get(first)!.values,
});

/**
 * x, W and W∘x of the selected class, each sized to fit a square of `side` pixels.
 * @returns an empty list if the input is not an image
 */
export function plates(decomposition: Decomposition, side: number): Plate[] {
  const { shape } = decomposition.input;
  if (!imageShape(shape)) return [];
  const { x, w } = selectedRow(decomposition);
  const label = decomposition.labels[decomposition.first];
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
export function largestTerms(decomposition: Decomposition): Features | null {
  const { shape } = decomposition.input;
  if (imageShape(shape)) return null;
  const { x, w } = selectedRow(decomposition);
  return largestFeatures(
    w,
    { input: { values: x, shape }, features: decomposition.features },
    'all',
    MOST_TERMS,
  );
}
