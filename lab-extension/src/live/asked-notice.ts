import { button, element } from '../parts/element';
import type { Asked } from './asked';
import type { Delay } from './delay';
import { CAUSES, type Problem } from './no-answer';
import { waiting } from './waiting';

/** Problems that a second try may solve. */
const PASSING: readonly Problem[] = ['timeout', 'lost', 'failed', 'no-kernel'];

/**
 * What stands in place of an answer that is not here: that it was asked for, or one sentence about why it will not come.
 * @param what what is missing, as the subject of that sentence
 * @param delay why the answer takes long, if it does
 */
export function askedNotice(
  asked: Asked<unknown>,
  what: string,
  retry: () => void,
  delay: Delay | null = null,
): HTMLElement[] {
  if (asked.isLoading) return [waiting(delay)];
  if (!asked.problem) return [];
  const { problem, message } = asked.problem;
  const detail = problem === 'failed' ? ` (${message})` : '';
  const node = element(
    'div',
    'pw-refusal pw-hint',
    `${what} is not saved in this notebook, and ${CAUSES[problem]}${detail}. Run the cell again to ask for it. `,
    ...(PASSING.includes(problem) ? [button('try again', retry)] : []),
  );
  node.setAttribute('role', 'status');
  return [node];
}
