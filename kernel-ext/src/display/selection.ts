import { OptionError } from '../errors';
import type { Embedding } from '../tsne';

/** The points that a person has selected in an embedding. */
export interface Selection {
  /** Their indices in the data, ascending. */
  indices: number[];
  /** Their classes, null for a point without one; null if the embedding has no labels. */
  labels: (string | null)[] | null;
  /** Their names, as last passed to `plot(embedding, { names })`; null if none were passed. */
  names: string[] | null;
}

interface Waiting {
  indices: number[] | null;
  chosen: ((indices: number[]) => void)[];
}

const selections = new WeakMap<Embedding, Waiting>();
const namesOf = new WeakMap<Embedding, readonly string[]>();

/** Sets the names under which the points are shown, one per point. */
export function nameAll(embedding: Embedding, names: readonly string[]): void {
  namesOf.set(embedding, [...names]);
}

/** A view of the embedding reports what is selected in it now. */
export function select(embedding: Embedding, indices: readonly number[]): void {
  const state = stateOf(embedding);
  state.indices = [...indices].sort((a, b) => a - b);
  for (const done of state.chosen.splice(0)) done(state.indices);
}

/**
 * The points that are selected (with lasso or box) in the notebook's view of an embedding, as indices, labels and names. If nothing has
 * been selected yet, waits until something is; `{wait: false}` returns an empty selection instead.
 *
 * @param signal ends the waiting
 * @throws what the signal was aborted with; DisposedError.
 *
 * @example
 * const chosen = await selection(embedding); // lasso some points in the plot
 * chosen.indices;
 */
export async function selection(
  embedding: Embedding,
  { wait = true, signal }: { wait?: boolean; signal?: AbortSignal } = {},
): Promise<Selection> {
  if (typeof (embedding as Partial<Embedding> | null)?.assertAlive !== 'function')
    throw new OptionError(
      'selection',
      'the first argument',
      embedding,
      'an embedding that tsne or loadEmbedding returned',
    );
  embedding.assertAlive();
  const state = stateOf(embedding);
  const indices = state.indices ?? (wait ? await next(state, signal) : []);
  const names = namesOf.get(embedding);
  return {
    indices,
    labels: embedding.labels && indices.map(i => embedding.labels![i]),
    names: names ? indices.map(i => names[i]) : null,
  };
}

function stateOf(embedding: Embedding): Waiting {
  const state = selections.get(embedding) ?? { indices: null, chosen: [] };
  selections.set(embedding, state);
  return state;
}

function next(state: Waiting, signal?: AbortSignal): Promise<number[]> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    state.chosen.push(resolve);
  });
}
