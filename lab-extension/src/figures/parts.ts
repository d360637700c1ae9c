import { selectionOf, type Selection } from './selection';
import { selectionSum } from './selection-sum';
import { stretchName, type Signal, type Superpixels } from 'piecewise/payload';

/** A part of W∘x with a name that a person can find in the picture, and its exact sum. */
export interface Part {
  name: string;
  sum: number;
  /** Its sum at x, where `sum` belongs to an edited x′; null: `sum` belongs to x. */
  before: number | null;
  /** Where the part lies; null: in several places, or the input is not an image. */
  selection: Selection | null;
}

const ROWS = ['top', 'middle', 'bottom'];
const COLUMNS = ['left', 'center', 'right'];

/** Parts smaller than this share of all |contributions| are summed in `the rest`. */
const SMALL = 0.02;

/**
 * Splits the contributions of an image into 3 × 3 parts of the box in which they are not zero.
 * The sums of the parts add up to the sum of the image.
 * @param plane [H·W], summed over channels.
 * @param before the same at x, where `plane` belongs to an edited x′; the parts are those of both.
 */
export function imageParts(
  plane: Float32Array,
  width: number,
  before: Float32Array | null = null,
  most = 6,
): Part[] {
  const box = boundingBox(before ? plane.map((value, i) => value || before[i]) : plane, width);
  if (!box) return [];
  const rows = thirds(box.top, box.bottom);
  const columns = thirds(box.left, box.right);
  const parts = rows.flatMap(([top, bottom], i) =>
    columns.map(([left, right], j) => {
      const selection = { top, left, bottom, right };
      const sumOf = (values: Float32Array) => selectionSum(values, { width, channels: 1 }, selection);
      return { name: partName(i, j), selection, sum: sumOf(plane), before: before && sumOf(before) };
    }),
  );
  return collectSmall(
    parts.filter(
      part => part.selection.top <= part.selection.bottom && part.selection.left <= part.selection.right,
    ),
    most,
  );
}

/**
 * The superpixels of an image that contribute most, each named by its middle, and the rest.
 * @param before as for `imageParts`
 */
export function superpixelParts(
  plane: Float32Array,
  parts: Superpixels,
  width: number,
  before: Float32Array | null = null,
  most = 6,
): Part[] {
  const pixels: number[][] = Array.from({ length: parts.count }, () => []);
  plane.forEach((_, at) => pixels[parts.of[at]].push(at));
  const all = pixels.flatMap(own => {
    const selection = selectionOf(own, width);
    const sumOf = (values: Float32Array) => own.reduce((sum, at) => sum + values[at], 0);
    return selection
      ? [{ name: middleOf(selection), sum: sumOf(plane), before: before && sumOf(before), selection }]
      : [];
  });
  return collectSmall(all, most);
}

function middleOf({ top, bottom, left, right }: Selection): string {
  return `at ${(top + bottom) >> 1}, ${(left + right) >> 1}`;
}

/** The largest features of a vector's contributions, and the rest. */
export function vectorParts(contributions: Float32Array, nameOf: (i: number) => string, most = 6): Part[] {
  const parts = [...contributions].map((sum, i) => ({
    name: nameOf(i),
    sum,
    before: null,
    selection: selectionOf([i], contributions.length),
  }));
  return collectSmall(parts, most);
}

/** How many equal stretches of time a signal of one channel is divided into. */
const STRETCHES = 6;

/** The channels of a signal, or equal stretches of time of a single one, and the rest. @param contributions [C, T] */
export function signalParts(contributions: Float32Array, signal: Signal, most = 6): Part[] {
  const { channels, steps, names } = signal;
  const boxes: [string, Selection][] =
    channels === 1
      ? stretches(steps).map(([left, right]) => [
          stretchName(left, right, signal),
          { top: 0, bottom: 0, left, right },
        ])
      : names.map((name, c) => [name, { top: c, bottom: c, left: 0, right: steps - 1 }]);
  const parts = boxes.map(([name, selection]) => ({
    name,
    selection,
    sum: selectionSum(contributions, { width: steps, channels: 1 }, selection),
    before: null,
  }));
  return collectSmall(parts, most);
}

/** Adjacent stretches that cover all steps. */
function stretches(steps: number): [number, number][] {
  const count = Math.min(STRETCHES, steps);
  return Array.from({ length: count }, (_, k) => [
    Math.round((k * steps) / count),
    Math.round(((k + 1) * steps) / count) - 1,
  ]);
}

function boundingBox(plane: Float32Array, width: number): Selection | null {
  let box: Selection | null = null;
  plane.forEach((value, i) => {
    if (value === 0) return;
    const row = Math.floor(i / width);
    const column = i % width;
    box ??= { top: row, left: column, bottom: row, right: column };
    box.bottom = row;
    box.left = Math.min(box.left, column);
    box.right = Math.max(box.right, column);
  });
  return box;
}

/** Three adjacent intervals that cover from … to; some are empty if it has fewer than three entries. */
function thirds(from: number, to: number): [number, number][] {
  const length = to - from + 1;
  return [0, 1, 2].map(i => [
    from + Math.round((i * length) / 3),
    from + Math.round(((i + 1) * length) / 3) - 1,
  ]);
}

function partName(i: number, j: number): string {
  if (i === 1 && j === 1) return 'center';
  if (j === 1) return ROWS[i];
  if (i === 1) return COLUMNS[j];
  return `${ROWS[i]} ${COLUMNS[j]}`;
}

/** Keeps the largest parts in their order and sums all others into one. A part counts by its larger sum, at x′ or at x. */
function collectSmall(parts: Part[], most: number): Part[] {
  const size = ({ sum, before }: Part) => Math.max(Math.abs(sum), Math.abs(before ?? 0));
  const total = parts.reduce((sum, part) => sum + size(part), 0);
  const largest = [...parts]
    .sort((p, q) => size(q) - size(p))
    .slice(0, most)
    .filter(part => size(part) >= SMALL * total);
  const kept = parts.filter(part => largest.includes(part));
  const rest = parts.filter(part => !largest.includes(part));
  if (rest.length === 0) return kept;
  const sum = rest.reduce((sum, part) => sum + part.sum, 0);
  const isEdited = rest.some(({ before }) => before !== null);
  const before = isEdited ? rest.reduce((sum, part) => sum + (part.before ?? 0), 0) : null;
  return [...kept, { name: 'the rest', sum, before, selection: null }];
}
