import { linearize } from '../linearization/linearize';
import { type ExplainedFacts, SHOWN_AXES } from '../payload';
import type { Embedding } from './embedding';

/** Why a point has its coordinates: they are W·x + b, here on the axes that are shown. */
export interface Explanation extends ExplainedFacts {
  index: number;
  /** x, D numbers. */
  input: Float32Array;
  /** W, [axes·D]. */
  weights: Float32Array;
}

/** The axes that views of an embedding show, the first ones. */
export const shownAxes = (embedding: Embedding): number[] =>
  embedding.axes.slice(0, SHOWN_AXES).map((_, axis) => axis);

/** @throws UnknownPointError, DisposedError, and as `linearize` if the network has a kernel without a rule. */
export async function explanation(embedding: Embedding, index: number): Promise<Explanation> {
  const lin = await linearize(embedding, index);
  try {
    const axes = shownAxes(embedding);
    const rows = await lin.weights.rows(axes);
    const weights = (await rows.data()) as Float32Array;
    rows.dispose();
    const [input, output, bias] = (await Promise.all(
      [lin.input, lin.output, lin.bias].map(tensor => tensor.data()),
    )) as Float32Array[];
    return {
      index,
      input,
      weights,
      output: [...output.slice(0, axes.length)],
      bias: [...bias.slice(0, axes.length)],
      exact: lin.exact,
      policies: lin.policies.map(({ layer, policy }) => ({ layer, policy })),
      residual: await lin.residual(),
    };
  } finally {
    lin.dispose();
  }
}
