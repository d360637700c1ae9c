import type { Value } from '../rules/rule';
import type { Graph } from './graph';
import { lawOf } from './laws';
import { stacked, type Step } from './step';
import type { Span } from './row-strategies';

/** Which shifts are added: none (the linear map alone), all, or one group for each member of the stack. */
export type Shifts = { shifts: 'none' | 'all' } | { groups: readonly (readonly Step[])[] };

/**
 * Pushes a stack of vectors through the frozen network: W·v, or W·v + b with all shifts.
 * Writes nodes into the graph; zero is represented by null and never computed with.
 *
 * @param v node of a stack of inputs, [L·S0, …]; null stands for zero.
 * @returns node of the stack of outputs, null for zero.
 */
export function pushForward(net: Span, v: number | null, shifts: Shifts, stack = 1): number | null {
  return pushedForward(net, v, shifts, stack).get(net.output.id) ?? null;
}

/** The same at every activation in between, by the id of its value. */
export function pushedForward(
  net: Pick<Span, 'graph' | 'input' | 'steps'>,
  v: number | null,
  shifts: Shifts,
  stack: number,
): Map<number, number | null> {
  const { graph } = net;
  const at = new Map<number, number | null>([[net.input.id, v]]);
  for (const step of net.steps) {
    const inputs = step.inputs.map(value => at.get(value.id) ?? null);
    const moved = applied(graph, step, inputs, stack);
    at.set(step.output.id, step.kind === 'shift' ? shifted(graph, step, moved, shifts, stack) : moved);
  }
  return at;
}

/** What one of its inputs at x contributes to the output of a step that is linear in all of them. */
export function contributed(graph: Graph, step: Step, value: Value): number {
  const inputs = step.inputs.map(v => (v.id === value.id ? v.node : null));
  return applied(graph, step, inputs, 1)!;
}

function applied(graph: Graph, step: Step, inputs: readonly (number | null)[], stack: number): number | null {
  const there = inputs.filter(node => node !== null);
  if (there.length === 0) return null;
  if (step.kind === 'sum') return lawOf('sum').apply(graph, step, there, stack);
  const full = inputs.map((node, i) => node ?? zeros(graph, stacked(step.inputs[i].shape, stack)));
  return lawOf(step.kind).apply(graph, step, full, stack);
}

function shifted(
  graph: Graph,
  step: Extract<Step, { kind: 'shift' }>,
  moved: number | null,
  shifts: Shifts,
  stack: number,
): number | null {
  if ('shifts' in shifts && shifts.shifts === 'none') return moved;
  const { shape } = step.output;
  const one = graph.broadcast(step.offset, stacked(shape, 1));
  const offset =
    'groups' in shifts ? inGroup(graph, one, shape, step, shifts.groups) : repeat(graph, one, shape, stack);
  if (offset === null) return moved;
  return moved === null ? offset : graph.elementwise('add', moved, offset);
}

/** A stack that is `one` for the member whose group holds the step, and zero for the others. */
function inGroup(
  graph: Graph,
  one: number,
  shape: readonly number[],
  step: Step,
  groups: readonly (readonly Step[])[],
): number | null {
  const member = groups.findIndex(group => group.includes(step));
  if (member < 0) return null;
  const before = zerosLike(graph, shape, member);
  const after = zerosLike(graph, shape, groups.length - 1 - member);
  return graph.concat([...before, one, ...after], 0);
}

const zerosLike = (graph: Graph, shape: readonly number[], stack: number): number[] =>
  stack === 0 ? [] : [zeros(graph, stacked(shape, stack))];

const zeros = (graph: Graph, shape: readonly number[]): number => graph.broadcast(graph.number(0), shape);

function repeat(graph: Graph, one: number, shape: readonly number[], stack: number): number {
  if (stack === 1) return one;
  const size = shape.reduce((a, b) => a * b, 1);
  return graph.reshape(graph.broadcast(graph.reshape(one, [1, size]), [stack, size]), stacked(shape, stack));
}
