import { element } from './element';
import { explain } from './explanation';

/** A fact in a few words. @param sentence the fact in a sentence, shown where the pointer or the keyboard is on it */
export function chip(text: string, sentence: string): HTMLElement {
  const node = element('span', 'pw-chip', text);
  explain(node, sentence);
  return node;
}
