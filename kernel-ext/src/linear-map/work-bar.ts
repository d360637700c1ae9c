import { installedSink } from '../sink/current-sink';
import type { WorkFacts } from '../sink/sink';
import type { Work } from './work';

/** Facts of work that is measured in percent. */
export const inPercent = (label: string): WorkFacts => ({ label, total: 100, unit: '%' });

/** Does the work, which a user can stop, and shows its progress if the display sink can, unless the caller watches it. */
export async function withWorkBar<T>(
  facts: WorkFacts,
  work: Work,
  run: (work: Work) => Promise<T>,
): Promise<T> {
  const sink = installedSink();
  const bar = work.onProgress ? undefined : sink?.workBar?.(facts);
  const end = sink?.beginAbortable?.();
  try {
    if (bar === undefined) return await run(work);
    const onProgress = (fraction: number): void => bar.set(Math.round(fraction * facts.total));
    const result = await run({ signal: work.signal, onProgress });
    bar.finish();
    return result;
  } finally {
    bar?.stop();
    end?.();
  }
}
