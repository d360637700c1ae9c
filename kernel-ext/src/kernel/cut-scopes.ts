import type * as tf from '@tensorflow/tfjs';

/** What TensorFlow.js keeps about operations in progress. */
interface EngineState {
  scopeStack: unknown[];
  activeTape: unknown;
  gradientDepth: number;
  kernelDepth: number;
  numDataMovesStack: number[];
  profiling: boolean;
}

type Engine = Pick<ReturnType<typeof tf.engine>, 'endScope'> & { state: EngineState };

/** Number of scopes of `tf.tidy` and `tf.engine().startScope()` that are open. */
export const openScopes = (engine: unknown): number => (engine as Engine).state.scopeStack.length;

/**
 * Ends what code that was cut has left open: scopes of `tf.tidy`, whose tensors are disposed of, the tape of a gradient, a
 * profile. Call this while no operation is in progress.
 * @param kept how many scopes were open before that code began
 */
export function endCutScopes(engine: unknown, kept: number): void {
  const { state } = engine as Engine;
  while (state.scopeStack.length > kept) (engine as Engine).endScope();
  Object.assign(state, {
    activeTape: null,
    gradientDepth: 0,
    kernelDepth: 0,
    numDataMovesStack: [],
    profiling: false,
  } satisfies Partial<EngineState>);
}
