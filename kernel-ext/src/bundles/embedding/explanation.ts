import { linearize } from '../../linearization/linearize';
import type { Residual } from '../../linear-map/residual';
import type { PolicyUse } from '../../rules/policy';
import type { Embedding } from '../../tsne';

/** Why a point is where it is: its place is W·x + b, here for the axes that a map shows. */
export interface Explanation {
  index: number;
  /** x, D numbers. */
  input: Float32Array;
  /** W, [axes·D]. */
  weights: Float32Array;
  output: number[];
  bias: number[];
  exact: boolean;
  policies: PolicyUse[];
  residual: Residual;
}

/** A map shows this many axes at most. */
export const shownAxes = (embedding: Embedding): number[] =>
  embedding.axes.slice(0, 2).map((_, axis) => axis);

/** @throws UnknownPointError, DisposedError, and as `linearize` if the network has a kernel without a rule. */
export async function explanation(embedding: Embedding, index: number): Promise<Explanation> {
  const lin = await linearize(embedding, index);
  try {
    const axes = shownAxes(embedding);
    const rows = await lin.weights.rows(axes);
    const [weights, input, output, bias] = (await Promise.all(
      [rows, lin.input, lin.output, lin.bias].map(tensor => tensor.data()),
    )) as Float32Array[];
    rows.dispose();
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
