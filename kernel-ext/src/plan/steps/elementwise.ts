import type { Graph } from '../graph';
import { stacked, type StepLaw, type StepOf } from '../step';

/** v ↦ factor ∘ v, its own transpose. */
export const scale: StepLaw<'scale'> = {
  apply: (g, step, [v], stack) => scaled(g, step, v, stack),
  transpose: (g, step, u, stack) => [scaled(g, step, u, stack)],
};

/** If the factor differs along the first axis, the stack gets its own axis, so that the factor need not be repeated. */
function scaled(g: Graph, { factor, output: { shape } }: StepOf<'scale'>, v: number, stack: number): number {
  const own = g.shape(factor);
  if (stack === 1 || own.length < shape.length || own[0] === 1) return g.elementwise('multiply', v, factor);
  const apart = g.elementwise('multiply', g.reshape(v, [stack, ...shape]), factor);
  return g.reshape(apart, stacked(shape, stack));
}

/** The linear part of v ↦ v + offset is the identity; a caller that wants the offset adds it. */
export const shift: StepLaw<'shift'> = {
  apply: (_g, _step, [v]) => v,
  transpose: (_g, _step, u) => [u],
};

export const sum: StepLaw<'sum'> = {
  apply: (g, _step, v) => v.reduce((a, b) => g.elementwise('add', a, b)),
  transpose: (_g, step, u) => step.inputs.map(() => u),
};
