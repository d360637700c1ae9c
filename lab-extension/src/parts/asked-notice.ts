import type { Asked } from '../live/asked';
import type { Delay } from '../live/delay';
import { CAUSES } from './absence';
import { button, element } from './element';
import { waiting } from './waiting';

/**
 * What stands in place of an answer that is not here: that it is asked for, or one sentence that says why it will not come.
 * @param what what is missing, as the subject of the sentence
 * @param delay why it takes its time, if it does
 */
export function askedNotice(
  asked: Asked<unknown>,
  what: string,
  retry: () => void,
  delay: Delay | null = null,
): HTMLElement[] {
  if (asked.isLoading) {
    return [waiting(delay)];
  }
  if (!asked.problem) return [];
  const { problem, message } = asked.problem;
  const detail = problem === 'failed' ? ` (${message})` : '';
  const canRetry =
    problem === 'timeout' || problem === 'lost' || problem === 'failed' || problem === 'no-kernel';
  const node = element(
    'div',
    'pw-refusal pw-hint',
    `${what} is not saved in this notebook, and ${CAUSES[problem]}${detail}. Run the cell again to ask for it. `,
    ...(canRetry ? [button('try again', retry)] : []),
  );
  node.setAttribute('role', 'status');
  return [node];
}
