import { GLOSSARY, type GlossaryWord } from 'piecewise/payload';
import { element } from './element';
import { explain } from './explanation';

/** A word of the glossary, which is explained where the pointer or the keyboard is on it. @param text default: the word */
export function glossaryWord(word: GlossaryWord, text: string = word): HTMLElement {
  const node = element('span', 'pw-word', text);
  explain(node, GLOSSARY[word]);
  return node;
}
