import type { Census } from '../../census/census';
import type { InstanceGroups } from '../../census/instance-groups';
import { COLORS } from '../../payload';
import { table, td } from '../../page/html-table';
import { card, escaped } from '../../page/page-parts';
import { css, QUIET_STYLE } from '../../page/theme-colors';
import type { Bundle } from '../../sink/sink';

const BAR = 110;
/** How many sizes of regions the text lists, the largest first. */
const LARGEST = 5;

/** A census as a table by layer, as a page without scripts and as text. */
export function censusBundle(census: Census): Bundle {
  const { instances, units, total, layers } = census;
  const title = `${count(instances)} instances in ${count(total.count)} linear regions`;
  const note = `${count(units)} units. The shorter the bar, the more instances share a region.`;
  const lines = layers.flatMap(({ layer, units: own, own: alone, upTo }, i) => [
    { name: layer, units: count(own), partition: alone, isWhole: false },
    ...(i === 0
      ? []
      : [{ name: `up to ${layer}`, units: '', partition: upTo, isWhole: i === layers.length - 1 }]),
  ]);
  const head = ['pattern of', 'units', 'regions', '', 'of one instance', 'largest', 'one class'];
  const rows = lines.map(({ name, units: own, partition, isWhole }) => {
    const style = isWhole ? 'font-weight: bold' : '';
    const { count: regions, single, sizes, oneClass } = partition;
    return [
      td(escaped(name), `text-align: left; ${style}`),
      td(own, QUIET_STYLE),
      td(count(regions), style),
      td(bar(regions / instances)),
      td(count(single), style),
      td(count(sizes[partition.largest[0]]), style),
      td(oneClass === null ? '–' : count(oneClass), style),
    ];
  });
  return {
    'text/html': card(
      `<div style="font-size: 15px"><b>${title}</b></div>` +
        `<div style="${QUIET_STYLE}; font-size: 12px; margin: 0 0 8px 0">${note} One class: regions of several instances, all of one class.</div>` +
        table(head, rows),
    ),
    'text/plain': [title, ...lines.map(({ name, partition }) => `${name}: ${facts(partition)}`)].join('\n'),
  };
}

function bar(share: number): string {
  const width = Math.max(1, Math.round(BAR * share));
  return `<div style="width: ${BAR}px"><div style="width: ${width}px; height: 10px; background-color: ${css(COLORS.takes)}"></div></div>`;
}

function facts({ count: regions, single, sizes, largest, oneClass }: InstanceGroups): string {
  const first = largest.slice(0, LARGEST).map(group => sizes[group]);
  return (
    `${regions} regions, ${single} of one instance, the largest of ${first.join(', ')}` +
    (oneClass === null ? '' : `; ${oneClass} of several instances of one class`)
  );
}

const count = (value: number): string => value.toLocaleString('en');
