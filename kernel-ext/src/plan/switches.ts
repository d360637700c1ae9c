import { needed, sizeOf } from './graph';
import type { Plan } from './plan';

/** A choice of the largest of each group of entries. */
export interface ChoiceSwitch {
  /** Node of its gate; the last one where several choose in turn (rows of a pool's window, then columns). */
  gate: number;
  /** Node whose largest entry along the axes is the chosen one. */
  entries: number;
  axes: readonly number[];
  groups: number;
}

/** The units of a plan that switch: thresholds (0 or 1 each) and choices of the largest of a group. */
export interface Switches {
  thresholds: readonly number[];
  choices: readonly ChoiceSwitch[];
  /** How many units there are: entries of the thresholds, groups of the choices. */
  count: number;
}

/** Together the values of these nodes are the activation pattern: while none changes, W and b stay as they are. */
export function switchesOf({ graph, y, choices: known }: Pick<Plan, 'graph' | 'y' | 'choices'>): Switches {
  const nodes = needed(graph, new Set(), [y]);
  const thresholds = nodes.filter(id => graph.nodes[id].op === 'greater');
  const gates = nodes.filter(id => graph.nodes[id].op === 'firstMaximum');
  const choices = gates.flatMap((gate): ChoiceSwitch[] => {
    const together = known.find(({ gates }) => gates.includes(gate));
    if (together !== undefined && together.gates.length > 1) {
      if (together.gates.at(-1) !== gate) return [];
      const { entries, largest, axes } = together;
      return [{ gate, entries: entries.node, axes, groups: sizeOf(largest.shape) }];
    }
    const { shape, attrs } = graph.nodes[gate];
    return [{ gate, entries: gate, axes: [attrs.axis!], groups: sizeOf(shape) / shape[attrs.axis!] }];
  });
  const count = [...thresholds.map(id => sizeOf(graph.shape(id))), ...choices.map(({ groups }) => groups)];
  return { thresholds, choices, count: count.reduce((sum, n) => sum + n, 0) };
}
