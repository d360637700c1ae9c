import type { EmbeddingPayload, ExplainedPayload } from '../../payload/embedding';
import { MOST_CLASSES } from './embedding-text';
import { contribution, reasonPlates } from './explanation-plates';
import { decodeArray } from '../../payload/array-codec';
import { QUIET, signColored, table, td } from '../../page/html-table';
import { plateTable } from '../linearization/plate-table';
import { classFacts, formulas, mapClaims, pointLabel, scatterPoints, strengthOf } from './embedding-facts';
import { signed } from '../../payload/numbers';
import { card, css, escaped, img } from '../../page/page-parts';
import { framed } from '../../page/png';
import { classColor, paintScatter } from './scatter';

const HTML_BUDGET = 96 * 1024;
/** Sides of the map and of the images in pixels; the largest with which the whole stays in the budget is taken. */
const SIDES = [
  [440, 140],
  [320, 112],
  [200, 56],
];
const MOST_TERMS = 10;

/**
 * The map as a page without scripts: what it is, the points, a legend with the numbers of each class, and why the
 * explained points are where they are. At most 96 KB; every text from outside is escaped.
 */
export function embeddingHtml(payload: EmbeddingPayload): string {
  const pages = SIDES.map(sides => () => page(payload, sides));
  const fitting = pages.slice(0, -1).find(make => Buffer.byteLength(make()) <= HTML_BUDGET);
  return (fitting ?? pages[pages.length - 1])();
}

function page(payload: EmbeddingPayload, [map, image]: readonly number[]): string {
  const picture = framed(paintScatter(scatterPoints(payload), map));
  const block = (content: string): string =>
    `<div style="display: inline-block; vertical-align: top; margin: 0 18px 6px 0">${content}</div>`;
  const claims = mapClaims(payload).map(escaped).join(' · ');
  const about = `${payload.title}: ${payload.axes[0]} to the right${payload.axes[1] ? `, ${payload.axes[1]} upward` : ''}`;
  return card(
    [
      `<div style="margin: 0 0 8px 0"><b style="font-size: 17px">${escaped(payload.title)}</b> &ensp;` +
        `<span style="color: ${QUIET}">${claims}</span></div>`,
      block(img(picture, about)),
      block(classTable(payload)),
      ...payload.explained.map(point => block(reason(point, payload, image))),
      `<div style="color: ${QUIET}; font-size: 12px">${escaped(about)}. Places are rounded to 1/65,534 of the map.</div>`,
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
      ...center.map(place => td(place)),
    ]);
  const more = classes.length - MOST_CLASSES;
  const rest = more > 0 ? `<div style="color: ${QUIET}; padding: 2px 8px">and ${more} more</div>` : '';
  return (
    table(['', 'class', 'points', ...payload.axes.map(axis => `median ${escaped(axis)}`)], rows, 2) + rest
  );
}

function swatch(index: number, classes: number): string {
  const size = 'display: inline-block; width: 10px; height: 10px; vertical-align: middle';
  return `<span style="${size}; background-color: ${css(classColor(index, classes))}"></span>`;
}

function reason(point: ExplainedPayload, payload: EmbeddingPayload, side: number): string {
  const label = pointLabel(payload, point.index);
  const lines = formulas(point, payload.axes).map(line => `<div>${escaped(line)}</div>`);
  const plates = reasonPlates(point, payload, side);
  return [
    `<div><b>Point ${point.index}${label && ` · ${escaped(label)}`}</b> &ensp;`,
    `<span style="color: ${QUIET}; font-size: 12px">${escaped(strengthOf(point))}</span></div>`,
    ...lines,
    plates.length > 0 ? plateTable(plates) : termTable(point, payload.axes),
  ].join('\n');
}

/** What the numbers of a point that is no image add on each axis, the strongest first. */
function termTable(point: ExplainedPayload, axes: readonly string[]): string {
  const x = decodeArray(point.input);
  const w = decodeArray(point.weights);
  const terms = axes.map((_, axis) => contribution(x, w, axis));
  const strength = (i: number): number => Math.hypot(...terms.map(values => values[i]));
  const order = [...x.keys()].sort((i, j) => strength(j) - strength(i)).slice(0, MOST_TERMS);
  const rows = order.map(i => [
    td(`x[${i}]`, 'text-align: left'),
    td(signed(x[i])),
    ...terms.map(values => td(signColored(signed(values[i]), values[i]))),
  ]);
  return table(['entry', 'x', ...axes.map(axis => `w·x on ${escaped(axis)}`)], rows);
}
