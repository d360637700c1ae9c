import { lawOf } from './laws';
import type { Span } from './row-strategies';

/**
 * Pulls a stack of row vectors back through the transposes of the frozen steps: Wᵀ·u. Shifts do not matter here,
 * so W knows nothing of b.
 *
 * @param u node of a stack of vectors over the outputs, [L·S0, …].
 * @returns node of a stack of vectors over the inputs; null for zero.
 */
export function pullBack(span: Span, u: number, stack: number): number | null {
  return pulledBack(span, u, stack).get(span.input.id) ?? null;
}

/** The same at every activation in between, by the id of its value. */
export function pulledBack({ graph, output, steps }: Span, u: number, stack: number): Map<number, number> {
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
  return at;
}
