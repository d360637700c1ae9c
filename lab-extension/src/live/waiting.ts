import { element } from '../parts/element';
import type { Delay } from './delay';

const SENTENCES: Record<Delay, string> = {
  busy: 'The kernel is busy; the answer comes as soon as the running cell leaves time for it …',
  reconnecting: 'The connection to the kernel was lost and is being restored; then the answer comes …',
};

/** One sentence for as long as an answer is on its way. @param delay null: it is not late */
export function waiting(delay: Delay | null): HTMLElement {
  const node = element('div', 'pw-hint pw-mod-loading', delay ? SENTENCES[delay] : 'Asking the kernel …');
  node.setAttribute('role', 'status');
  return node;
}
