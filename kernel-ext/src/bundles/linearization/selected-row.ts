import {
  asSubscript,
  type Decomposition,
  type Features,
  foldedBias,
  type FoldedBias,
  imageShape,
  inputImage,
  largestFeatures,
  pooled,
  poolingOf,
  product,
  signedImage,
  superpixels,
} from '../../payload';
import { inputPlate, overlayPlate, type Plate, signedPlate } from '../../page/plates';

/** x and the selected class's row of W. */
export const selectedRow = ({ rows, first, input }: Decomposition): { x: Float32Array; w: Float32Array } => ({
  x: input.values,
  w: rows.get(first)!.values,
});

/**
 * x, W and W∘x of the selected class; of a large image also W∘x over x, summed over superpixels.
 * @returns sizes them to fit a square of `side` pixels; gives an empty list if the input is not an image.
 */
export function platesOf(decomposition: Decomposition): (side: number) => Plate[] {
  const { shape } = decomposition.input;
  const size = imageShape(shape);
  if (decomposition.signal || !size) return () => [];
  const { x, w } = selectedRow(decomposition);
  const label = decomposition.labels[decomposition.first];
  const row = `W${asSubscript(label)}`;
  const [input, weights, contributions] = [
    inputImage(x, shape)!,
    signedImage(w, shape)!,
    signedImage(product(w, x), shape)!,
  ];
  const parts = superpixels(x, size, poolingOf(size));
  const over = parts && { ...contributions, values: pooled(contributions.values, parts) };
  return side => [
    inputPlate('x', 'input', input, side),
    ...(over ? [overlayPlate(`${row}∘x`, 'over x', over, input, side)] : []),
    signedPlate(row, `weight on ${label}`, weights, side),
    signedPlate(`${row}∘x`, `contribution to ${label}`, contributions, side, 'sum'),
  ];
}

/** b of the selected class by layer, with parts that cancel folded; null if no layer is known. */
export function selectedBias({
  biasLayers,
  sums,
  output,
  linear,
  bias,
  first,
}: Decomposition): FoldedBias | null {
  if (biasLayers.length === 0) return null;
  const { biasByLayer } = sums.get(first)!;
  const whole = Math.max(...[output, linear, bias].map(values => Math.abs(values[first])));
  return foldedBias(
    biasLayers.map((layer, i) => ({ layer, value: biasByLayer[i] })),
    whole,
  );
}

const MOST_TERMS = 10;

/**
 * The largest summands of W_c·x for an input that is not an image, and the sum of the others.
 * @returns null for images, which are shown as images
 */
export function largestTerms(decomposition: Decomposition): Features | null {
  if (!decomposition.signal && imageShape(decomposition.input.shape)) return null;
  return largestFeatures(selectedRow(decomposition).w, decomposition, 'all', MOST_TERMS);
}
