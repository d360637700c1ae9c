import { fixedForStack, type StepLaw } from '../step';

/** v ↦ factor ∘ v, its own transpose. */
export const scale: StepLaw<'scale'> = {
  apply: (g, step, [v], stack) =>
    g.elementwise('multiply', v, fixedForStack(g, step.factor, step.output.shape, stack)),
  transpose: (g, step, u, stack) => [
    g.elementwise('multiply', u, fixedForStack(g, step.factor, step.output.shape, stack)),
  ],
};

/** The linear part of v ↦ v + offset is the identity; who wants the offset adds it. */
export const shift: StepLaw<'shift'> = {
  apply: (_g, _step, [v]) => v,
  transpose: (_g, _step, u) => [u],
};

export const sum: StepLaw<'sum'> = {
  apply: (g, _step, v) => v.reduce((a, b) => g.elementwise('add', a, b)),
  transpose: (_g, step, u) => step.inputs.map(() => u),
};
