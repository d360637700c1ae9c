import { needed, sizeOf, type Graph } from './graph';
import type { Plan } from './plan';

/** The units of a plan that switch: thresholds (0 or 1 each) and choices of the largest of a group (one 1 each). */
export interface Switches {
  thresholds: readonly number[];
  choices: readonly number[];
  /** How many units there are: entries of the thresholds, groups of the choices. */
  count: number;
}

/** Together the values of these nodes are the activation pattern: while none changes, W and b stay as they are. */
export function switchesOf({ graph, y }: Pick<Plan, 'graph' | 'y'>): Switches {
  const nodes = needed(graph, new Set(), [y]);
  const thresholds = nodes.filter(id => graph.nodes[id].op === 'greater');
  const choices = nodes.filter(id => graph.nodes[id].op === 'firstMaximum');
  const count = [...thresholds.map(id => sizeOf(graph.shape(id))), ...choices.map(id => groups(graph, id))];
  return { thresholds, choices, count: count.reduce((sum, n) => sum + n, 0) };
}

function groups(graph: Graph, id: number): number {
  const { shape, attrs } = graph.nodes[id];
  return sizeOf(shape) / shape[attrs.axis!];
}
