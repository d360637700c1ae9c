import {
  batchNote,
  claims,
  classLines,
  outputName,
  plain,
  scientific,
  signed,
  type LinearizationPayload,
} from '../../payload';
import { aligned } from '../../page/text-table';
import { largestTerms } from './selected-row';

/** The decomposition as plain text: the formula, a table of the classes, and how exactly the formula is fulfilled. */
export function linearizationText(payload: LinearizationPayload): string {
  const { lines, others } = classLines(payload);
  const name = outputName(payload);
  const note = batchNote(payload);
  const chosen = lines.find(line => line.selected)!;
  const { absolute, relative, ulps } = payload.residual;
  return [
    `${chosen.label}: ${name} ${chosen.output} = W·x ${chosen.product} + b ${chosen.bias}`,
    ...(note ? [note] : []),
    '',
    ...aligned([
      ['class', name, 'W·x', 'b'],
      ...lines.map(line => [
        line.selected ? `→ ${line.label}` : line.label,
        line.output,
        line.product,
        line.bias,
      ]),
    ]),
    ...(others > 0 ? [`and ${others} more`] : []),
    ...termsText(payload),
    '',
    `max|F(x) − (W·x + b)| = ${scientific(absolute)}, ${scientific(relative)} of max|F(x)|, ${plain(ulps, 1)} ulps`,
    claims(payload).slice(1).join(', '),
  ].join('\n');
}

function termsText(payload: LinearizationPayload): string[] {
  const terms = largestTerms(payload);
  if (!terms) return [];
  return [
    '',
    ...aligned([
      ['entry', 'x', 'w', 'w·x'],
      ...terms.shown.map(({ name, x, w, contribution }) => [name, plain(x), signed(w), signed(contribution)]),
    ]),
    ...(terms.others > 0 ? [`and ${terms.others} more entries, ${signed(terms.othersSum)} together`] : []),
  ];
}
