import type { Graph, Op, Shape } from '../graph';
import { inversePermutation } from '../inverse-permutation';
import type { Rewrite } from '../rewriter';

const ELEMENTWISE = new Set<Op>(['add', 'multiply', 'greater', 'divide', 'maximum']);
const OF_ONE = new Set<Op>(['oneMinus', 'clip']);

/**
 * f(P(a), P(b)) = P(f(a, b)) for axes that P permutes. What ONNX files compute with their channels first goes on with channels last
 * up to the next convolution, so that the permutations there cancel and scales by channel find the weights that they belong to.
 */
export const permutationsLast: Rewrite = (node, inputs, { graph }) => {
  const { op, attrs } = node;
  const permutation = inputs.map(id => graph.nodes[id].attrs.permutation).find(found => found !== undefined);
  if (permutation === undefined || node.shape.length !== permutation.length) return undefined;
  const parts = inputs.map(id => unpermuted(graph, id, permutation));
  if (!parts.every(part => part !== null)) return undefined;
  const [a, b] = parts;
  if (ELEMENTWISE.has(op)) return graph.permute(graph.elementwise(op as 'add', a, b), permutation);
  if (OF_ONE.has(op))
    return graph.permute(graph.append({ ...node, inputs: [a], shape: graph.shape(a) }), permutation);
  if (op === 'concat') return graph.permute(graph.concat(parts, permutation[attrs.axis!]), permutation);
  return undefined;
};

/** What becomes an operand once its axes are permuted; null where that would take a permutation more. */
function unpermuted(graph: Graph, id: number, permutation: readonly number[]): number | null {
  const { op, inputs, attrs, shape } = graph.nodes[id];
  if (op === 'permute') return attrs.permutation!.join() === permutation.join() ? inputs[0] : null;
  if (op === 'broadcast') {
    const part = unpermuted(graph, inputs[0], permutation);
    return part === null ? null : graph.broadcast(part, moved(shape, permutation));
  }
  if (op !== 'constant' || shape.length > permutation.length || shape.filter(d => d !== 1).length > 1)
    return null;
  return graph.constant({ ...graph.constants[attrs.index!], shape: moved(shape, permutation) });
}

/** The shape whose axes become those of another by a permutation; axes of length 1 may be missing in front. */
function moved(shape: Shape, permutation: readonly number[]): number[] {
  const aligned = [...Array<number>(permutation.length - shape.length).fill(1), ...shape];
  return inversePermutation(permutation).map(axis => aligned[axis]);
}
