import { decimalsFor, outputName, plain, shortName, signed } from 'piecewise/payload';
import type { DecompositionModel } from './decomposition-model';
import { element, signClass } from '../parts/element';
import { glossaryWord } from '../parts/word';

/** In characters; the full name is read on hover. */
const LONGEST_NAME = 48;

/**
 * The formula of what is shown. At x: logit 12.75 = W·x +12.71 + b +0.04. At an edited x′, the network's answer with that at x
 * before it, and beside it the answer of the linear map of x: logit 13.61 → 10.85, W·x′ +10.99 + b +0.06 = 11.05.
 */
export function formula(model: DecompositionModel): (Node | string)[] {
  const { subject, ghost, decomposition } = model;
  const { name, output, linear, bias, rival } = subject;
  const word = outputName(decomposition);
  const isNamed = name !== word;
  const { unit } = decomposition;
  const subjectName = element('span', 'pw-subject', shortName(name, LONGEST_NAME));
  subjectName.title = name;
  const old = ghost && model.subjectAt(ghost).output!;
  const decimals = decimalsFor(Math.max(...[output, linear, old].map(value => Math.abs(value ?? 0))));
  const number = (value: number | null, className: string) =>
    element('span', className, value === null ? '…' : signed(value, decimals));
  const text = (value: number | null) => (value === null ? '…' : plain(value, decimals));
  return [
    subjectName,
    element(
      'span',
      'pw-term',
      ...(rival !== null
        ? [glossaryWord('contrast', 'difference'), ' of ', glossaryWord(word, `${word}s`), ' ']
        : isNamed
          ? [glossaryWord(word), ' ']
          : []),
    ),
    ...(old === null ? [] : [before(text(old))]),
    element('strong', 'pw-logit', text(output)),
    ...(unit ? [element('span', 'pw-term', ` ${unit}`)] : []),
    element('span', 'pw-term', ghost ? ` at x′; by the map of x, W·x′ ` : ' = W·x '),
    number(linear, signClass(linear ?? 0)),
    element('span', 'pw-term', ' + b '),
    number(bias, 'pw-number pw-bias'),
    ...(ghost
      ? [' = ', element('strong', 'pw-predicted', text(linear === null ? null : linear + bias))]
      : []),
  ];
}

/** The number at x, of which only a trace is left. */
function before(text: string): HTMLElement {
  const node = element('span', 'pw-ghost', `${text} → `);
  node.title = 'At x, before the edit';
  return node;
}
