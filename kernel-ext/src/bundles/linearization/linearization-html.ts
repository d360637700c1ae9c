import { block, card, escaped, fittingPage } from '../../page/page-parts';
import { type Plate, plateTable } from '../../page/plates';
import { more, QUIET, signColored, table, td } from '../../page/html-table';
import {
  batchNote,
  claims,
  type ClassLine,
  classLines,
  isSound,
  type LinearizationPayload,
  outputName,
  plain,
  signed,
} from '../../payload';
import { classBar } from './class-bar';
import { largestTerms, plates } from './selected-row';

const HTML_BUDGET = 50 * 1024;
/** Sides of the images in pixels; the page uses the largest ones that fit the budget. */
const SIDES = [168, 112, 64, 32];

/**
 * The decomposition as a page without scripts: the formula, the classes, and x, W, W∘x as images, or the largest
 * terms if x is not an image. At most 50 KB for images; all text that comes from users is escaped.
 */
export function linearizationHtml(payload: LinearizationPayload): string {
  return fittingPage(
    SIDES.map(side => () => page(payload, plates(payload, side))),
    HTML_BUDGET,
  );
}

function page(payload: LinearizationPayload, shown: readonly Plate[]): string {
  const note = batchNote(payload);
  return card(
    [
      headline(payload),
      note ? `<div style="color: ${QUIET}; margin: 0 0 8px 0">${escaped(note)}</div>` : '',
      block(classTable(payload)),
      block(shown.length > 0 ? plateTable(shown) : termTable(payload)),
      biasLine(payload),
    ].join('\n'),
  );
}

function headline(payload: LinearizationPayload): string {
  const { label, output, product, bias } = classLines(payload).lines.find(line => line.selected)!;
  const [residual, ...others] = claims(payload).map(escaped);
  const color = isSound(payload.residual) ? '#2e7d32' : '#c62828';
  const sum = payload.positive[payload.selected] + payload.negative[payload.selected];
  return (
    `<div style="margin: 0 0 8px 0; font-size: 15px"><b style="font-size: 19px">${escaped(label)}</b> &ensp;` +
    `${outputName(payload)} <b style="font-size: 19px">${output}</b> = W·x ${signColored(product, sum)} + b ` +
    `<span style="color: ${QUIET}">${bias}</span> &ensp;<span style="font-size: 12px; color: ${QUIET}">` +
    `<span style="color: ${color}">${residual}</span> · ${others.join(' · ')}</span></div>`
  );
}

function classTable(payload: LinearizationPayload): string {
  const { lines, others } = classLines(payload);
  const row = (line: ClassLine): string[] => {
    const style = line.selected ? 'background-color: #dfecf8; font-weight: bold' : '';
    const cells = [
      line.output,
      signColored(line.product, payload.output[line.index] - payload.bias[line.index]),
    ];
    return [
      td(escaped(line.label), `${style}; text-align: left`),
      td(classBar(payload, lines, line), style),
      ...cells.map(cell => td(cell, style)),
      td(line.bias, `${style}; color: ${QUIET}`),
    ];
  };
  const rest = others > 0 ? more(`and ${others} more`) : '';
  return table(['class', '', outputName(payload), 'W·x', 'b'], lines.map(row)) + rest;
}

function termTable(payload: LinearizationPayload): string {
  const terms = largestTerms(payload)!;
  const rows = terms.shown.map(({ name, x, w, contribution }) => [
    td(escaped(name), 'text-align: left'),
    td(plain(x)),
    td(signColored(signed(w), w)),
    td(signColored(signed(contribution), contribution)),
  ]);
  const rest = `and ${terms.others} more entries, ${signed(terms.othersSum)} together`;
  return table(['entry', 'x', 'w', 'w·x'], rows) + (terms.others > 0 ? more(rest) : '');
}

function biasLine({ biasByLayer, bias, selected }: LinearizationPayload): string {
  if (biasByLayer.length === 0) return '';
  const parts = biasByLayer.map(part => `${escaped(part.layer)} ${signed(part.bias[selected])}`);
  return `<div style="color: ${QUIET}; font-size: 12px">b ${signed(bias[selected])} = ${parts.join(' · ')}</div>`;
}
