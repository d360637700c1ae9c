import type { PathModel } from './path-model';

/** At most this many decisions are listed. */
const MOST_DECISIONS = 6;

/** What a figure of a path shows, for a reader who has nothing but the figure. */
export function pathCaption({ path, t, decision }: PathModel): string {
  const { labels, shown, regions, decisions } = path;
  const changes = decisions
    .map(d => `${labels[d.to]} from t = ${d.t.toFixed(3)} on`)
    .slice(0, MOST_DECISIONS);
  const largest = decision === null ? '' : ` The largest output is ${labels[decisions[0]?.from ?? decision]}`;
  return (
    `Outputs ${shown.map(c => labels[c]).join(', ')} of a network on the straight path from x (t = 0) to x′ (t = 1), through ` +
    `${regions.toLocaleString('en-US')} linear regions; below them, where units of each layer switch. ` +
    `The line is at t = ${t.toFixed(3)}.` +
    (largest && `${[largest, ...changes].join(', ')}.`)
  );
}
