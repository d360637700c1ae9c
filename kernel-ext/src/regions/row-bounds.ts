import type * as tf from '@tensorflow/tfjs';
import type { FrozenNetwork } from '../linear-map/frozen-network';
import { sizeOf, type Graph } from '../plan/graph';
import type { Margins } from '../plan/margins';
import type { Step } from '../plan/step';
import { numbersOf } from '../run/onnx-model';
import { pushedMargins } from './pushed-margins';

/**
 * Upper bounds of the l1 norms of all margins' rows, and so of their l2 norms: ones pushed forward through the frozen
 * network with the magnitudes of all its factors (the triangle inequality). One pass; tight where few paths cancel.
 *
 * @returns one array per margin, in the order of the margin's entries.
 */
export async function rowBounds(
  network: FrozenNetwork,
  x: tf.Tensor,
  { margins, steps }: Margins,
): Promise<Float32Array[]> {
  const { graph, input } = network.plan;
  const magnitudes = steps.map(step => withMagnitudes(graph, step));
  const ones = new Float32Array(sizeOf(input.shape)).fill(1);
  return pushedMargins(network, x, { margins, steps: magnitudes }, ones);
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
