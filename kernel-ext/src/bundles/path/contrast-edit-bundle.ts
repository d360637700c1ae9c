import type { ContrastEdit } from '../../paths/contrast-edit';
import { entryName, evenly, inputImage, PageOrder, signedImage, bound, plain, signed } from '../../payload';
import { card, escaped } from '../../page/page-parts';
import { inputPlate, type Plate, plateTable, signedPlate } from '../../page/plates';
import { more, signColored, table, td } from '../../page/html-table';
import { grid, toPng } from '../../page/png';
import { QUIET_STYLE } from '../../page/theme-colors';
import type { Bundle } from '../../sink/sink';
import { aligned } from '../../page/text-table';

/** Sides of images in pixels, and the gap between them in the picture. */
const SIDE = 168;
const STEP_SIDE = 84;
const GAP = 12;
/** How many corners of a walk are shown, and how many entries of a vector. */
const MOST_STEPS = 6;
const MOST_ENTRIES = 10;

/** Whether a thing is a result of `contrastEdit`, by its fields. */
export function isContrastEdit(thing: object): thing is ContrastEdit {
  const { corners, crossed, outputs } = thing as Partial<ContrastEdit>;
  return Array.isArray(corners) && Array.isArray(crossed) && Array.isArray(outputs);
}

/** An edit that makes two outputs equal: x, the change, x', and the corners at which the walk changed direction. */
export function editBundle(edit: ContrastEdit): Bundle {
  const { corners } = edit;
  const { shape } = edit.point;
  const [from, to] = [corners[0], corners.at(-1)!];
  const change = to.map((v, k) => v - from[k]);
  const lines = [headline(edit), proof(edit)];
  const order = new PageOrder({ shape, channelAxis: edit.channelAxis });
  const plates = editPlates(edit, order, change);
  const entries = largest(change);
  const rows = entries.map(k => [
    entryName(k, shape, undefined),
    plain(from[k]),
    signed(change[k]),
    plain(to[k]),
  ]);
  const head = ['entry', 'x', 'change', 'x′'];
  const shown =
    plates.length > 0 ? plateTable(plates) + walkTable(edit, order) : entryTable(head, rows, change, entries);
  return {
    'text/html': card(
      `<div style="font-size: 15px"><b>${escaped(lines[0])}</b></div>` +
        `<div style="${QUIET_STYLE}; margin: 0 0 8px 0">${escaped(lines[1])}</div>${shown}`,
    ),
    ...(plates.length > 0 && {
      'image/png': toPng(
        grid(
          plates.map(({ picture }) => picture),
          plates.length,
          GAP,
        ),
      ).toString('base64'),
    }),
    'text/plain': [...lines, ...(plates.length > 0 ? [] : ['', ...aligned([head, ...rows])])].join('\n'),
  };
}

function headline({ labels: [i, j], gap, distance }: ContrastEdit): string {
  return `An edit of length ${plain(distance, 3)} (l2) ties ${i} and ${j}, which are ${signed(gap)} apart at x`;
}

/** States where it is proved that no smaller edit makes the outputs equal. */
function proof({
  smallest,
  crossed,
  distance,
}: Pick<ContrastEdit, 'smallest' | 'crossed' | 'distance'>): string {
  if (smallest === 'everywhere')
    return `The smallest possible edit: no unit switches within ${plain(distance, 3)} of x in any direction.`;
  if (smallest === 'in the region')
    return 'The smallest edit within the region of x; a shorter path through other regions is not ruled out.';
  const units = crossed.reduce((sum, border) => sum + border.length, 0);
  return (
    `Found by walking through ${crossed.length.toLocaleString('en')} borders, at which ${units.toLocaleString('en')} units ` +
    `switch. It is a tie, but not proved to be the nearest.`
  );
}

function editPlates(
  { labels: [i, j], corners }: ContrastEdit,
  order: PageOrder,
  change: Float32Array,
): Plate[] {
  const [x, edit, tie] = [
    inputImage(order.toPage(corners[0]), order.shape),
    signedImage(order.toPage(change), order.shape),
    inputImage(order.toPage(corners.at(-1)!), order.shape),
  ];
  if (!x || !edit || !tie) return [];
  return [
    inputPlate('x', 'input', x, SIDE),
    signedPlate('x′ − x', 'the edit', edit, SIDE),
    inputPlate('x′', `${i} and ${j} tie`, tie, SIDE),
  ];
}

/** The corners of the walk. */
function walkTable({ corners }: ContrastEdit, order: PageOrder): string {
  const between = corners.slice(1, -1);
  if (between.length === 0) return '';
  const shown = evenly(between.length, MOST_STEPS);
  const plates = shown.map(n =>
    inputPlate(`step ${n + 1}`, '', inputImage(order.toPage(between[n]), order.shape)!, STEP_SIDE),
  );
  const note = shown.length < between.length ? `, ${shown.length} of ${between.length} shown` : '';
  return `<div style="${QUIET_STYLE}; margin: 8px 0 2px 0">Where the walk changed its direction${note}</div>${plateTable(plates)}`;
}

function entryTable(
  head: readonly string[],
  rows: readonly string[][],
  change: Float32Array,
  entries: readonly number[],
): string {
  const cells = rows.map(([name, x, moved, tie], n) => [
    td(name, 'text-align: left'),
    td(x),
    td(signColored(moved, change[entries[n]])),
    td(tie),
  ]);
  const rest = change.length - entries.length;
  return table(head, cells) + (rest > 0 ? more(`and ${bound(rest)} smaller changes`) : '');
}

const largest = (change: Float32Array): number[] =>
  [...change.keys()].sort((a, b) => Math.abs(change[b]) - Math.abs(change[a])).slice(0, MOST_ENTRIES);
