import type { Value } from '../rules/rule';
import { sizeOf, type Graph } from './graph';
import type { Step } from './step';

/** A part of a frozen network that leads from one activation to another. */
export interface Span {
  graph: Graph;
  input: Value;
  output: Value;
  steps: readonly Step[];
}

/**
 * How to get R rows of a span's map: pull R unit vectors back, push D unit vectors forward, or multiply the maps on both
 * sides of an activation through which everything passes.
 */
export type RowStrategy =
  { mode: 'reverse' } | { mode: 'forward' } | { mode: 'waist'; lower: Span; upper: Span };

/** An activation through which every path of a span passes. */
export interface Waist {
  value: Value;
  /** The step that gives it. */
  step: Step;
  /** Position after that step in the span's steps. */
  at: number;
}

/** The waists strictly within a span, in order. */
export function waistsOf(span: Span): Waist[] {
  const steps = betweenEnds(span);
  const lastUse = new Map<number, number>();
  steps.forEach((step, i) => step.inputs.forEach(v => lastUse.set(v.id, i)));
  const live = new Set([span.input.id]);
  const waists: Waist[] = [];
  steps.slice(0, -1).forEach((step, i) => {
    for (const { id } of step.inputs) if (lastUse.get(id) === i) live.delete(id);
    live.add(step.output.id);
    if (live.size === 1) waists.push({ value: step.output, step, at: i + 1 });
  });
  return waists;
}

/**
 * The row strategy for R rows that takes the fewest multiplications.
 * @param instances N; the sizes of activations count all instances.
 */
export function cheapestStrategy(span: Span, rows: number, instances: number): RowStrategy {
  const columns = sizeOf(span.input.shape) / instances;
  const steps = betweenEnds(span);
  const costs = steps.map(step => costOf(span.graph, step));
  const total = sum(costs);
  let strategy: RowStrategy = { mode: 'reverse' };
  let least = rows * total;
  if (columns * total < least) [strategy, least] = [{ mode: 'forward' }, columns * total];
  for (const { value, at } of waistsOf({ ...span, steps })) {
    if (!isInstanceMajor(value, steps, instances)) continue;
    const width = sizeOf(value.shape) / instances;
    const lower = sum(costs.slice(0, at)) * Math.min(width, columns);
    const upper = sum(costs.slice(at)) * Math.min(rows, width);
    const cost = lower + upper + instances * rows * width * columns;
    if (cost >= least) continue;
    least = cost;
    strategy = {
      mode: 'waist',
      lower: { ...span, output: value, steps: steps.slice(0, at) },
      upper: { ...span, input: value, steps: steps.slice(at) },
    };
  }
  return strategy;
}

/** Whether an activation holds the numbers of one instance after those of another. */
export function isInstanceMajor({ shape }: Value, steps: readonly Step[], instances: number): boolean {
  if (instances === 1) return true;
  // A dense layer of TensorFlow.js adds a leading axis of length 1.
  const first = shape.findIndex(d => d !== 1);
  const moves = (step: Step) => step.kind === 'permute' && (first > 0 || step.permutation[0] !== 0);
  return shape[first] === instances && !steps.some(moves);
}

/** The steps on paths from the input to the output. */
function betweenEnds({ input, output, steps }: Span): Step[] {
  const reached = new Set([input.id]);
  const ahead = steps.filter(step => step.inputs.some(v => reached.has(v.id)) && reached.add(step.output.id));
  const wanted = new Set([output.id]);
  return ahead.toReversed().filter(wantedBy(wanted)).reverse();
}

const wantedBy = (wanted: Set<number>) => (step: Step) => {
  if (!wanted.has(step.output.id)) return false;
  step.inputs.forEach(v => wanted.add(v.id));
  return true;
};

/** Multiplications that one vector takes through a span, about. */
export const costOfAll = (span: Span): number => sum(betweenEnds(span).map(step => costOf(span.graph, step)));

/** Multiplications that one vector takes through a step, about; moving a number counts as one. */
function costOf(graph: Graph, step: Step): number {
  const size = Math.max(sizeOf(step.output.shape), ...step.inputs.map(v => sizeOf(v.shape)));
  if ('matrix' in step) return sizeOf(step.output.shape) * graph.shape(step.matrix)[0];
  if ('matrices' in step) return sizeOf(step.output.shape) * graph.shape(step.matrices).at(-2)!;
  if (!('filter' in step)) return size;
  const [height, width, channels] = graph.shape(step.filter);
  if (step.kind === 'convolveTranspose') return sizeOf(step.inputs[0].shape) * height * width * channels;
  return sizeOf(step.output.shape) * height * width * (step.kind === 'convolve' ? channels : 1);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
