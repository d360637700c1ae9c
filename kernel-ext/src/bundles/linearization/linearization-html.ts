import { classBar } from './class-bar';
import { QUIET, signColored, table, td } from '../../page/html-table';
import { card, escaped } from '../../page/page-parts';
import { batchNote, claims, type ClassLine, classLines, outputName } from '../../payload/headline';
import { plain, signed } from '../../payload/numbers';
import type { LinearizationPayload } from '../../payload/linearization';
import { plateTable } from './plate-table';
import { type Plate, plates } from './plates';
import { largestTerms } from './largest-terms';

/** W·x + b meets F(x) to float32 rounding up to here; a larger residual is shown in red. */
const SOUND_RESIDUAL = 1e-5;
const HTML_BUDGET = 50 * 1024;
/** Sides of the images in pixels; the largest with which the whole stays in the budget is taken. */
const SIDES = [168, 112, 64, 32];

/**
 * The decomposition as a page without scripts: the formula, the classes, and x, W, W∘x as images, or the largest
 * terms if x is no image. At most 50 KB for images; every text from outside is escaped.
 */
export function linearizationHtml(payload: LinearizationPayload): string {
  const pages = SIDES.map(side => () => page(payload, plates(payload, side)));
  const fitting = pages.slice(0, -1).find(make => Buffer.byteLength(make()) <= HTML_BUDGET);
  return (fitting ?? pages[pages.length - 1])();
}

function page(payload: LinearizationPayload, shown: readonly Plate[]): string {
  const note = batchNote(payload);
  const block = (content: string): string =>
    `<div style="display: inline-block; vertical-align: top; margin: 0 18px 6px 0">${content}</div>`;
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
  const { label, logit, product, bias } = classLines(payload).lines.find(line => line.selected)!;
  const [residual, ...others] = claims(payload).map(escaped);
  const color = payload.residual.relative <= SOUND_RESIDUAL ? '#2e7d32' : '#c62828';
  const sum = payload.positive[payload.selected] + payload.negative[payload.selected];
  return (
    `<div style="margin: 0 0 8px 0; font-size: 15px"><b style="font-size: 19px">${escaped(label)}</b> &ensp;` +
    `${outputName(payload)} <b style="font-size: 19px">${logit}</b> = W·x ${signColored(product, sum)} + b ` +
    `<span style="color: ${QUIET}">${bias}</span> &ensp;<span style="font-size: 12px; color: ${QUIET}">` +
    `<span style="color: ${color}">${residual}</span> · ${others.join(' · ')}</span></div>`
  );
}

function classTable(payload: LinearizationPayload): string {
  const { lines, others } = classLines(payload);
  const row = (line: ClassLine): string[] => {
    const style = line.selected ? 'background-color: #dfecf8; font-weight: bold' : '';
    const cells = [
      line.logit,
      signColored(line.product, payload.output[line.index] - payload.bias[line.index]),
    ];
    return [
      td(escaped(line.label), `${style}; text-align: left`),
      td(classBar(payload, lines, line), style),
      ...cells.map(cell => td(cell, style)),
      td(line.bias, `${style}; color: ${QUIET}`),
    ];
  };
  const more = others > 0 ? `<div style="color: ${QUIET}; padding: 2px 8px">and ${others} more</div>` : '';
  return table(['class', '', outputName(payload), 'W·x', 'b'], lines.map(row)) + more;
}

function termTable(payload: LinearizationPayload): string {
  const terms = largestTerms(payload)!;
  const rows = terms.shown.map(({ name, x, w, product }) => [
    td(escaped(name), 'text-align: left'),
    td(plain(x)),
    td(signColored(signed(w), w)),
    td(signColored(signed(product), product)),
  ]);
  const rest = `and ${terms.others} more entries, ${signed(terms.othersSum)} together`;
  const more = terms.others > 0 ? `<div style="color: ${QUIET}; padding: 2px 8px">${rest}</div>` : '';
  return table(['entry', 'x', 'w', 'w·x'], rows) + more;
}

function biasLine({ biasByLayer, bias, selected }: LinearizationPayload): string {
  if (biasByLayer.length === 0) return '';
  const parts = biasByLayer.map(part => `${escaped(part.layer)} ${signed(part.bias[selected])}`);
  return `<div style="color: ${QUIET}; font-size: 12px">b ${signed(bias[selected])} = ${parts.join(' · ')}</div>`;
}
