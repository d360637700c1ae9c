import { block, card, escaped, fittingPage } from '../../page/page-parts';
import { plateTable } from '../../page/plates';
import { more, signColored, table, td } from '../../page/html-table';
import {
  batchNote,
  biasLine,
  claims,
  type ClassLine,
  classLines,
  type Decomposition,
  imageShape,
  isLargeImage,
  isSound,
  outputKind,
  outputName,
  outputWords,
  plain,
  scaleIn,
  shortName,
  shortNames,
  type Signal,
  signed,
} from '../../payload';
import { inkOf, QUIET_STYLE, SELECTED_STYLE } from '../../page/theme-colors';
import { classBar } from './class-bar';
import { signalSvg } from './signal-svg';
import { tokenLine } from './token-line';
import { largestTerms, platesOf, selectedBias } from './selected-row';

/** Names of outputs, in characters. */
const LONGEST_NAME = 48;
const HTML_BUDGET = 50 * 1024;
/** A photograph takes more, and its payload takes several times as much. */
const LARGE_BUDGET = 128 * 1024;
const SIGNAL_BUDGET = 100 * 1024;
/** A signal is drawn with at most this many columns; the page uses the most that fit the budget. */
const COLUMNS = [480, 240, 120, 60, 40];
/** Sides of the images in pixels; the page uses the largest ones that fit the budget. */
const SIDES = [168, 112, 84, 64, 32];

/**
 * The decomposition as a page without scripts: the formula, the classes, and x, W, W∘x as images or lines over time, or the
 * largest terms if x is neither. The page is as detailed as fits in 50 KB, in 128 KB for a large image, or in 100 KB for a signal;
 * a signal of 32 channels takes 145 KB even at its coarsest. All text that comes from users is escaped.
 */
export function linearizationHtml(decomposition: Decomposition): string {
  const { input } = decomposition;
  const image = imageShape(input.shape);
  const { signal } = decomposition;
  if (signal)
    return fittingPage(
      COLUMNS.map(columns => () => page(decomposition, signalImage(decomposition, signal, columns))),
      SIGNAL_BUDGET,
    );
  // Some sides give the same images.
  const sides =
    image === null ? SIDES.slice(-1) : [...new Map(SIDES.map(side => [scaleIn(image, side), side])).values()];
  const pictures = platesOf(decomposition);
  const isLarge = image !== null && isLargeImage(image);
  return fittingPage(
    sides.map(side => () => {
      const shown = pictures(side);
      const middle =
        shown.length > 0 ? plateTable(shown, isLarge ? SIDES[0] : undefined) : termTable(decomposition);
      return page(decomposition, middle);
    }),
    isLarge ? LARGE_BUDGET : HTML_BUDGET,
  );
}

/** @param shown x, W and W∘x as HTML */
function page(decomposition: Decomposition, shown: string): string {
  const note = batchNote(decomposition);
  return card(
    [
      headline(decomposition),
      note ? `<div style="${QUIET_STYLE}; margin: 0 0 8px 0">${escaped(note)}</div>` : '',
      tokenLine(decomposition),
      decomposition.output.length > 1 ? block(classTable(decomposition)) : '',
      block(shown),
      biasText(decomposition),
    ].join('\n'),
  );
}

function headline(decomposition: Decomposition): string {
  const { label, output, product, bias } = classLines(decomposition).lines.find(line => line.selected)!;
  const { word, unit } = outputWords(decomposition, label);
  const [residual, ...others] = claims(decomposition).map(escaped);
  const color = isSound(decomposition.residual) ? '#2e7d32' : '#c62828';
  const sum = decomposition.linear[decomposition.first];
  return (
    `<div style="margin: 0 0 8px 0; font-size: 15px"><b style="font-size: 19px">${escaped(shortName(label, LONGEST_NAME))}</b> &ensp;` +
    `${word}<b style="font-size: 19px">${output}</b>${escaped(unit)} = W·x ${signColored(product, sum)} + b ` +
    `<span style="${QUIET_STYLE}">${bias}</span> &ensp;<span style="font-size: 12px; ${QUIET_STYLE}">` +
    `<span style="${inkOf(color)}">${residual}</span> · ${others.join(' · ')}</span></div>`
  );
}

function classTable(decomposition: Decomposition): string {
  const { lines, others } = classLines(decomposition);
  const names = shortNames(
    lines.map(line => line.label),
    LONGEST_NAME,
  );
  const row = (line: ClassLine, i: number): string[] => {
    const style = line.selected ? `${SELECTED_STYLE}; font-weight: bold` : '';
    const cells = [line.output, signColored(line.product, decomposition.linear[line.index])];
    return [
      td(escaped(names[i]), `${style}; text-align: left`),
      td(classBar(decomposition, lines, line), style),
      ...cells.map(cell => td(cell, style)),
      td(line.bias, line.selected ? style : QUIET_STYLE),
    ];
  };
  const rest = others > 0 ? more(`and ${others} more`) : '';
  return (
    table([outputKind(decomposition).one, '', outputName(decomposition), 'W·x', 'b'], lines.map(row)) + rest
  );
}

function signalImage(decomposition: Decomposition, signal: Signal, columns: number): string {
  const { svg, width, height } = signalSvg(decomposition, signal, columns);
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const alt = `x, W and W∘x for ${escaped(decomposition.labels[decomposition.first])}`;
  return (
    `<img alt="${alt}" width="${width}" height="${height}" ` +
    `style="display: block; margin: 0; max-width: none" src="${source}">`
  );
}

function termTable(decomposition: Decomposition): string {
  const terms = largestTerms(decomposition)!;
  const { isText } = decomposition;
  const rows = terms.shown.map(({ name, x, w, contribution }) => [
    td(escaped(name), 'text-align: left'),
    ...(isText ? [] : [td(plain(x)), td(signColored(signed(w), w))]),
    td(signColored(signed(contribution), contribution)),
  ]);
  const rest = `and ${terms.others} more ${isText ? 'tokens' : 'entries'}, ${signed(terms.othersSum)} together`;
  return (
    table(isText ? ['token', 'contribution'] : ['entry', 'x', 'w', 'w·x'], rows) +
    (terms.others > 0 ? more(rest) : '')
  );
}

function biasText(decomposition: Decomposition): string {
  const folded = selectedBias(decomposition);
  if (folded === null) return '';
  const text = biasLine(decomposition.bias[decomposition.first], folded, value => signed(value), escaped);
  return `<div style="${QUIET_STYLE}; font-size: 12px">${text}</div>`;
}
