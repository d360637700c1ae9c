const MINUS = '−';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Decimals for a group of numbers, by the largest: two for everyday sizes, so that the group lines up. */
export function decimalsFor(largest: number): number {
  const size = Math.abs(largest);
  if (size === 0 || !Number.isFinite(size)) return 2;
  const exponent = Math.floor(Math.log10(size));
  if (exponent >= 2) return Math.max(0, 3 - exponent);
  return exponent >= -1 ? 2 : Math.min(6, 1 - exponent);
}

/** A number with a true minus sign: `12.75`, `−4.77`. */
export function plain(value: number, decimals = 2): string {
  const text = fixed(value, decimals);
  return isNegative(value, text) ? MINUS + text : text;
}

/** A number whose sign is always written: `+0.78`, `−0.04`, and `0.00` for what rounds to zero. */
export function signed(value: number, decimals = 2): string {
  const text = fixed(value, decimals);
  if (/^[0.]+$/.test(text)) return text;
  return (value < 0 ? MINUS : '+') + text;
}

/** A size as one digit and a power of ten: `3·10⁻⁷`; `0` for zero. */
export function scientific(value: number): string {
  if (value === 0) return '0';
  const [digits, exponent] = value.toExponential(0).split('e');
  const power = Number(exponent);
  const raised = [...String(Math.abs(power))].map(d => SUPERSCRIPTS[Number(d)]).join('');
  return `${digits.replace('-', MINUS)}·10${power < 0 ? '⁻' : ''}${raised}`;
}

/** A number of about three digits for any size: plain between 0.001 and 100,000, scientific outside. */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return scientific(value);
  return plain(value, decimalsFor(size))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

function fixed(value: number, decimals: number): string {
  return Math.abs(value).toFixed(decimals);
}

function isNegative(value: number, text: string): boolean {
  return value < 0 && !/^[0.]+$/.test(text);
}
