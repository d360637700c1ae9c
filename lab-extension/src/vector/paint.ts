/** A color as programs other than browsers read it, too. */
export interface Paint {
  /** #rrggbb */
  color: string;
  /** 0 to 1 */
  opacity: number;
}

const known = new Map<string, Paint>();

/** Any CSS color, also those that `color-mix` makes. */
export function paintOf(css: string): Paint {
  let paint = known.get(css);
  if (!paint) known.set(css, (paint = read(css)));
  return paint;
}

function read(css: string): Paint {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  const hex = [red, green, blue].map(part => part.toString(16).padStart(2, '0')).join('');
  return { color: `#${hex}`, opacity: Math.round((100 * alpha) / 255) / 100 };
}
