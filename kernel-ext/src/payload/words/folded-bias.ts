/** What the parameters of a layer add to one output. */
export interface LayerBias {
  layer: string;
  value: number;
}

/** Parts of b cancel if their magnitudes sum to more than this many times `whole`. */
const CANCELING = 4;
/** A part is folded if its magnitude is larger than this share of `whole`, or if it comes before such a part. */
const LARGE = 0.25;

const BATCH_NORM = /(^|[^a-z])bn\d*($|[^a-z])|batch_?norm/i;

/** b by layer, where the first parts may be folded into one. */
export interface FoldedBias {
  /** The folded layers; empty: no parts of b cancel, and none is folded. */
  folded: readonly LayerBias[];
  /** The folded layers as one part, if there are any, and then the others; they sum to what all layers sum to. */
  parts: readonly LayerBias[];
}

/**
 * Folds parts of b that cancel. The part of a convolution and that of the batch norm after it may each be several times as large
 * as the logit, with opposite signs: as bars of their own, they would make all others too small to see.
 * @param whole the largest of |F(x)|, |W·x| and |b| of the output
 */
export function foldedBias(layers: readonly LayerBias[], whole: number): FoldedBias {
  const total = layers.reduce((sum, { value }) => sum + Math.abs(value), 0);
  const last = layers.findLastIndex(({ value }) => Math.abs(value) > LARGE * whole);
  if (total <= CANCELING * whole || last < 1) return { folded: [], parts: layers };
  const folded = layers.slice(0, last + 1);
  const value = folded.reduce((sum, part) => sum + part.value, 0);
  return { folded, parts: [{ layer: foldedName(folded), value }, ...layers.slice(last + 1)] };
}

const foldedName = (folded: readonly LayerBias[]): string =>
  folded.some(({ layer }) => BATCH_NORM.test(layer))
    ? 'after batch norms'
    : `of the first ${folded.length} layers`;

/** b by layer as one line: `b +3.75 = after batch norms (88 layers that cancel) +1.61 · dense +2.14`. */
export function biasLine(
  bias: number,
  { folded, parts }: FoldedBias,
  format: (value: number) => string,
  nameOf = (layer: string): string => layer,
): string {
  const note = folded.length > 0 ? ` (${folded.length} layers that cancel)` : '';
  const texts = parts.map(({ layer, value }, i) => `${nameOf(layer)}${i === 0 ? note : ''} ${format(value)}`);
  return `b ${format(bias)} = ${texts.join(' · ')}`;
}
