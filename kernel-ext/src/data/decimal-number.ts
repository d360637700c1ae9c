import { fitsFloat32 } from './float32';

export interface DecimalNumber {
  /** The nearest float32; infinite if the number is too large. */
  stored: number;
  /** Whether float32 holds a whole number exactly, and another one to about seven digits. */
  isHeld: boolean;
}

const DECIMAL_NUMBER = /^([+-]?)(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** 42, and also 42.0, as pandas writes the whole numbers of a column with gaps. */
const WHOLE_NUMBER = /^(\d+)(\.0*)?$/;

/** Whether a text is a number in decimal notation: -1.5e-3, but not 0x10, 1_000, Infinity or NaN. */
export const isDecimalNumber = (text: string): boolean => DECIMAL_NUMBER.test(text);

/** @returns undefined if `text` is not a number in decimal notation */
export function readDecimalNumber(text: string): DecimalNumber | undefined {
  const [, sign, digits, exponent = ''] = DECIMAL_NUMBER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(text);
  const stored = Math.fround(value);
  return { stored, isHeld: Number.isFinite(stored) && isHeld(value, sign, digits, exponent) };
}

function isHeld(value: number, sign: string, digits: string, exponent: string): boolean {
  const whole = exponent === '' ? WHOLE_NUMBER.exec(digits)?.[1] : undefined;
  if (whole !== undefined) return fitsFloat32(BigInt(whole) * (sign === '-' ? -1n : 1n));
  // Not even float64 holds a number such as 1e-400.
  return value === 0 ? !/[1-9]/.test(digits) : fitsFloat32(value);
}
