/** The values and the shape of a nested array of numbers. */
export interface NestedArray {
  shape: number[];
  /** Row major. */
  values: number[];
}

/**
 * @param thing nested arrays or typed arrays of numbers, of equal lengths on each level
 * @returns null if it is anything else, or empty
 */
export function readNestedArray(thing: unknown): NestedArray | null {
  if (typeof thing === 'number') return { shape: [], values: [thing] };
  if (!isListLike(thing) || thing.length === 0) return null;
  const parts = Array.from(thing, readNestedArray);
  const shape = parts[0]?.shape;
  if (!shape || parts.some(part => part?.shape.join() !== shape.join())) return null;
  return { shape: [parts.length, ...shape], values: parts.flatMap(part => part!.values) };
}

function isListLike(thing: unknown): thing is ArrayLike<unknown> {
  return Array.isArray(thing) || (ArrayBuffer.isView(thing) && !(thing instanceof DataView));
}
