import type { Value } from '../rules/rule';
import { fixedAtX, policiesOf, type Plan } from './plan';
import { contributed, pushForward } from './push-forward';
import type { Step } from './step';

/**
 * The part of a plan after one activation a, at x: F(x) = W·a + b. Paths around a are fixed at their values, as part of b.
 *
 * @param input a, one of the plan's values, other than its output.
 */
export function startingAt(plan: Plan, input: Value): Plan {
  const { graph, output } = plan;
  const steps = stepsBehind(plan, input);
  return {
    ...plan,
    input,
    steps,
    bias: pushForward({ graph, input, output, steps }, null, { shifts: 'all' }),
    policies: policiesOf(steps, plan.random),
    gates: fixedAtX(graph, steps),
  };
}

/** Splits a step that also reads inputs that do not come from a: the part from a stays, and each other input becomes a shift. */
function stepsBehind({ graph, steps, input: x }: Plan, a: Value): Step[] {
  const inside = new Set([a.id]);
  const makers = new Map([[x.id, 'input'], ...steps.map(s => [s.output.id, s.layer] as const)]);
  let next = Math.max(x.id, ...steps.map(s => s.output.id)) + 1;
  return steps.flatMap(step => {
    const around = new Map(step.inputs.filter(v => !inside.has(v.id)).map(v => [v.id, v]));
    if (step.inputs.every(v => around.has(v.id))) return [];
    inside.add(step.output.id);
    const parts: Step[] = [step];
    for (const value of around.values()) {
      const before = { ...step.output, id: next++ };
      parts.push(
        { ...parts.pop()!, output: before },
        {
          kind: 'shift',
          offset: contributed(graph, step, value),
          inputs: [before],
          output: step.output,
          layer: makers.get(value.id)!,
        },
      );
    }
    return parts;
  });
}
