import { OptionError } from './option-error';

/** What an option may be. */
export interface OptionKind {
  fits(value: unknown): boolean;
  /** For messages: 'true or false'. */
  wanted: string;
}

/** The kinds of a command's options, by name. */
export type OptionKinds = Readonly<Record<string, OptionKind>>;

/**
 * Checks the options that a command knows. TypeScript does so in cells, but not in JavaScript, nor for values of type any,
 * and an option that is silently ignored changes the result. undefined always fits.
 * @throws {OptionError} for the first that does not fit, or if the options are not an object
 */
export function checkOptions(command: string, options: unknown, kinds: OptionKinds): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null)
    throw new OptionError(command, 'the last argument', options, 'options in an object, such as { labels }');
  for (const [option, kind] of Object.entries(kinds))
    checkOption(command, option, (options as Record<string, unknown>)[option], kind);
}

/** As `checkOptions`, for one option or argument. @throws {OptionError} */
export function checkOption(
  command: string,
  option: string,
  value: unknown,
  { fits, wanted }: OptionKind,
): void {
  if (value !== undefined && !fits(value)) throw new OptionError(command, option, value, wanted);
}

export const oneOf = (...values: readonly unknown[]): OptionKind => ({
  fits: value => values.includes(value),
  wanted: values.map(value => (typeof value === 'string' ? `'${value}'` : String(value))).join(' or '),
});

export const TEXT: OptionKind = { fits: value => typeof value === 'string', wanted: 'a text' };

export const FLAG: OptionKind = oneOf(true, false);

export const LAYER: OptionKind = {
  fits: TEXT.fits,
  wanted: "the name of a layer or of an output, as layerNames(model) lists them, such as 'dense_1'",
};

export const POSITIVE: OptionKind = {
  fits: value => typeof value === 'number' && value > 0,
  wanted: 'a number above 0',
};

export const COUNT: OptionKind = {
  fits: value => Number.isInteger(value) && (value as number) > 0,
  wanted: 'a whole number of at least 1',
};

export const FINITE: OptionKind = { fits: value => Number.isFinite(value), wanted: 'a finite number' };

/** A list of anything but the characters of a text. */
export const LIST: OptionKind = {
  fits: value => Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)),
  wanted: 'an array, with one entry for each',
};

export const TEXT_OR_LIST: OptionKind = {
  fits: value => TEXT.fits(value) || LIST.fits(value),
  wanted: 'the name of a column, or an array',
};

const FUNCTION: OptionKind = { fits: value => typeof value === 'function', wanted: 'a function' };

const SIGNAL: OptionKind = {
  fits: value => typeof value === 'object' && value !== null && 'aborted' in value,
  wanted: 'an AbortSignal, the signal of new AbortController()',
};

const POLICY: OptionKind = {
  fits: value => typeof value === 'string' || (typeof value === 'object' && value !== null),
  wanted: "'tangent' or 'gate', or one for each layer, such as { attention: 'gate' }",
};

/** How long work is followed and cancelled. */
export const WORK: OptionKinds = { onProgress: FUNCTION, signal: SIGNAL };

/** Where a map starts and ends. */
export const COMPILE: OptionKinds = { from: LAYER, to: LAYER, policy: POLICY };

/** How a command that takes a model and inputs computes. */
export const RUN: OptionKinds = {
  ...COMPILE,
  ...WORK,
  memory: POSITIVE,
  executor: oneOf('tfjs', 'onnx'),
};
