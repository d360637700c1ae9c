import { escaped } from '../../page/page-parts';
import { css } from '../../page/theme-colors';
import type { Plate } from '../../page/plates';
import { toPng } from '../../page/png';
import { CHARACTER, clipped, px, QUIET, svgPicture, textAt } from '../../page/svg-parts';
import {
  biasLine,
  bound,
  claims,
  type ClassLine,
  classLines,
  type Color,
  COLORS,
  compact,
  type Decomposition,
  imageShape,
  isLargeImage,
  outputKind,
  outputName,
  outputWords,
  shortNames,
  signed,
} from '../../payload';
import { barParts } from './class-bar';
import { largestTerms, platesOf, selectedBias } from './selected-row';
import { type Drawn, drawnSignal } from './signal-svg';

const GAP = 16;
const SIDE = 168;
/** The most pixels per side of an image in the file. */
const MOST_SIDE = 512;
const HEAD = 74;
const LINE = 20;
/** Columns of the table of classes: name, bar, output. */
const NAME = 76;
const BAR = 150;
const NUMBER = 64;
/** A signal is drawn with at most this many columns. */
const COLUMNS = 480;
const LEFT = NAME + BAR + NUMBER + 2 * GAP;
/** Columns of the table of entries: name, then x, w and w·x. */
const ENTRY = 190;

/** The decomposition as one vector figure: the formula and its proof, the classes, and x, W, W∘x or the largest terms. */
export function linearizationSvg(decomposition: Decomposition): string {
  const { lines, others } = classLines(decomposition);
  const right = drawnInput(decomposition);
  const width = LEFT + right.width + GAP;
  const high = Math.max((lines.length + 2) * LINE, right.height);
  const names = shortNames(
    lines.map(line => line.label),
    Math.floor(NAME / CHARACTER) - 1,
  );
  const rows = lines.map((line, i) => classRow(decomposition, lines, line, names[i], HEAD + (i + 1) * LINE));
  const more = others > 0 ? [quiet(GAP, HEAD + (lines.length + 1) * LINE, `and ${others} more`)] : [];
  const label = decomposition.labels[decomposition.first];
  const alternative = `${outputName(decomposition)} of ${label} taken apart: F(x) = W·x + b`;
  return svgPicture({ width, height: HEAD + high + 2 * LINE, alternative }, [
    formula(decomposition),
    quiet(GAP, 50, clipped(claims(decomposition).join(' · '), width - 2 * GAP)),
    quiet(GAP, HEAD, outputKind(decomposition).one),
    quiet(LEFT - GAP, HEAD, outputName(decomposition), 'end'),
    ...rows,
    ...more,
    ...right.svg,
    quiet(GAP, HEAD + high + LINE, clipped(biasText(decomposition), width - 2 * GAP)),
  ]);
}

/** The side to which images are fitted in the file: large ones keep theirs, up to MOST_SIDE, so that no detail is lost. */
function storedSide({ input }: Decomposition): number {
  const image = imageShape(input.shape);
  if (image === null || !isLargeImage(image)) return SIDE;
  return Math.min(Math.max(image.height, image.width), MOST_SIDE);
}

/** x, W and W∘x as lines or images, or the largest terms, to the right of the classes. */
function drawnInput(decomposition: Decomposition): Drawn {
  const { signal } = decomposition;
  if (signal) {
    const { svg, width, height } = drawnSignal(decomposition, signal, LEFT, HEAD - 12, COLUMNS);
    return { svg, width: width + GAP, height };
  }
  const shown = platesOf(decomposition)(storedSide(decomposition));
  if (shown.length > 0)
    return { svg: shown.map(plateAt), width: shown.length * (SIDE + GAP), height: SIDE + 3 * LINE };
  const terms = largestTerms(decomposition)!.shown.length;
  const width = ENTRY + 3 * NUMBER + GAP;
  return { svg: [termRows(decomposition)], width, height: (terms + 2) * LINE };
}

function formula(decomposition: Decomposition): string {
  const { label, output, product, bias } = classLines(decomposition).lines.find(line => line.selected)!;
  const { word, unit } = outputWords(decomposition, label);
  const part = (text: string, fill: string, isLarge = false) =>
    `<tspan fill="${fill}"${isLarge ? ' font-size="19" font-weight="bold"' : ''}>${escaped(text)}</tspan>`;
  const sign = signColor(decomposition.linear[decomposition.first]);
  const ink = css(COLORS.ink);
  return (
    `<text x="${GAP}" y="28" font-size="15" xml:space="preserve">${part(clipped(label, 200), ink, true)}` +
    `${part(`  ${word}`, ink)}${part(output, ink, true)}${part(`${unit} = W·x `, ink)}` +
    `${part(product, sign)}${part(' + b ', ink)}${part(bias, QUIET)}</text>`
  );
}

function classRow(
  decomposition: Decomposition,
  lines: readonly ClassLine[],
  line: ClassLine,
  name: string,
  y: number,
): string {
  const weight = line.selected ? ('bold' as const) : undefined;
  let at = GAP + NAME;
  const bar = barParts(decomposition, lines, line, BAR).map(([width, color]) => {
    const left = at;
    at += width;
    return color === COLORS.page ? '' : rectangle(left, y - 9, width, color, line.selected ? 1 : 0.6);
  });
  return [
    textAt(GAP, y, clipped(name, NAME - CHARACTER), { weight }),
    ...bar,
    textAt(LEFT - GAP, y, line.output, { anchor: 'end', weight }),
  ].join('');
}

const rectangle = (x: number, y: number, width: number, color: Color, opacity: number): string =>
  `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="10" fill="${css(color)}" fill-opacity="${opacity}"/>`;

function plateAt({ symbol, caption, picture, range, signed: isSigned, notes }: Plate, i: number): string {
  const x = LEFT + i * (SIDE + GAP);
  const scale = SIDE / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const y = HEAD + 8;
  const url = `data:image/png;base64,${toPng(picture).toString('base64')}`;
  const ends = isSigned
    ? `${signed(range.low)} … ${signed(range.high)}`
    : `${bound(range.low)} … ${bound(range.high)}`;
  return [
    textAt(x, HEAD, symbol, { weight: 'bold' }),
    quiet(x + width, HEAD, clipped(caption, width - CHARACTER * (symbol.length + 2)), 'end'),
    `<image x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" preserveAspectRatio="none" ` +
      `style="image-rendering: pixelated" href="${url}"/>`,
    quiet(x + width / 2, y + height + LINE, ends, 'middle'),
    ...notes.map((note, line) => quiet(x + width / 2, y + height + (line + 2) * LINE, note, 'middle')),
  ].join('');
}

function termRows(decomposition: Decomposition): string {
  const terms = largestTerms(decomposition)!;
  const { isText } = decomposition;
  const number = (column: number) => LEFT + ENTRY + (column + 1) * NUMBER;
  const head = (isText ? ['contribution'] : ['x', 'w', 'w·x']).map((name, i) =>
    quiet(number(i), HEAD, name, 'end'),
  );
  const rows = terms.shown.map(({ name, x, w, contribution }, i) => {
    const y = HEAD + (i + 1) * LINE;
    const cells: [string, string][] = [
      ...(isText
        ? []
        : ([
            [compact(x), css(COLORS.ink)],
            [signed(w), signColor(w)],
          ] as [string, string][])),
      [signed(contribution), signColor(contribution)],
    ];
    return [
      textAt(LEFT, y, clipped(name, ENTRY)),
      ...cells.map(([text, fill], column) => textAt(number(column), y, text, { anchor: 'end', fill })),
    ].join('');
  });
  const rest = `and ${terms.others} more ${isText ? 'tokens' : 'entries'}, ${signed(terms.othersSum)} together`;
  const more = terms.others > 0 ? [quiet(LEFT, HEAD + (rows.length + 1) * LINE, rest)] : [];
  return [quiet(LEFT, HEAD, isText ? 'token' : 'entry'), ...head, ...rows, ...more].join('');
}

function biasText(decomposition: Decomposition): string {
  const folded = selectedBias(decomposition);
  return folded === null
    ? ''
    : biasLine(decomposition.bias[decomposition.first], folded, value => signed(value));
}

const signColor = (value: number): string =>
  css(value === 0 ? COLORS.ink : value > 0 ? COLORS.adds : COLORS.takes);

const quiet = (x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end' = 'start'): string =>
  textAt(x, y, text, { anchor, fill: QUIET });
