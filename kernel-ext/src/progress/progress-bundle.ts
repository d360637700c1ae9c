import { escaped } from '../page/page-parts';
import type { ProgressState } from './progress-meter';
import type { Bundle } from '../sink/sink';

/** Colors that are legible on light and dark pages: the bar lies directly in the notebook, not on a card of its own. */
const TRACK = 'rgba(128, 128, 128, 0.25)';
const FILL = { running: '#2f81c6', finished: '#3c9a4b', stopped: '#8a8a8a' };

const TEXT_CELLS = 20;

/** Progress as a bar without scripts, and as text. */
export function progressBundle(state: ProgressState): Bundle {
  return { 'text/html': progressHtml(state), 'text/plain': progressText(state) };
}

/** `Training  45% |█████████           | 450/1,000 images · 120/s · 5 s left · loss 0.21` */
export function progressText(state: ProgressState): string {
  const { label, phase } = state;
  const share = shareOf(state);
  const filled = Math.round((share ?? 0) * TEXT_CELLS);
  const bar = `|${'█'.repeat(filled)}${' '.repeat(TEXT_CELLS - filled)}|`;
  const gauge = phase === 'running' && share !== undefined ? [`${percent(share)} ${bar}`] : [];
  return [label, ...gauge, facts(state)].filter(Boolean).join('  ');
}

function progressHtml(state: ProgressState): string {
  const share = shareOf(state);
  const width = percent(state.phase === 'finished' ? 1 : (share ?? 0));
  const value = share === undefined ? '' : ` aria-valuenow="${Math.round(100 * share)}"`;
  const fill = `height: 8px; border-radius: 4px; width: ${width}; background-color: ${FILL[state.phase]}`;
  const track = `display: inline-block; vertical-align: middle; width: 220px; height: 8px; border-radius: 4px; overflow: hidden; margin: 0 10px; background-color: ${TRACK}`;
  return (
    `<div style="font-family: sans-serif; font-size: 13px; line-height: 1.6; font-variant-numeric: tabular-nums">` +
    `${escaped(state.label)}<div role="progressbar"${value} style="${track}"><div style="${fill}"></div></div>` +
    `<span style="opacity: 0.75">${escaped(facts(state))}</span></div>`
  );
}

/** Share of the work that is done, 0..1; undefined where the total is unknown. */
function shareOf({ done, total }: ProgressState): number | undefined {
  if (total === undefined) return undefined;
  return total === 0 ? 1 : Math.min(1, Math.max(0, done / total));
}

function facts(state: ProgressState): string {
  const { done, total, unit, note, seconds, rate, phase } = state;
  const count =
    total === undefined || phase === 'finished' ? number(done) : `${number(done)}/${number(total)}`;
  const counted = unit ? `${count} ${unit}` : count;
  if (phase !== 'running') {
    const end = phase === 'finished' ? '' : 'stopped at ';
    return [`${end}${counted} in ${duration(seconds)}`, note].filter(Boolean).join(' · ');
  }
  const left = total !== undefined && rate > 0 ? `${duration(Math.max(0, total - done) / rate)} left` : '';
  return [counted, rate > 0 ? `${number(rate)}/s` : '', left || duration(seconds), note]
    .filter(Boolean)
    .join(' · ');
}

const percent = (share: number): string => `${Math.floor(100 * share)}%`;

/** 1,234 · 12.3 · 0.012 */
function number(value: number): string {
  if (Number.isInteger(value) || value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(value >= 1 ? 3 : 2);
}

/** 0.8 s · 12 s · 3:05 · 1:02:03 */
function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (part: number): string => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
