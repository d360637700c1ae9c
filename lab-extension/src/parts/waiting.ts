import type { Delay } from '../live/delay';
import { element } from './element';

const SENTENCES: Record<Delay, string> = {
  busy: 'The kernel is busy; the answer comes as soon as its cell leaves it time …',
  reconnecting: 'The connection to the kernel was lost and is being made again; then the answer comes …',
};

/** One sentence for as long as an answer is on its way. */
export function waiting(delay: Delay | null): HTMLElement {
  const node = element('div', 'pw-hint pw-mod-loading', delay ? SENTENCES[delay] : 'Asking the kernel …');
  node.setAttribute('role', 'status');
  return node;
}
