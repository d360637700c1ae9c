import { sizeOf } from './graph';
import type { Plan } from './plan';
import { pullBack } from './pull-back';
import { pushForward } from './push-forward';
import { stacked, type StepOf } from './step';

/** A part of a plan that maps one stack of vectors to another: nodes of the same graph. */
export interface Program {
  /** Node to feed with the stack. */
  from: number;
  /** Node of the result; null if it is zero whatever is fed. */
  to: number | null;
  /** Numbers of the result for each member of the stack. */
  width: number;
}

/** u ↦ u·W for a stack of L vectors over the outputs. */
export function rowsProgram(plan: Plan, stack: number): Program {
  const from = plan.graph.input(`u${stack}`, stacked(plan.output.shape, stack));
  return { from, to: pullBack(plan, from, stack), width: sizeOf(plan.input.shape) };
}

/** v ↦ W·v for a stack of L vectors over the inputs. */
export function productsProgram(plan: Plan, stack: number): Program {
  const from = plan.graph.input(`v${stack}`, stacked(plan.input.shape, stack));
  return { from, to: pushForward(plan, from, { shifts: 'none' }, stack), width: sizeOf(plan.output.shape) };
}

/**
 * All of W: each unit vector over the C outputs of an instance pulled back, for all instances at once.
 * @returns node of [C·N·D] numbers; null for zero.
 */
export function wholeMapProgram(plan: Plan): number | null {
  const { graph, instances, outputs } = plan;
  const unit = new Float32Array(outputs * instances * outputs);
  for (let c = 0; c < outputs; c++) {
    for (let n = 0; n < instances; n++) unit[(c * instances + n) * outputs + c] = 1;
  }
  const u = graph.constant({ values: unit, shape: stacked(plan.output.shape, outputs) });
  return pullBack(plan, u, outputs);
}

/**
 * What is saved of a plan: nodes of the inputs x [N, ...instance] and u [R, N, C], R vectors over the outputs, and of the
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

/** How many vectors a stack may hold so that a run stays within a memory budget, in bytes. */
export function stackLimit({ steps, input }: Plan, memory: number): number {
  const largest = Math.max(...steps.map(step => sizeOf(step.output.shape)), sizeOf(input.shape));
  return Math.max(1, Math.floor(memory / (4 * COPIES_IN_FLIGHT * largest)));
}

/** An activation, its multiple with a gate, and room for what a kernel needs meanwhile. */
const COPIES_IN_FLIGHT = 4;

/** [begin, length] of blocks of at most `limit` that cover 0 … count. */
export function blocksOf(count: number, limit: number): [number, number][] {
  const blocks: [number, number][] = [];
  for (let begin = 0; begin < count; begin += limit) blocks.push([begin, Math.min(limit, count - begin)]);
  return blocks;
}
