import { COLORS, type Color } from '../payload';
import type { Shades } from './chart';
import { shareOf } from './share-of';
import { viridis } from './viridis';

/** The color of a number: on a signed scale white at zero, orange above and blue below; gray if it is not finite. */
export function shadeColor(value: number, { range, isSigned }: Shades): Color {
  if (!Number.isFinite(value)) return COLORS.bias;
  if (!isSigned) return viridis(shareOf(value, range));
  const share = range.high > 0 ? Math.min(1, Math.abs(value) / range.high) : 0;
  const full = value < 0 ? COLORS.takes : COLORS.adds;
  return COLORS.page.map((page, c) => Math.round(page + (full[c] - page) * share)) as unknown as Color;
}
