import { readColor } from '../parts/theme';

/** A color in a form that programs other than browsers read, too. */
export interface Paint {
  /** #rrggbb */
  color: string;
  /** 0 to 1 */
  opacity: number;
}

/** Any CSS color, including those that `color-mix` makes. */
export function paintOf(css: string): Paint {
  const [red, green, blue, opacity] = readColor(css);
  const hex = [red, green, blue].map(part => part.toString(16).padStart(2, '0')).join('');
  return { color: `#${hex}`, opacity: Math.round((100 * opacity) / 255) / 100 };
}
