import type { Graph } from '../graph';
import { stacked, type StepLaw, type StepOf } from '../step';

/** v ↦ factor ∘ v, its own transpose. */
export const scale: StepLaw<'scale'> = {
  apply: (g, step, [v], stack) => scaled(g, step, v, stack),
  transpose: (g, step, u, stack) => [scaled(g, step, u, stack)],
};

/** A factor that differs along the first axis meets a stack that has an axis of its own, so that it need not be repeated. */
function scaled(g: Graph, { factor, output: { shape } }: StepOf<'scale'>, v: number, stack: number): number {
  const own = g.shape(factor);
  if (stack === 1 || own.length < shape.length || own[0] === 1) return g.elementwise('multiply', v, factor);
  const apart = g.elementwise('multiply', g.reshape(v, [stack, ...shape]), factor);
  return g.reshape(apart, stacked(shape, stack));
}

/** The linear part of v ↦ v + offset is the identity; who wants the offset adds it. */
export const shift: StepLaw<'shift'> = {
  apply: (_g, _step, [v]) => v,
  transpose: (_g, _step, u) => [u],
};

export const sum: StepLaw<'sum'> = {
  apply: (g, _step, v) => v.reduce((a, b) => g.elementwise('add', a, b)),
  transpose: (_g, step, u) => step.inputs.map(() => u),
};
