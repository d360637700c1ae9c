import { inspect, types } from 'node:util';
import { type Bundle, DISPLAY } from '../sink/sink';
import { modelSummary } from './model-summary';
import { recordTable } from './record-table';

/** Longer texts are cut, because a notebook is saved with its outputs. */
const MAX_CHARACTERS = 20_000;

/** Texts of more characters are printed with fewer entries; if they are still this long, with their first and last lines. */
const LONG = 2_000;
const MAX_LINES_CHARACTERS = 4_000;
const KEPT_LINES = 25;

/** Makes the MIME bundle of any value. */
export type Format = (value: unknown) => Bundle | Promise<Bundle>;

interface SelfDisplaying {
  [DISPLAY](): Bundle | Promise<Bundle>;
}

interface TensorLike {
  shape: number[];
  dtype: string;
  dataSync(): unknown;
  toString(): string;
}

/**
 * A value shows its own bundle if it has the method `Symbol.for('Jupyter.display')`. Otherwise, models are tables of their
 * layers, arrays of flat records are tables, errors tell where in the cells they come from, tensors print as TensorFlow.js
 * prints them, and everything else as Node prints it, with fewer entries if it is long. Texts are cut at 20,000 characters.
 * @param describe returns an error with its positions in the cells
 */
export function createFormat(describe: (error: unknown) => string): Format {
  const byDefault = (value: unknown): Bundle => {
    if (types.isNativeError(value)) return { 'text/plain': cut(describe(value)) };
    if (isTensor(value)) return { 'text/plain': cut(value.toString()) };
    const model = isObject(value) ? modelSummary(value) : null;
    if (model) return { ...model, 'text/plain': cut(String(model['text/plain'])) };
    const text = { 'text/plain': cut(short(value)) };
    const table = recordTable(value);
    return table ? { ...text, 'text/html': table } : text;
  };
  return value => {
    if (!isSelfDisplaying(value)) return byDefault(value);
    const withText = (bundle: Bundle): Bundle =>
      'text/plain' in bundle ? bundle : { 'text/plain': cut(short(value)), ...bundle };
    const bundle = value[DISPLAY]();
    return bundle instanceof Promise ? bundle.then(withText) : withText(bundle);
  };
}

/** As Node prints a value; with fewer entries of what it holds if that would be long. */
function short(value: unknown): string {
  const text = inspect(value);
  if (text.length <= LONG || typeof value === 'string') return text;
  const brief = inspect(value, { maxArrayLength: 10, maxStringLength: 200 });
  return brief.length <= MAX_LINES_CHARACTERS ? brief : cutLines(brief);
}

/** The beginning and the end of a text, and how many lines lie between. */
function cutLines(text: string): string {
  const lines = text.split('\n');
  if (lines.length <= 2 * KEPT_LINES) return text;
  const between = `  … ${lines.length - 2 * KEPT_LINES} more lines`;
  return [...lines.slice(0, KEPT_LINES), between, ...lines.slice(-KEPT_LINES)].join('\n');
}

function cut(text: string): string {
  const more = text.length - MAX_CHARACTERS;
  return more > 0 ? `${text.slice(0, MAX_CHARACTERS)}… ${more} more characters` : text;
}

function isSelfDisplaying(value: unknown): value is SelfDisplaying {
  return isObject(value) && typeof (value as Partial<SelfDisplaying>)[DISPLAY] === 'function';
}

// Recognized by its members, because a notebook may load its own TensorFlow.js.
function isTensor(value: unknown): value is TensorLike {
  if (!isObject(value)) return false;
  const { shape, dtype, dataSync } = value as Partial<TensorLike>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof dataSync === 'function';
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
