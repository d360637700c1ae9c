import { block, card, clearImg, escaped, fittingPage } from '../../page/page-parts';
import { inputPlate, type Plate, plateTable, signedPlate } from '../../page/plates';
import { framed } from '../../page/png';
import { css, QUIET_STYLE } from '../../page/theme-colors';
import { more, signColored, table, td } from '../../page/html-table';
import {
  classColor,
  type EmbeddingPayload,
  entryName,
  imageShape,
  inputImage,
  type Explanation,
  readExplanation,
  signed,
  signedImage,
} from '../../payload';
import { classFacts, embeddingClaims, formulas, pointLabel, proofOf, scatterPoints } from './embedding-facts';
import { MOST_CLASSES } from './embedding-text';
import { paintScatter } from './scatter';

const HTML_BUDGET = 96 * 1024;
/** Sides of the scatter plot and of the images in pixels; the page uses the largest ones that fit the budget. */
const SIDES = [
  [440, 140],
  [320, 112],
  [200, 56],
];
const MOST_TERMS = 10;

/**
 * The embedding as a page without scripts: its facts, the points, a legend with the numbers of each class, and why the
 * explained points have their coordinates. At most 96 KB; all text that comes from users is escaped.
 */
export function embeddingHtml(payload: EmbeddingPayload): string {
  return fittingPage(
    SIDES.map(sides => () => page(payload, sides)),
    HTML_BUDGET,
  );
}

function page(payload: EmbeddingPayload, [plot, image]: readonly number[]): string {
  const picture = framed(paintScatter(scatterPoints(payload), plot));
  const claims = embeddingClaims(payload).map(escaped).join(' · ');
  const about = `${payload.title}: ${payload.axes[0]} to the right${payload.axes[1] ? `, ${payload.axes[1]} upward` : ''}`;
  return card(
    [
      `<div style="margin: 0 0 8px 0"><b style="font-size: 17px">${escaped(payload.title)}</b> &ensp;` +
        `<span style="${QUIET_STYLE}">${claims}</span></div>`,
      block(clearImg(picture, about)),
      block(classTable(payload)),
      ...payload.explained.map((_, i) => block(reason(payload, i, image))),
      `<div style="${QUIET_STYLE}; font-size: 12px">${escaped(about)}. Coordinates are rounded to 1/65,534 of the widest axis.</div>`,
    ].join('\n'),
  );
}

function classTable(payload: EmbeddingPayload): string {
  const classes = classFacts(payload);
  if (classes.length === 0) return '';
  const rows = classes
    .slice(0, MOST_CLASSES)
    .map(({ index, name, points, center }) => [
      td(swatch(index, classes.length), 'text-align: left'),
      td(escaped(name), 'text-align: left'),
      td(String(points)),
      ...center.map(median => td(median)),
    ]);
  const rest = classes.length - MOST_CLASSES;
  return (
    table(['', 'class', 'points', ...payload.axes.map(axis => `median ${escaped(axis)}`)], rows, 2) +
    (rest > 0 ? more(`and ${rest} more`) : '')
  );
}

function swatch(index: number, classes: number): string {
  const size = 'display: inline-block; width: 10px; height: 10px; vertical-align: middle';
  return `<span style="${size}; background-color: ${css(classColor(index, classes))}"></span>`;
}

function reason(payload: EmbeddingPayload, i: number, side: number): string {
  const { axes, inputShape: shape, total: points } = payload;
  const point = payload.explained[i];
  const known = readExplanation(point, { points, axes: axes.length, shape }, `explained[${i}]`);
  const label = pointLabel(payload, point.index);
  const lines = formulas(point, axes).map(line => `<div>${escaped(line)}</div>`);
  return [
    `<div><b>Point ${point.index}${label && ` · ${escaped(label)}`}</b> &ensp;`,
    `<span style="${QUIET_STYLE}; font-size: 12px">${escaped(proofOf(point))}</span></div>`,
    ...lines,
    imageShape(shape) ? plateTable(reasonPlates(known, payload, side)) : termTable(known, payload),
  ].join('\n');
}

/** x and W∘x for each axis at one point, each sized to fit a square of `side` pixels. */
function reasonPlates(
  { x, contributions }: Explanation,
  { axes, inputShape }: EmbeddingPayload,
  side: number,
): Plate[] {
  return [
    inputPlate('x', 'input', inputImage(x, inputShape)!, side),
    ...axes.map((axis, i) =>
      signedPlate(`${'→↑'[i]} W∘x`, `pushes along ${axis}`, signedImage(contributions[i], inputShape)!, side),
    ),
  ];
}

/** What each number of a point that is not an image adds on each axis, strongest first. */
function termTable(
  { x, contributions }: Explanation,
  { axes, inputShape, features }: EmbeddingPayload,
): string {
  const strength = (i: number): number => Math.hypot(...contributions.map(values => values[i]));
  const order = [...x.keys()].sort((i, j) => strength(j) - strength(i)).slice(0, MOST_TERMS);
  const rows = order.map(i => [
    td(escaped(entryName(i, inputShape, features)), 'text-align: left'),
    td(signed(x[i])),
    ...contributions.map(values => td(signColored(signed(values[i]), values[i]))),
  ]);
  return table(['entry', 'x', ...axes.map(axis => `w·x on ${escaped(axis)}`)], rows);
}
