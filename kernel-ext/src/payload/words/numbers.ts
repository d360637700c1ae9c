const MINUS = '−';
/** More decimals than this are not written. */
const MOST_DECIMALS = 6;
/** Numbers from here on are not written out. */
const LONG = 1e15;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/** The number of decimals for a group of numbers, so that they line up. The largest decides; everyday sizes get two. */
export function decimalsFor(largest: number): number {
  const size = Math.abs(largest);
  if (size === 0 || !Number.isFinite(size)) return 2;
  const exponent = Math.floor(Math.log10(size));
  if (exponent >= 2) return Math.max(0, 3 - exponent);
  return exponent >= -1 ? 2 : 1 - exponent;
}

/**
 * A number with a true minus sign: `12.75`, `−4.77`, `0.00` for what rounds to zero, and `∞`. More than six decimals, and
 * numbers that would be longer than a line of text, are written with a power of ten: `1.2·10⁻²⁰`.
 */
export function plain(value: number, decimals = 2): string {
  const text = sizeText(Math.abs(value), decimals);
  return value < 0 && !isZero(text) ? MINUS + text : text;
}

function sizeText(size: number, decimals: number): string {
  if (size === Infinity) return '∞';
  if (size >= LONG) return withPower(size);
  if (decimals <= MOST_DECIMALS) return size.toFixed(decimals);
  return size < 0.5 * 10 ** -decimals ? '0' : withPower(size);
}

function withPower(size: number): string {
  const [digits, exponent] = size.toExponential(1).split('e');
  return `${digits}·${powerOfTen(Number(exponent))}`;
}

/** A number whose sign is always written: `+0.78`, `−0.04`, and `0.00` for what rounds to zero. */
export function signed(value: number, decimals = 2): string {
  const text = plain(value, decimals);
  return value > 0 && !isZero(text) ? `+${text}` : text;
}

/** A magnitude as one digit and a power of ten: `3·10⁻⁷`; `0` for zero and `∞` for Infinity. */
export function scientific(value: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return plain(value);
  const [digits, exponent] = value.toExponential(0).split('e');
  return `${digits.replace('-', MINUS)}·${powerOfTen(Number(exponent))}`;
}

/** A power of ten: `10⁻⁷`. */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map(digit => SUPERSCRIPTS[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

/** A number of about three digits for any size: plain between 0.001 and 100,000, scientific outside. */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return scientific(value);
  return plain(value, decimalsFor(size))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** A count with commas between thousands: `6,000`. */
export const grouped = (count: number): string => count.toLocaleString('en');

/** One end of a scale: whole numbers without decimals, others with about two digits. */
export const bound = (value: number): string =>
  Number.isInteger(value) ? plain(value, 0) : plain(value, decimalsFor(value));

/** A class's label as a subscript of W: digits become subscripts, other labels stand in brackets. */
export function asSubscript(label: string): string {
  return /^\d+$/.test(label) ? [...label].map(digit => SUBSCRIPTS[Number(digit)]).join('') : `[${label}]`;
}

const isZero = (text: string): boolean => /^[0.]+$/.test(text);
