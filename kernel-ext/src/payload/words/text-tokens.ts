import type { Decomposition } from '../decomposition';

/** Pages show this many tokens of a text at most. */
const MOST_TOKENS = 1000;

/** A token of a text, and what it adds to an output. */
export interface TextToken {
  /** Its position in the text. */
  index: number;
  text: string;
  contribution: number;
  /** |contribution| as a part of the largest one, 0 to 1. */
  strength: number;
}

/**
 * The tokens of a text in their order, with what each adds to an output, and how many more there are.
 * @param w a row of W
 */
export function textTokens(
  { input: { values: x }, features = [] }: Pick<Decomposition, 'input' | 'features'>,
  w: Float32Array,
): { tokens: TextToken[]; others: number } {
  const limit = w.reduce((most, weight, i) => Math.max(most, Math.abs(weight * x[i])), 0);
  const tokens = features.slice(0, MOST_TOKENS).map((text, index) => {
    const contribution = w[index] * x[index];
    return { index, text, contribution, strength: limit === 0 ? 0 : Math.abs(contribution) / limit };
  });
  return { tokens, others: features.length - tokens.length };
}
