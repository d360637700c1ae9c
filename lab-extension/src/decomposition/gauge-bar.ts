import type { Reach } from 'piecewise/payload';
import { switching } from '../figures/unit-name';
import { element } from '../parts/element';
import { explain } from '../parts/explanation';

/**
 * How far along an edit the linear map is exact: a bar from x to x′ with a mark where the first unit switches, and a sentence.
 * Units that are exactly at their threshold at x are skipped, and counted.
 * @param reach null: not known yet
 */
export function gaugeBar(reach: Reach | null): HTMLElement {
  const { share, unit } = reach ?? { share: 0, unit: null };
  const exact = element('span', 'pw-gauge-exact');
  exact.style.width = `${100 * share}%`;
  const mark = element('span', 'pw-gauge-mark');
  mark.style.left = `${100 * share}%`;
  mark.hidden = unit === null;
  const bar = element('span', 'pw-gauge-bar', exact, mark);
  return element(
    'div',
    'pw-gauge',
    element('span', 'pw-term', 'x'),
    bar,
    element('span', 'pw-term', 'x′'),
    element(
      'span',
      'pw-gauge-status',
      ...(reach
        ? [...skipped(reach), sentence(reach)]
        : ['When you pause, the kernel computes how far the linear map remains exact.']),
    ),
  );
}

function sentence({ share, unit, touching }: Reach): string {
  const start = touching > 0 ? 'exact' : 'Exact';
  if (unit === null)
    return `${start} along the whole edit: no ${touching > 0 ? 'other ' : ''}unit switches between x and x′.`;
  if (share === 0) return `${start} at x only: x lies on a border, where ${switching(unit)}.`;
  return `${start} up to ${percent(share)} of this edit; there, ${switching(unit)}.`;
}

function skipped({ touching }: Reach): (Node | string)[] {
  if (touching === 0) return [];
  const count = `${touching.toLocaleString('en')} ${touching === 1 ? 'unit' : 'units'}`;
  const word = element('span', 'pw-word', `${count} at the threshold`);
  explain(
    word,
    'At x, these units cannot tell two entries apart, such as those of a max-pool’s window on a constant background, or have a ' +
      'pre-activation of exactly 0. They switch as soon as the edit begins, so the gauge skips them.',
  );
  return ['Apart from ', word, ', '];
}

/** Rounded, but never to 0 or 100 %, which would claim too much. */
function percent(share: number): string {
  const value = 100 * share;
  if (value < 0.1) return 'less than 0.1 %';
  return `${value < 10 || value > 99 ? Math.floor(10 * value) / 10 : Math.round(value)} %`;
}
