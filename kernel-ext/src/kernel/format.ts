import { inspect } from 'node:util';
import { type Bundle, DISPLAY } from '../display/sink';

/** Longer texts are cut: a notebook is saved with its outputs. */
const MAX_CHARACTERS = 20_000;

interface SelfDisplaying {
  [DISPLAY](): Bundle | Promise<Bundle>;
}

interface TensorLike {
  shape: number[];
  dtype: string;
  dataSync(): unknown;
  toString(): string;
}

interface ModelLike {
  layers: unknown[];
  summary(lineLength: undefined, positions: undefined, print: (line: string) => void): void;
}

/**
 * The MIME bundle of any value: its own, if it has the method `Symbol.for('Jupyter.display')`; otherwise its text as
 * Node prints it, tensors and models as TensorFlow.js prints them.
 */
export function toBundle(value: unknown): Bundle | Promise<Bundle> {
  if (!isSelfDisplaying(value)) return { 'text/plain': toText(value) };
  const withText = (bundle: Bundle): Bundle => ({ 'text/plain': toText(value), ...bundle });
  const bundle = value[DISPLAY]();
  return bundle instanceof Promise ? bundle.then(withText) : withText(bundle);
}

/** `value` as text, at most 20,000 characters. */
export function toText(value: unknown): string {
  const text = isTensor(value) ? value.toString() : isModel(value) ? summarize(value) : inspect(value);
  const more = text.length - MAX_CHARACTERS;
  return more > 0 ? `${text.slice(0, MAX_CHARACTERS)}… ${more} more characters` : text;
}

function summarize(model: ModelLike): string {
  const lines: string[] = [];
  model.summary(undefined, undefined, line => lines.push(line));
  return lines.join('\n');
}

function isSelfDisplaying(value: unknown): value is SelfDisplaying {
  return isObject(value) && typeof (value as Partial<SelfDisplaying>)[DISPLAY] === 'function';
}

// By their looks, since a notebook may load a TensorFlow.js of its own.
function isTensor(value: unknown): value is TensorLike {
  if (!isObject(value)) return false;
  const { shape, dtype, dataSync } = value as Partial<TensorLike>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof dataSync === 'function';
}

function isModel(value: unknown): value is ModelLike {
  if (!isObject(value)) return false;
  const { layers, summary } = value as Partial<ModelLike>;
  return Array.isArray(layers) && typeof summary === 'function';
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
