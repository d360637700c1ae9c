/** Jupyter counts positions in Unicode code points, JavaScript strings in UTF-16 units: an emoji is 1 or 2. */

/** UTF-16 index of the code point number `points` of `text`; clamped to its length. */
export function toUtf16(text: string, points: number): number {
  let index = 0;
  for (let left = points; left > 0 && index < text.length; left--) {
    index += text.codePointAt(index)! > 0xffff ? 2 : 1;
  }
  return index;
}

/** Number of code points before the UTF-16 index `index` of `text`. */
export function toCodePoints(text: string, index: number): number {
  let points = 0;
  for (let at = 0; at < index && at < text.length; points++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return points;
}
