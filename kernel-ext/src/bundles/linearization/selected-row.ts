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
 * x, W and W∘x of the selected class.
 * @returns sizes them to fit a square of `side` pixels; gives an empty list if the input is not an image.
 */
export function platesOf(decomposition: Decomposition): (side: number) => Plate[] {
  const { shape } = decomposition.input;
  if (!imageShape(shape)) return () => [];
  const { x, w } = selectedRow(decomposition);
  const label = decomposition.labels[decomposition.first];
  const row = `W${asSubscript(label)}`;
  const [input, weights, contributions] = [
    inputImage(x, shape)!,
    signedImage(w, shape)!,
    signedImage(product(w, x), shape)!,
  ];
  return side => [
    inputPlate('x', 'input', input, side),
    signedPlate(row, `weight on ${label}`, weights, side),
    signedPlate(`${row}∘x`, `contribution to ${label}`, contributions, side),
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
