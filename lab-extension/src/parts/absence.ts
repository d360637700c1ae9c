import type { ExplorerModel } from '../decomposition/decomposition-model';
import type { RowProblem } from '../live/row-store';

/** What the cause of a missing row means for the person who looks. */
export const CAUSES: Record<RowProblem, string> = {
  'no-kernel': 'no kernel is running here',
  foreign: 'the kernel of this notebook is not a Piecewise kernel',
  gone: 'the kernel has restarted since, or has let go of it',
  lost: 'the connection to the kernel is lost',
  timeout: 'the kernel did not answer within 30 seconds',
  failed: 'the kernel could not compute it',
  cancelled: 'it was not waited for',
  mismatch: 'what the kernel sent does not belong to this output',
};

/** null: every row that the subject needs is here; else that it is on its way, or one sentence that says why not. */
export function absenceOf(model: ExplorerModel): 'loading' | { sentence: string; canRetry: boolean } | null {
  const { rows, needed, decomposition: d } = model;
  const missing = needed.filter(c => rows.status(c) !== 'ready');
  if (missing.length === 0) return null;
  const status = rows.status(missing[0]);
  if (status === 'loading' || status === 'absent' || status === 'ready') return 'loading';
  const present = rows.present().map(c => d.labels[c]);
  const { problem } = status.problem;
  const saved = present.length === 0 ? 'No row is saved.' : `Saved here: ${present.slice(0, 8).join(', ')}.`;
  const remedy =
    problem === 'timeout' || problem === 'failed' ? '' : ' Run the cell again to get the others.';
  return {
    sentence: `The row of ${d.labels[missing[0]]} is not saved in this notebook, and ${CAUSES[problem]}. ${saved}${remedy}`,
    canRetry: problem !== 'gone' && problem !== 'mismatch',
  };
}
