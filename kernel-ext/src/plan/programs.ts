import { sizeOf, type Graph, type Shape } from './graph';
import type { Plan } from './plan';
import { pullBack, pulledBack } from './pull-back';
import { pushForward } from './push-forward';
import { stacked, type StepOf } from './step';
import type { Span } from './row-strategies';

/** A part of a plan that maps one stack of vectors to another: nodes of the same graph. */
export interface Program {
  /** Node to feed with the stack. */
  from: number;
  /** Node of the result; null if it is zero whatever is fed. */
  to: number | null;
  /** Numbers of the result for each member of the stack. */
  width: number;
}

/** u ↦ u·W for a stack of L vectors over the outputs of a span. */
export function rowsProgram(span: Span, stack: number): Program {
  const from = span.graph.input(`u${stack}`, stacked(span.output.shape, stack));
  return { from, to: pullBack(span, from, stack), width: sizeOf(span.input.shape) };
}

/** v ↦ W·v for a stack of L vectors over the inputs of a span. */
export function productsProgram(span: Span, stack: number): Program {
  const from = span.graph.input(`v${stack}`, stacked(span.input.shape, stack));
  return { from, to: pushForward(span, from, { shifts: 'none' }, stack), width: sizeOf(span.output.shape) };
}

/**
 * The bias of each shift at an output, entry by entry: what weights u of the outputs become at the shift, times the offset
 * (the FullGrad split, arXiv 1905.00780).
 * @param u node of one weighting of the outputs, [1·S0, …].
 * @returns channelAxis: the axis of `shape` that holds the channels.
 */
export function biasTermsProgram(
  plan: Plan,
  u: number,
): { layer: string; node: number; shape: Shape; channelAxis: number }[] {
  const at = pulledBack(plan, u, 1);
  const shifts = plan.steps.filter(step => step.kind === 'shift');
  return shifts.flatMap(({ layer, offset, output }) => {
    const here = at.get(output.id);
    if (here === undefined) return [];
    const node = plan.graph.elementwise('multiply', here, offset);
    const channelAxis = offsetAxis(plan.graph.shape(offset), output.shape.length);
    return [{ layer, node, shape: output.shape, channelAxis }];
  });
}

/**
 * The axis of an activation along which an offset has one number for each channel: that of [C, 1, 1] is the first of [C, H, W].
 * The last one where the offset varies along several axes.
 */
function offsetAxis(offset: Shape, axes: number): number {
  const varying = [...offset.keys()].filter(axis => offset[axis] > 1);
  // A single channel varies along no axis; an offset [1, 1, 1] is one of channels first, since one of channels last is [1].
  const axis =
    varying.length === 0 && offset.length > 2 ? offset.length - 3 : (varying[0] ?? offset.length - 1);
  return varying.length > 1 ? axes - 1 : axes - offset.length + axis;
}

/**
 * b by layer for a stack of L weightings u of the outputs, [L, P, N] for P layers: u pulled back once, and at each shift
 * multiplied by its offset. Activations hold the numbers of one instance after those of another.
 */
export function pulledBiasProgram(plan: Plan, stack: number): Program {
  const from = plan.graph.input(`u${stack}`, stacked(plan.output.shape, stack));
  return { from, ...biasByLayerAt(plan, pulledBack(plan, from, stack), stack) };
}

/** The same after the rows of W, [L, N·D]: [L, N·D + P·N]. */
export function pulledRowsAndBiasProgram(plan: Plan, stack: number): Program {
  const { graph, input } = plan;
  const from = graph.input(`u${stack}`, stacked(plan.output.shape, stack));
  const at = pulledBack(plan, from, stack);
  const bias = biasByLayerAt(plan, at, stack);
  const width = sizeOf(input.shape);
  const here = at.get(input.id);
  const rows =
    here === undefined
      ? graph.broadcast(graph.number(0), [stack, width])
      : graph.reshape(here, [stack, width]);
  const parts = bias.to === null ? [] : [graph.reshape(bias.to, [stack, bias.width])];
  return { from, to: graph.concat([rows, ...parts], 1), width: width + bias.width };
}

/** @param at a stack of weightings pulled back to each activation, by its id. */
function biasByLayerAt(
  plan: Plan,
  at: ReadonlyMap<number, number>,
  stack: number,
): Pick<Program, 'to' | 'width'> {
  const { graph, instances } = plan;
  const parts = [...shiftsByLayer(plan).values()].map(shifts => {
    const sums = shifts.flatMap(shift => {
      const here = at.get(shift.output.id);
      return here === undefined ? [] : [shiftedSum(graph, shift, here, stack, instances)];
    });
    const [first = graph.broadcast(graph.number(0), [stack, instances]), ...others] = sums;
    return graph.reshape(
      others.reduce((sum, other) => graph.elementwise('add', sum, other), first),
      [stack, 1, instances],
    );
  });
  return { to: parts.length === 0 ? null : graph.concat(parts, 1), width: parts.length * instances };
}

/** What a shift adds to each of a stack of weightings pulled back to it, [L, N]. */
function shiftedSum(
  graph: Graph,
  { offset, output: { shape } }: StepOf<'shift'>,
  here: number,
  stack: number,
  instances: number,
): number {
  const channels = shape.at(-1) ?? 1;
  const perInstance = sizeOf(shape) / instances;
  if (sizeOf(graph.shape(offset)) === channels && graph.shape(offset).at(-1) === channels) {
    const positions = perInstance / channels;
    const summed = graph.matMul(
      graph.reshape(here, [stack * instances * positions, channels]),
      graph.reshape(offset, [channels, 1]),
    );
    return graph.reduceSum(graph.reshape(summed, [stack, instances, positions]), [2]);
  }
  const terms = graph.elementwise('multiply', graph.reshape(here, [stack, ...shape]), offset);
  return graph.reduceSum(graph.reshape(terms, [stack, instances, perInstance]), [2]);
}

/**
 * The part of a plan that is saved: nodes of the inputs x [N, ...instance] and u [R, N, C], R vectors over the outputs, and of the
 * results F(x) and b [N, C], and u·W [R, N, ...instance].
 */
export function savedProgram(plan: Plan, rows: number, instance: readonly number[]) {
  const { graph, instances, outputs, output, bias, x, y } = plan;
  const u = graph.input(`u${rows}`, [rows, instances, outputs]);
  const w = pullBack(plan, graph.reshape(u, stacked(output.shape, rows)), rows);
  const shaped = (node: number | null, shape: readonly number[]): number =>
    node === null ? graph.broadcast(graph.number(0), shape) : graph.reshape(node, shape);
  const perInstance = [instances, outputs];
  return {
    x,
    u,
    y: shaped(y, perInstance),
    w: shaped(w, [rows, instances, ...instance]),
    b: shaped(bias, perInstance),
  };
}

/** The layers that shift anything, in order, each with its shifts. */
export function shiftsByLayer({ steps }: Plan): Map<string, StepOf<'shift'>[]> {
  const byLayer = new Map<string, StepOf<'shift'>[]>();
  for (const step of steps) {
    if (step.kind === 'shift') byLayer.set(step.layer, [...(byLayer.get(step.layer) ?? []), step]);
  }
  return byLayer;
}

/** How many instances may be frozen at once within a memory budget, in bytes: their gates, and the memory of a run. */
export function instanceLimit({ graph, steps, gates, input, instances }: Plan, memory: number): number {
  const largest = Math.max(...steps.map(step => sizeOf(step.output.shape)), sizeOf(input.shape));
  const kept = gates.reduce((sum, gate) => sum + sizeOf(graph.shape(gate)), 0);
  const bytes = (4 * (kept + COPIES_IN_FLIGHT * largest)) / instances;
  return Math.max(1, Math.floor(memory / bytes));
}

/** For how many instances all rows, at the largest activation, fit the processor's caches. */
export function cachedInstances({ steps, input, instances, outputs }: Plan): number {
  const largest = Math.max(...steps.map(step => sizeOf(step.output.shape)), sizeOf(input.shape)) / instances;
  return Math.max(1, Math.floor(CACHE / (4 * outputs * largest)));
}

/**
 * 784-500-500-2000-2 takes 0.77 s for W and b at 10,000 instances in tiles of 500, whose rows take 8 MB, 0.77 s in tiles of
 * 250, 0.82 s of 1,000, and 1.10 s at once.
 */
const CACHE = 8 * 2 ** 20;

/** How many vectors a stack may hold so that a run stays within a memory budget, in bytes. */
export function stackLimit({ steps, input }: Plan, memory: number): number {
  const largest = Math.max(...steps.map(step => sizeOf(step.output.shape)), sizeOf(input.shape));
  return Math.max(1, Math.floor(memory / (4 * COPIES_IN_FLIGHT * largest)));
}

/**
 * An activation, its multiple with a gate, and room for what a kernel needs meanwhile: measured on InceptionV3, where a
 * stack of 11 rows takes about 6 times its largest activation (`npm run bench:memory`).
 */
const COPIES_IN_FLIGHT = 6;

/** [begin, length] of blocks of at most `limit`, as equal as can be, that cover 0 … count. */
export function blocksOf(count: number, limit: number): [number, number][] {
  const blocks: [number, number][] = [];
  const size = Math.ceil(count / Math.ceil(count / limit));
  for (let begin = 0; begin < count; begin += size) blocks.push([begin, Math.min(size, count - begin)]);
  return blocks;
}
