import type { Embedding } from '../tsne';

/** Points that somebody has selected on a map. */
export interface Selection {
  /** Indices of the data, ascending. */
  indices: number[];
  /** Their classes, null where they have none; null if the map has no labels. */
  labels: (string | null)[] | null;
  /** Their names, as `plot(embedding, { names })` was given them last; null if it was not. */
  names: string[] | null;
}

interface Waiting {
  indices: number[] | null;
  chosen: ((indices: number[]) => void)[];
}

const selections = new WeakMap<Embedding, Waiting>();
const namesOf = new WeakMap<Embedding, readonly string[]>();

/** The names under which the points are shown, one each. */
export function nameAll(embedding: Embedding, names: readonly string[]): void {
  namesOf.set(embedding, [...names]);
}

/** A view of the map says what is selected there now. */
export function select(embedding: Embedding, indices: readonly number[]): void {
  const state = stateOf(embedding);
  state.indices = [...indices].sort((a, b) => a - b);
  for (const done of state.chosen.splice(0)) done(state.indices);
}

/**
 * What is selected on the map in the notebook (lasso or box), as indices, labels and names. If nothing was selected yet, it waits until
 * something is; `{wait: false}` gives an empty selection instead.
 *
 * @param signal ends the waiting
 * @throws what the signal was aborted with; DisposedError.
 */
export async function selection(
  embedding: Embedding,
  { wait = true, signal }: { wait?: boolean; signal?: AbortSignal } = {},
): Promise<Selection> {
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
