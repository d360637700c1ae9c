import { sizeOf, type Shape } from './graph';
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
 */
export function biasTermsProgram(plan: Plan, u: number): { layer: string; node: number; shape: Shape }[] {
  const at = pulledBack(plan, u, 1);
  const shifts = plan.steps.filter(step => step.kind === 'shift');
  return shifts.flatMap(({ layer, offset, output }) => {
    const here = at.get(output.id);
    if (here === undefined) return [];
    const node = plan.graph.elementwise('multiply', here, offset);
    return [{ layer, node, shape: output.shape }];
  });
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
