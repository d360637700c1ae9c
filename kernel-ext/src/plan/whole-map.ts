import { sizeOf, type Graph, type Shape } from './graph';
import type { Plan } from './plan';
import { pullBack } from './pull-back';
import { pushForward } from './push-forward';
import { stacked } from './step';
import { cheapestWay, type Span } from './ways';

/**
 * All of W in the cheapest way.
 * @returns node of [C, N·D] numbers; null for zero.
 */
export function wholeMapProgram(plan: Plan): number | null {
  return mapOf(plan, plan.instances);
}

/** [R, N·D] of a span; null for zero. */
function mapOf(span: Span, instances: number): number | null {
  const { graph, input, output } = span;
  const rows = sizeOf(output.shape) / instances;
  const columns = sizeOf(input.shape) / instances;
  const way = cheapestWay(span, rows, instances);
  if (way.mode === 'reverse') {
    const pulled = pullBack(span, units(graph, output.shape, rows, instances), rows);
    return pulled === null ? null : graph.reshape(pulled, [rows, instances * columns]);
  }
  if (way.mode === 'forward') {
    const v = units(graph, input.shape, columns, instances);
    const pushed = pushForward(span, v, { shifts: 'none' }, columns);
    if (pushed === null) return null;
    const apart = graph.reshape(pushed, [columns, instances, rows]);
    return graph.reshape(graph.permute(apart, [2, 1, 0]), [rows, instances * columns]);
  }
  const [upper, lower] = [mapOf(way.upper, instances), mapOf(way.lower, instances)];
  return upper === null || lower === null ? null : product(graph, upper, lower, instances);
}

/** [R, N·K] and [K, N·D] → [R, N·D], instance by instance. */
function product(graph: Graph, a: number, b: number, instances: number): number {
  if (instances === 1) return graph.matMul(a, b);
  const byInstance = (node: number) => {
    const [height, width] = graph.shape(node);
    return graph.permute(graph.reshape(node, [height, instances, width / instances]), [1, 0, 2]);
  };
  const products = graph.permute(graph.batchMatMul(byInstance(a), byInstance(b)), [1, 0, 2]);
  return graph.reshape(products, [graph.shape(a)[0], graph.shape(b)[1]]);
}

/** A stack of the unit vectors of one instance, the same for each. */
function units(graph: Graph, shape: Shape, size: number, instances: number): number {
  const values = new Float32Array(size * instances * size);
  for (let i = 0; i < size; i++) {
    for (let n = 0; n < instances; n++) values[(i * instances + n) * size + i] = 1;
  }
  return graph.constant({ values, shape: stacked(shape, size) });
}
