import type { DecompositionModel } from './decomposition-model';
import { CAUSES } from '../live/no-answer';

/** null: every row that the subject needs is here; 'loading': it is on its way; else one sentence about why it is not here. */
export function absenceOf(
  model: DecompositionModel,
): 'loading' | { sentence: string; canRetry: boolean } | null {
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

/** Covers panels whose row is not here, and marks the view that holds them as busy while one is on its way. */
export function showAbsence(
  model: DecompositionModel,
  view: HTMLElement,
  panels: readonly { node: HTMLElement; veil: HTMLElement }[],
): void {
  const absence = absenceOf(model);
  for (const { node, veil } of panels) {
    veil.textContent = absence === null ? '' : veilText(absence === 'loading', model.subject.name);
    node.classList.toggle('pw-mod-loading', absence === 'loading');
    node.classList.toggle('pw-mod-absent', absence !== null);
  }
  view.setAttribute('aria-busy', String(model.needed.some(c => model.rows.status(c) === 'loading')));
}

const veilText = (isLoading: boolean, name: string): string =>
  isLoading ? `fetching row ${name} …` : 'not saved here';
