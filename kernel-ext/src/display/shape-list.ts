/** `[?, 28, 28, 1]`, or several such shapes; '' for anything else. Free axes are question marks or have their names. */
export function shapeList(shape: unknown): string {
  if (!Array.isArray(shape)) return '';
  if (shape.some(Array.isArray)) return shape.map(shapeList).join(', ');
  return `[${(shape as (number | string | null)[]).map(size => (size === null || Number(size) < 0 ? '?' : String(size))).join(', ')}]`;
}
