import { sizeOf, type Graph, type Shape } from './graph';
import type { Plan } from './plan';
import type { Step } from './step';

/**
 * A plan as a table in text: one line per step, with its layer, its kind with the size of its constant, and the shape of
 * its output; then a summary.
 */
export function describePlan(plan: Plan, ends: string): string {
  const { graph, input, steps, instances, outputs } = plan;
  const lines = steps.map(step => [step.layer, what(graph, step), shapeOf(step.output.shape)]);
  const widths = [0, 1].map(column => Math.max(...lines.map(line => line[column].length), 0));
  const table = lines.map(([layer, kind, shape]) =>
    [layer.padEnd(widths[0]), kind.padEnd(widths[1]), shape].join('  '),
  );
  const inputs = sizeOf(input.shape) / instances;
  return [
    `${ends}: W is ${outputs} × ${inputs}` + (instances === 1 ? '' : ` for each of ${instances} instances`),
    ...table,
    `${steps.length} steps, ${plan.gates.length} arrays fixed at x`,
  ].join('\n');
}

function what(graph: Graph, step: Step): string {
  if ('matrix' in step) return `${step.kind} ${shapeOf(graph.shape(step.matrix))}`;
  if ('matrices' in step) return `${step.kind} ${shapeOf(graph.shape(step.matrices))}`;
  return 'filter' in step ? `${step.kind} ${shapeOf(graph.shape(step.filter))}` : step.kind;
}

const shapeOf = (shape: Shape): string => `[${shape.join(', ')}]`;
