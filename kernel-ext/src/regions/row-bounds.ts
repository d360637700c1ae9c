import * as tf from '@tensorflow/tfjs';
import type { FrozenNetwork } from '../linear-map/frozen-network';
import { sizeOf, type Graph } from '../plan/graph';
import type { Margins } from '../plan/margins';
import { pushedForward } from '../plan/push-forward';
import { stacked, type Step } from '../plan/step';
import { numbersOf } from '../run/onnx-model';

/**
 * Upper bounds of the l1 norms of all margins' rows, and so of their l2 norms: ones pushed forward through the frozen
 * network with the magnitudes of all its factors (the triangle inequality). One pass; tight where few paths cancel.
 *
 * @returns one array a margin, in the margin's order.
 */
export async function rowBounds(
  network: FrozenNetwork,
  x: tf.Tensor,
  { margins, steps }: Margins,
): Promise<Float64Array[]> {
  const { graph, input } = network.plan;
  const from = graph.input('v1', stacked(input.shape, 1));
  const magnitudes = steps.map(step => withMagnitudes(graph, step));
  const at = pushedForward({ graph, input, steps: magnitudes }, from, { shifts: 'none' }, 1);
  const nodes = margins.map(({ value }) => at.get(value.id) ?? null);
  const ones = tf.ones([...graph.shape(from)]);
  try {
    const results = await network.evaluate(
      x,
      nodes.filter(node => node !== null),
      { node: from, value: ones },
    );
    const numbers = await Promise.all(results.map(result => result.data()));
    tf.dispose(results);
    let next = 0;
    return nodes.map((node, i) =>
      node === null ? new Float64Array(sizeOf(margins[i].value.shape)) : Float64Array.from(numbers[next++]),
    );
  } finally {
    ones.dispose();
  }
}

function withMagnitudes(graph: Graph, step: Step): Step {
  const magnitude = (node: number) => {
    const { op, attrs } = graph.nodes[node];
    if (op !== 'constant')
      return graph.elementwise('maximum', node, graph.elementwise('multiply', node, graph.number(-1)));
    const constant = graph.constants[attrs.index!];
    return graph.constant({ values: numbersOf(constant).map(Math.abs), shape: constant.shape });
  };
  if ('factor' in step) return { ...step, factor: magnitude(step.factor) };
  if ('matrix' in step) return { ...step, matrix: magnitude(step.matrix) };
  if ('matrices' in step) return { ...step, matrices: magnitude(step.matrices) };
  return 'filter' in step ? { ...step, filter: magnitude(step.filter) } : step;
}
