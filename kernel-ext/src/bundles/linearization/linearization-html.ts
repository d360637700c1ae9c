import { classBar } from './class-bar';
import { card, css, escaped, img } from '../parts/page-parts';
import { COLORS } from '../../payload/colors';
import { batchNote, claims, type ClassLine, classLines, outputName } from '../../payload/headline';
import { bound, decimalsFor, plain, signed } from '../../payload/numbers';
import type { LinearizationPayload } from '../../payload/linearization';
import { type Plate, plates } from '../parts/plates';
import { largestTerms } from './largest-terms';

/** Everything has its color written on it: pages color tables in their own theme, and the card is white on all. */
const CELL = 'background-color: #ffffff; color: #111111; border: 0; padding: 2px 8px; text-align: right';
export const QUIET = '#666666';
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

export function signColored(text: string, value: number): string {
  return `<span style="color: ${css(value < 0 ? COLORS.takes : COLORS.adds)}">${text}</span>`;
}

/** The heads of the first `left` columns are flush left. */
export function table(head: readonly string[], rows: readonly string[][], left = 1): string {
  const align = (column: number): string => (column < left ? 'text-align: left; ' : '');
  const th = head

    .map((cell, i) => `<th style="${CELL}; ${align(i)}font-weight: normal; color: ${QUIET}">${cell}</th>`)
    .join('');
  const body = rows.map(row => `<tr>${row.join('')}</tr>`).join('\n');
  const style = 'border-collapse: collapse; border: 0; margin: 0; font-size: 13px';
  return `<table style="${style}"><thead style="border: 0"><tr>${th}</tr></thead><tbody>${body}</tbody></table>`;
}

export const td = (content: string, style = ''): string => `<td style="${CELL}; ${style}">${content}</td>`;

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

export function plateTable(shown: readonly Plate[]): string {
  const head = shown.map(
    ({ symbol, caption }) => `<b style="color: #111111">${escaped(symbol)}</b> &ensp;${escaped(caption)}`,
  );
  const images = shown.map(plate => td(img(plate.picture, `${plate.symbol}, ${plate.caption}`)));
  const ranges = shown.map(plate => {
    const { low, high } = plate.range;
    const decimals = decimalsFor(Math.max(Math.abs(low), Math.abs(high)));
    return plate.signed
      ? td(
          `${signColored(signed(low, decimals), -1)} … ${signColored(signed(high, decimals), 1)}`,
          'text-align: center',
        )
      : td(`${bound(low)} … ${bound(high)}`, `text-align: center; color: ${QUIET}`);
  });
  return table(head, [images, ranges], head.length);
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
