import { types } from 'node:util';
import { shownValue } from '../errors/shown-value';
import { PlotValueError } from './errors';
import { isTensor, tensorValues } from './tensor-values';

/** Deeper nesting than any figure has; JSON would overflow the stack somewhere beyond. */
const DEEPEST = 200;

/** How a walk treats values. */
interface Treatment {
  /** What becomes of a value that is neither a list nor a plain object nor a tensor. */
  leaf(value: unknown, at: string): unknown;
  /** Whether instances of classes count as plain objects. */
  isOpen(value: object): boolean;
  /** Whether a field with this value is left out. */
  omits(value: unknown): boolean;
}

/**
 * A value as JSON holds it and as plotly reads it: arrays for typed arrays and tensors, texts for dates, and null, which leaves
 * a gap, for NaN and the infinities.
 * @param at where the value is, for messages: 'data[0].x'
 * @throws {PlotValueError} for functions, maps, promises, disposed tensors, and whatever contains itself
 */
export const jsonValue = (value: unknown, at: string): unknown => walk(value, at, JSON_VALUE, []);

/** The value with nested arrays in place of the tensors in its lists and plain objects. @throws {PlotValueError} as `jsonValue` */
export const withoutTensors = (value: unknown, at: string): unknown => walk(value, at, AS_IT_IS, []);

const AS_IT_IS: Treatment = { leaf: value => value, isOpen: isPlain, omits: () => false };

const JSON_VALUE: Treatment = {
  leaf: jsonLeaf,
  isOpen: value => !isLeaf(value),
  omits: value => value === undefined,
};

function walk(value: unknown, at: string, how: Treatment, within: readonly object[]): unknown {
  if (typeof value !== 'object' || value === null) return how.leaf(value, at);
  if (within.includes(value))
    throw new PlotValueError(at, 'part of itself', 'Give data without circular references.');
  if (within.length > DEEPEST)
    throw new PlotValueError(at, `nested more than ${DEEPEST} levels deep`, 'Flatten the data.');
  const inside = [...within, value];
  if (Array.isArray(value)) {
    const list = value as unknown[];
    return Array.from(list, (entry, i) =>
      typeof entry === 'object' ? walk(entry, `${at}[${i}]`, how, inside) : how.leaf(entry, at),
    );
  }
  if (isTensor(value)) return walk(tensorValues(value, at), at, how, inside);
  if (!how.isOpen(value)) return how.leaf(value, at);
  const entries = Object.entries(value) as [string, unknown][];
  return Object.fromEntries(
    entries
      .filter(([, entry]) => !how.omits(entry))
      .map(([key, entry]) => [key, walk(entry, at === '' ? key : `${at}.${key}`, how, inside)]),
  );
}

function jsonLeaf(value: unknown, at: string): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return fromBigint(value);
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (types.isDate(value)) return dateText(value);
  if (types.isTypedArray(value))
    return Array.from(value as ArrayLike<number | bigint>, entry => jsonLeaf(entry, at));
  if (types.isBoxedPrimitive(value)) return jsonLeaf(value.valueOf(), at);
  if (typeof value === 'object' && hasJson(value)) return jsonValue(value.toJSON(), at);
  const received = types.isMap(value) ? 'a Map' : types.isSet(value) ? 'a Set' : shownValue(value);
  throw new PlotValueError(
    at,
    received,
    'A figure holds numbers, texts, dates, arrays, tensors and plain objects.',
  );
}

/** Objects that are one value, or nothing that JSON can hold. */
const isLeaf = (value: object): boolean =>
  types.isDate(value) ||
  ArrayBuffer.isView(value) ||
  types.isAnyArrayBuffer(value) ||
  types.isBoxedPrimitive(value) ||
  types.isMap(value) ||
  types.isSet(value) ||
  types.isPromise(value) ||
  hasJson(value);

const hasJson = (value: object): value is { toJSON(): unknown } =>
  typeof (value as { toJSON?: unknown }).toJSON === 'function';

/** plotly reads a text of digits as a number. */
const fromBigint = (value: bigint): number | string =>
  BigInt(Number(value)) === value ? Number(value) : String(value);

/** A date as ISO text, without a time of midnight; null if it is invalid. */
export const dateText = (date: Date): string | null =>
  Number.isNaN(+date) ? null : date.toISOString().replace(/T00:00:00.000Z$/, '');

/** Whether an object was written as {…}. Cells may run in another realm, where such objects have another prototype. */
export function isPlain(thing: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(thing);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
