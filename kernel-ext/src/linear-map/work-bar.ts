import type { Work } from './work';

/** What shows long work; see ProgressBar. */
export interface WorkBar {
  set(done: number): void;
  finish(): void;
  stop(): void;
}

/** What is going on, how many units make the whole, and what they are. */
export interface WorkFacts {
  label: string;
  total: number;
  unit: string;
}

/** null: nothing shows it. */
export type WorkBarMaker = (facts: WorkFacts) => WorkBar | null;

let makeBar: WorkBarMaker = () => null;

/** Says what shows long work from now on; before, nothing does. For index.ts, since display lies to the right of linear-map. */
export function showWorkWith(maker: WorkBarMaker): void {
  makeBar = maker;
}

/** Does the work and shows its progress, unless the caller watches it. */
export async function withWorkBar<T>(
  facts: WorkFacts,
  work: Work,
  run: (work: Work) => Promise<T>,
): Promise<T> {
  const bar = work.onProgress ? null : makeBar(facts);
  if (bar === null) return run(work);
  try {
    const onProgress = (fraction: number): void => bar.set(Math.round(fraction * facts.total));
    const result = await run({ signal: work.signal, onProgress });
    bar.finish();
    return result;
  } finally {
    bar.stop();
  }
}
