import {
  batchNote,
  claims,
  classLines,
  outputKind,
  outputName,
  outputWords,
  plain,
  scientific,
  shortNames,
  signed,
  type Decomposition,
} from '../../payload';
import { aligned } from '../../page/text-table';
import { largestTerms } from './selected-row';

/** In characters. */
const LONGEST_NAME = 48;

/** The decomposition as plain text: the formula, a table of the classes, and how exactly the formula is fulfilled. */
export function linearizationText(decomposition: Decomposition): string {
  const { lines, others } = classLines(decomposition);
  const name = outputName(decomposition);
  const chosen = lines.find(line => line.selected)!;
  const { word, unit } = outputWords(decomposition, chosen.label);
  const names = shortNames(
    lines.map(line => line.label),
    LONGEST_NAME,
  );
  const note = batchNote(decomposition);
  const { absolute, relative, ulps } = decomposition.residual;
  return [
    `${chosen.label}: ${word}${chosen.output}${unit} = W·x ${chosen.product} + b ${chosen.bias}`,
    ...(note ? [note] : []),
    '',
    ...aligned([
      [outputKind(decomposition).one, name, 'W·x', 'b'],
      ...lines.map((line, i) => [
        line.selected ? `→ ${names[i]}` : names[i],
        line.output,
        line.product,
        line.bias,
      ]),
    ]),
    ...(others > 0 ? [`and ${others} more`] : []),
    ...termsText(decomposition),
    '',
    `max|F(x) − (W·x + b)| = ${scientific(absolute)}, ${scientific(relative)} of max|F(x)|, ${plain(ulps, 1)} ulps`,
    claims(decomposition).slice(1).join(', '),
  ].join('\n');
}

function termsText(decomposition: Decomposition): string[] {
  const terms = largestTerms(decomposition);
  if (!terms) return [];
  const { isText } = decomposition;
  return [
    '',
    ...aligned([
      isText ? ['token', 'contribution'] : ['entry', 'x', 'w', 'w·x'],
      ...terms.shown.map(({ name, x, w, contribution }) => [
        name,
        ...(isText ? [] : [plain(x), signed(w)]),
        signed(contribution),
      ]),
    ]),
    ...(terms.others > 0
      ? [`and ${terms.others} more ${isText ? 'tokens' : 'entries'}, ${signed(terms.othersSum)} together`]
      : []),
  ];
}
