import { MalformedPayloadError } from './errors';

/** JSON from a notebook that anybody may have written: only own properties count, and every type is checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** The longest label or layer name that is kept; the rest is cut off, since no screen could show it. */
const LONGEST_TEXT = 200;
/** How much of the end of a longer text is kept. */
const LONGEST_END = 50;

export function asFields(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedPayloadError(field, `is ${describe(value)}, not an object`);
  }
  return value as Fields;
}

/** The property `key` of `fields` itself, never one of its prototype. */
export function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

export function asText(value: unknown, field: string): string {
  if (typeof value !== 'string') {
    throw new MalformedPayloadError(field, `is ${describe(value)}, not a string`);
  }
  if (value.length <= LONGEST_TEXT) return value;
  // Names that begin alike often differ at the end.
  return `${value.slice(0, LONGEST_TEXT - LONGEST_END - 1)}…${value.slice(-LONGEST_END)}`;
}

export function asBoolean(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw new MalformedPayloadError(field, 'is neither true nor false');
  return value;
}

export function asNumber(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new MalformedPayloadError(field, `is ${describe(value)}, not a finite number`);
  }
  return value;
}

/** A finite number from `least` to `most`. */
export function asNumberWithin(value: unknown, least: number, most: number, field: string): number {
  const number = asNumber(value, field);
  if (number < least || number > most) {
    const wanted = most === Infinity ? `at least ${least}` : `from ${least} to ${most}`;
    throw new MalformedPayloadError(field, `is ${number}, not ${wanted}`);
  }
  return number;
}

/** A number from 0 to Infinity, as which it reads null: JSON has no Infinity and writes null in its place. */
export function asSize(value: unknown, field: string): number {
  return value === null || value === Infinity ? Infinity : asNumberWithin(value, 0, Infinity, field);
}

/** A whole number from 0 to limit − 1. */
export function asIndex(value: unknown, limit: number, field: string): number {
  const index = asNumber(value, field);
  if (!Number.isInteger(index) || index < 0 || index >= limit) {
    throw new MalformedPayloadError(field, `is ${index}, not a whole number from 0 to ${limit - 1}`);
  }
  return index;
}

/** The Piecewise kernel never writes a larger count of anything. */
const MOST_COUNTED = 2 ** 40;

/** A count: a whole number, 0 or more. */
export const asCount = (value: unknown, field: string): number => asIndex(value, MOST_COUNTED, field);

/** One of a few strings. */
export function asOneOf<T extends string>(value: unknown, choices: readonly T[], field: string): T {
  const choice = choices.find(known => known === value);
  if (choice === undefined) throw new MalformedPayloadError(field, `is not one of ${choices.join(', ')}`);
  return choice;
}

/** A list of at least `least` and at most `most` entries. */
export function asList(value: unknown, least: number, most: number, field: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new MalformedPayloadError(field, `is ${describe(value)}, not a list`);
  }
  if (value.length < least || value.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new MalformedPayloadError(field, `has ${value.length} entries, not ${wanted}`);
  }
  return value;
}

export function asNumbers(value: unknown, least: number, most: number, field: string): number[] {
  return asList(value, least, most, field).map((entry, i) => asNumber(entry, `${field}[${i}]`));
}

export function asTexts(value: unknown, least: number, most: number, field: string): string[] {
  return asList(value, least, most, field).map((entry, i) => asText(entry, `${field}[${i}]`));
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' ? String(value) : `a ${typeof value}`;
}
