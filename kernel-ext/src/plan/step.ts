import type { Policy } from '../rules/policy';
import type { ConvolutionGeometry, Value } from '../rules/rule';
import type { Graph } from './graph';

/** What a step is, apart from what it reads and writes. Numbers named factor, offset, matrix, filter are nodes. */
export type StepParameters =
  | { kind: 'scale'; factor: number }
  | { kind: 'shift'; offset: number }
  | { kind: 'sum' }
  | { kind: 'contract'; matrix: number }
  | { kind: 'contractEach'; matrices: number }
  | ({ kind: 'convolve'; filter: number } & ConvolutionGeometry)
  | ({ kind: 'convolveDepthwise'; filter: number } & ConvolutionGeometry)
  | ({ kind: 'convolveTranspose'; filter: number } & ConvolutionGeometry)
  | { kind: 'reduceSum'; axes: readonly number[] }
  | { kind: 'broadcast' }
  | { kind: 'reshape' }
  | { kind: 'permute'; permutation: readonly number[] }
  | { kind: 'pad'; paddings: readonly (readonly [number, number])[] }
  | { kind: 'slice'; begin: readonly number[] }
  | { kind: 'concat'; axis: number }
  | { kind: 'take'; axis: number; indices: readonly number[] };

export type StepKind = StepParameters['kind'];

/** One step of the frozen network: output = L(inputs), or inputs + offset. Plain data. */
export type Step = StepParameters & {
  inputs: readonly Value[];
  output: Value;
  layer: string;
  /** The policy by which it was frozen; absent where the step is exact on the whole linear region. */
  policy?: Policy;
};

export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>;

/**
 * What a kind of step does to a *stack* of L vectors at once. A stack of activations of shape [S0, …] is one node of
 * shape [L·S0, …]; so kernels that work along the first axis need no loop.
 */
export interface StepLaw<K extends StepKind> {
  /** L·v for each v of the stacks, given as one node per input. */
  apply(g: Graph, step: StepOf<K>, v: readonly number[], stack: number): number;
  /** Lᵀ·u for each u of the stack: one node per input. */
  transpose(g: Graph, step: StepOf<K>, u: number, stack: number): number[];
}

/** The shape of a stack of L activations; a stack of scalars is a vector. */
export const stacked = (shape: readonly number[], stack: number): number[] => [
  (shape[0] ?? 1) * stack,
  ...shape.slice(1),
];

/** The node that a step takes besides its inputs: a gate or a constant. */
export function fixedOf(step: Step): number | undefined {
  switch (step.kind) {
    case 'scale':
      return step.factor;
    case 'shift':
      return step.offset;
    case 'contract':
      return step.matrix;
    case 'contractEach':
      return step.matrices;
    default:
      return undefined;
  }
}
