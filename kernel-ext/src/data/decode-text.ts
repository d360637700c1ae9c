/** Bytes are not text in the encoding that they were read with. */
export interface EncodingFault {
  fault: string;
  /** What the reader of the message can do about it. */
  remedy: string;
}

const BYTE_ORDER_MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * Decodes a text file without replacing anything.
 * @param encoding a label of the WHATWG Encoding Standard; undefined: what the byte order mark says, otherwise UTF-8
 */
export function decodeText(bytes: Uint8Array, encoding?: string): string | EncodingFault {
  const label = encoding ?? markedEncoding(bytes) ?? 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return {
      fault: `it is not text in the encoding ${label}`,
      remedy: "Pass its encoding, for example { encoding: 'windows-1252' }, or save it as UTF-8.",
    };
  }
  if (!text.includes('\0')) return text;
  return {
    fault: 'it contains zero characters, as text in another encoding does',
    remedy: "Pass its encoding, for example { encoding: 'utf-16le' }, or save it as UTF-8.",
  };
}

/** Whether text can be decoded from this encoding. */
export function isEncoding(label: unknown): label is string {
  try {
    return typeof label === 'string' && Boolean(new TextDecoder(label, { fatal: true }));
  } catch {
    return false;
  }
}

function markedEncoding(bytes: Uint8Array): string | undefined {
  return BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte))?.[0];
}
