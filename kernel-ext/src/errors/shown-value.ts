/** Whether x can be awaited, of whichever realm or library it is. */
export const isPromise = (x: unknown): x is PromiseLike<unknown> =>
  typeof x === 'object' && x !== null && 'then' in x && typeof x.then === 'function';

/** A value as messages show it: short, in one line, whatever it is. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (isPromise(value)) return 'a promise (await it first)';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const { name = 'Object' } = ((value as object).constructor ?? {}) as { name?: string };
  if (name !== 'Object') return `an instance of ${name}`;
  const fields = Object.keys(value).slice(0, 4).join(', ');
  return fields === '' ? 'an object' : `an object with ${fields}`;
}
