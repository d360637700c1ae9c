import { sizeOf, type Graph, type Shape } from './graph';
import type { Plan } from './plan';
import { pullBack, pulledBack } from './pull-back';
import { pushForward } from './push-forward';
import { stacked, type StepOf } from './step';
import { cheapestStrategy, costOfAll, isInstanceMajor, type Span } from './row-strategies';

/** All of W, and b with it where that is cheap. */
export interface WholeMap {
  /** Node of [C, N·D]; null for zero. */
  w: number | null;
  /** Node of [N·C]; null for zero. */
  b: number | null;
}

/**
 * All of W by the cheapest row strategy, and b: where all rows are pulled back, what they become at each shift, times the offset
 * (the FullGrad split, arXiv 1905.00780), if that is less work than the forward run on zero.
 */
export function wholeMapProgram(plan: Plan): WholeMap {
  const { graph, output, input, instances, outputs } = plan;
  const isReverse = cheapestStrategy(plan, outputs, instances).mode === 'reverse';
  if (!isReverse || !isBiasCheap(plan)) return { w: mapOf(plan, instances), b: plan.bias };
  const at = pulledBack(plan, units(graph, output.shape, outputs, instances), outputs);
  const w = at.get(input.id);
  const columns = sizeOf(input.shape) / instances;
  return {
    w: w === undefined ? null : graph.reshape(w, [outputs, instances * columns]),
    b: pulledBias(plan, at),
  };
}

/** Reading one number from memory takes about as long as this many multiplications of a matrix product. */
const MULTIPLICATIONS_PER_READING = 16;

function isBiasCheap(plan: Plan): boolean {
  const shifts = plan.steps.filter(step => step.kind === 'shift');
  const readings = shifts.reduce((sum, { output }) => sum + sizeOf(output.shape), 0) * plan.outputs;
  return (
    shifts.every(({ output }) => isInstanceMajor(output, plan.steps, plan.instances)) &&
    readings * MULTIPLICATIONS_PER_READING <= costOfAll(plan)
  );
}

/** Σ over the shifts of u·offset, where u is what the rows became there. */
function pulledBias(plan: Plan, at: ReadonlyMap<number, number>): number | null {
  const { graph, steps, instances, outputs } = plan;
  const parts = steps.flatMap(step => {
    const u = at.get(step.output.id);
    return step.kind === 'shift' && u !== undefined ? [timesOffset(plan, u, step)] : [];
  });
  if (parts.length === 0) return null;
  const sum = parts.reduce((a, b) => graph.elementwise('add', a, b));
  return graph.reshape(graph.permute(sum, [1, 0]), [instances * outputs]);
}

/** u·offset for each row and instance, [C, N]. */
function timesOffset(
  { graph, instances, outputs }: Plan,
  u: number,
  { offset, output }: StepOf<'shift'>,
): number {
  const size = sizeOf(output.shape) / instances;
  const { op, shape, attrs } = graph.nodes[offset];
  if (op === 'constant' && sizeOf(shape) === size) {
    const column = graph.constant({ ...graph.constants[attrs.index!], shape: [size, 1] });
    return graph.reshape(graph.matMul(graph.reshape(u, [outputs * instances, size]), column), [
      outputs,
      instances,
    ]);
  }
  const products = graph.elementwise('multiply', graph.reshape(u, [outputs, ...output.shape]), offset);
  return graph.reduceSum(graph.reshape(products, [outputs, instances, size]), [2]);
}

/** [R, N·D] of a span; null for zero. */
function mapOf(span: Span, instances: number): number | null {
  const { graph, input, output } = span;
  const rows = sizeOf(output.shape) / instances;
  const columns = sizeOf(input.shape) / instances;
  const strategy = cheapestStrategy(span, rows, instances);
  if (strategy.mode === 'reverse') {
    const pulled = pullBack(span, units(graph, output.shape, rows, instances), rows);
    return pulled === null ? null : graph.reshape(pulled, [rows, instances * columns]);
  }
  if (strategy.mode === 'forward') {
    const v = units(graph, input.shape, columns, instances);
    const pushed = pushForward(span, v, { shifts: 'none' }, columns);
    if (pushed === null) return null;
    const apart = graph.reshape(pushed, [columns, instances, rows]);
    return graph.reshape(graph.permute(apart, [2, 1, 0]), [rows, instances * columns]);
  }
  const [upper, lower] = [mapOf(strategy.upper, instances), mapOf(strategy.lower, instances)];
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
