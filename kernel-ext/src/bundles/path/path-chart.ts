import {
  COLORS,
  decodeArray,
  outputColors,
  plain,
  readQuantized,
  type Decision,
  type PathPayload,
} from '../../payload';
import type { Chart, LineMark, PointsMark } from '../../charts/chart';
import { thinned } from '../../charts/thinned';
import { aligned } from '../../page/text-table';

/** How many decisions the caption names, and how many have a row in the table. */
const MOST_NAMED = 6;
const MOST_ROWS = 20;
/** How many intervals a line of the picture is divided into; each is drawn by its smallest and its largest value. */
const STRETCHES = 200;

/** The outputs along a path as lines, with a mark wherever another output becomes the largest. */
export function pathChart(payload: PathPayload, title: string): Chart {
  const { labels, shown, decides, regions, decisions } = payload;
  const t = [...decodeArray(payload.t, 't').values];
  const valueAt = outputsOf(payload);
  const colors = outputColors(labels, shown);
  const lines = shown.map((c, i): LineMark => {
    const all = t.map((_, v) => valueAt(v, i));
    const kept = [...new Set([0, ...thinned(all, STRETCHES), t.length - 1])];
    const [x, y] = [kept.map(v => t[v]), kept.map(v => all[v])];
    return { type: 'line', name: labels[c], color: colors[i], x, y };
  });
  return {
    title,
    caption: [`${regions.toLocaleString('en')} linear regions`, ...decisionText(decisions, labels)].join(
      '; ',
    ),
    panels: [
      {
        x: { label: 't, from x at 0 to x′ at 1', isTight: true },
        y: { label: decides ? 'logit' : 'output' },
        marks: [...lines, ...decisionMarks(payload)],
      },
    ],
  };
}

/** The outputs along a path as text: one row for each end and for each decision. */
export function pathText(payload: PathPayload, title: string): string {
  const { labels, shown, decisions } = payload;
  const at = interpolated(payload);
  const rows = [0, ...decisions.slice(0, MOST_ROWS).map(d => d.t), 1].map(t => [
    t.toFixed(3),
    ...shown.map((_, i) => plain(at(t, i))),
  ]);
  const { caption } = pathChart(payload, title);
  return [title, caption, '', ...aligned([['t', ...shown.map(c => labels[c])], ...rows])].join('\n');
}

/** F by breakpoint and position among the shown outputs. */
function outputsOf({ values, shown }: PathPayload): (v: number, i: number) => number {
  const numbers = readQuantized(values, shown.length, 'values');
  return (v, i) => numbers[v * shown.length + i];
}

/** F by t and position among the shown outputs. */
function interpolated(payload: PathPayload): (t: number, i: number) => number {
  const ts = decodeArray(payload.t, 't').values;
  const valueAt = outputsOf(payload);
  return (t, i) => {
    const end = Math.max(
      1,
      ts.findIndex(v => v >= t),
    );
    const length = ts[end] - ts[end - 1];
    const share = length > 0 ? (t - ts[end - 1]) / length : 0;
    return valueAt(end - 1, i) + share * (valueAt(end, i) - valueAt(end - 1, i));
  };
}

function decisionText(decisions: readonly Decision[], labels: readonly string[]): string[] {
  if (decisions.length === 0) return [];
  const named = decisions.slice(0, MOST_NAMED).map(d => `${labels[d.to]} from t = ${d.t.toFixed(3)} on`);
  const more = decisions.length > MOST_NAMED ? [`${decisions.length - MOST_NAMED} more`] : [];
  return [`largest: ${labels[decisions[0].from]}, ${[...named, ...more].join(', ')}`];
}

/** A dot where the two lines cross. */
function decisionMarks(payload: PathPayload): PointsMark[] {
  const at = interpolated(payload);
  const visible = payload.decisions.filter(d => payload.shown.includes(d.to));
  if (visible.length === 0) return [];
  const [x, y] = [visible.map(d => d.t), visible.map(d => at(d.t, payload.shown.indexOf(d.to)))];
  return [{ type: 'points', name: 'decision', color: COLORS.ink, x, y }];
}
