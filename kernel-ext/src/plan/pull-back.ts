import type { Value } from '../rules/rule';
import type { Graph } from './graph';
import { lawOf } from './laws';
import type { Step } from './step';

/**
 * Pulls a stack of row vectors back through the transposes of the frozen steps: Wᵀ·u. Shifts do not matter here,
 * so W knows nothing of b.
 *
 * @param u node of a stack of vectors over the outputs, [L·S0, …].
 * @returns node of a stack of vectors over the inputs; null for zero.
 */
export function pullBack(
  { graph, input, output, steps }: { graph: Graph; input: Value; output: Value; steps: readonly Step[] },
  u: number,
  stack: number,
): number | null {
  const at = new Map<number, number>([[output.id, u]]);
  for (const step of steps.toReversed()) {
    const here = at.get(step.output.id);
    if (here === undefined) continue;
    lawOf(step.kind)
      .transpose(graph, step, here, stack)
      .forEach((part, i) => {
        const { id } = step.inputs[i];
        const known = at.get(id);
        at.set(id, known === undefined ? part : graph.elementwise('add', known, part));
      });
  }
  return at.get(input.id) ?? null;
}
