const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(ALPHABET, letter => letter.charCodeAt(0));
const PADDING = '='.charCodeAt(0);

/** How many characters `atob` decodes at once, a multiple of 4: three times as fast as decoding one string of 6 MB. */
const CHUNK = 32_768;

/** Bytes as base64, with padding. A table is twice as fast as `btoa`, which needs an intermediate string. */
export function toBase64(bytes: Uint8Array): string {
  const letters = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  const whole = bytes.length - (bytes.length % 3);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    letters[at++] = CODES[bits >> 18];
    letters[at++] = CODES[(bits >> 12) & 63];
    letters[at++] = i + 1 < bytes.length ? CODES[(bits >> 6) & 63] : PADDING;
    letters[at++] = i < whole ? CODES[bits & 63] : PADDING;
  }
  return new TextDecoder('latin1').decode(letters);
}

/**
 * @param length the expected number of bytes
 * @returns null if it is not base64 or has another number of bytes
 */
export function fromBase64(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  if (text.length !== 4 * Math.ceil(length / 3)) return null;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (let from = 0; from < text.length; from += CHUNK) {
    const chunk = decoded(text.slice(from, from + CHUNK));
    if (chunk === null || at + chunk.length > length) return null;
    for (let i = 0; i < chunk.length; i++) bytes[at++] = chunk.charCodeAt(i);
  }
  return at === length ? bytes : null;
}

function decoded(base64: string): string | null {
  try {
    return atob(base64);
  } catch {
    return null;
  }
}
