import type { Reach } from 'piecewise/payload';
import { switching } from '../figures/unit-name';
import { element } from '../parts/element';

/**
 * How far along an edit the linear map is exact: a bar from x to x′ with a mark where the first unit switches, and a sentence.
 * @param reach null: not known yet
 */
export function gaugeBar(reach: Reach | null): HTMLElement {
  const { share, unit } = reach ?? { share: 0, unit: null };
  const holds = element('span', 'pw-gauge-exact');
  holds.style.width = `${100 * share}%`;
  const mark = element('span', 'pw-gauge-mark');
  mark.style.left = `${100 * share}%`;
  mark.hidden = unit === null;
  const bar = element('span', 'pw-gauge-bar', holds, mark);
  return element(
    'div',
    'pw-gauge',
    element('span', 'pw-term', 'x'),
    bar,
    element('span', 'pw-term', 'x′'),
    element(
      'span',
      'pw-gauge-status',
      reach ? sentence(reach) : 'the kernel is asked how far the linear map holds once the hand rests',
    ),
  );
}

function sentence({ share, unit }: Reach): string {
  if (unit === null) return 'exact all the way: no unit switches between x and x′.';
  if (share === 0) return `exact at x only: x lies on a border, where ${switching(unit)}.`;
  return `exact up to ${percent(share)} of this edit, then ${switching(unit)}.`;
}

/** Rounded, but never to 0 or 100 %, which would claim too much. */
function percent(share: number): string {
  const value = 100 * share;
  if (value < 0.1) return 'less than 0.1 %';
  return `${value < 10 || value > 99 ? Math.floor(10 * value) / 10 : Math.round(value)} %`;
}
