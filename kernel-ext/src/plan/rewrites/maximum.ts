import type { Graph } from '../graph';
import type { Rewrite } from '../rewriter';

/** Largest window for which it is quicker to compare the entries one after the other. */
const FEW = 3;

/**
 * When a gate selects the largest of a few entries, the sum of the selected ones is their maximum. onnxruntime is slow at summing
 * along inner axes and at finding positions.
 */
export const largestOfFew: Rewrite = (node, [product], { graph }) => {
  if (node.op !== 'reduceSum') return undefined;
  const { op, inputs } = graph.nodes[product];
  if (op !== 'multiply') return undefined;
  for (const [values, gate] of [inputs, inputs.toReversed()]) {
    const { op, attrs, inputs: from, shape } = graph.nodes[gate];
    const axis = attrs.axis!;
    if (op !== 'firstMaximum' || from[0] !== values || node.attrs.axes!.join() !== String(axis)) continue;
    if (shape[axis] <= FEW) return graph.reshape(compared(graph, values, axis).largest, node.shape);
  }
  return undefined;
};

/** The gate of the first maximum of a few: the last one that was greater than all before it. */
export const firstOfFew: Rewrite = ({ op, attrs, shape }, [values], { graph }) => {
  const axis = attrs.axis!;
  if (op !== 'firstMaximum' || shape[axis] === 1 || shape[axis] > FEW) return undefined;
  const { greater } = compared(graph, values, axis);
  const noneAfter = (i: number) => greater.slice(i).map(gate => graph.oneMinus(gate));
  const gates = [undefined, ...greater].map((gate, i) =>
    [...(gate === undefined ? [] : [gate]), ...noneAfter(i)].reduce((a, b) =>
      graph.elementwise('multiply', a, b),
    ),
  );
  return graph.concat(gates, axis);
};

/** The largest along an axis, and for each entry but the first one whether it is greater than all before it. */
function compared(graph: Graph, values: number, axis: number): { largest: number; greater: number[] } {
  const shape = graph.shape(values);
  const one = shape.map((d, i) => (i === axis ? 1 : d));
  const [first, ...others] = Array.from({ length: shape[axis] }, (_, at) => {
    const begin = shape.map((_, i) => (i === axis ? at : 0));
    return graph.slice(values, begin, one);
  });
  let largest = first;
  const greater = others.map(entry => {
    const gate = graph.elementwise('greater', entry, largest);
    largest = graph.elementwise('maximum', largest, entry);
    return gate;
  });
  return { largest, greater };
}
