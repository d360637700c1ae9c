/** Header and numbers together begin at a multiple of this many bytes. */
const ALIGNMENT = 64;

/**
 * An array as NumPy's `numpy.load` reads it: an NPY file of version 1.0 (numpy.lib.format), little endian.
 * @param shape lengths of the axes; [] for a single number
 * @param values row major, as many as the shape requires; strings become NumPy's `str`, padded to the longest one
 */
export function npyBytes(
  shape: readonly number[],
  values: Float32Array | readonly string[],
): Uint8Array<ArrayBuffer> {
  const isNumbers = values instanceof Float32Array;
  const points = isNumbers ? [] : values.map(text => Array.from(text, letter => letter.codePointAt(0)!));
  const longest = points.reduce((most, text) => Math.max(most, text.length), 1);
  const file = headed(
    isNumbers ? '<f4' : `<U${longest}`,
    shape,
    4 * values.length * (isNumbers ? 1 : longest),
  );
  if (isNumbers) values.forEach((value, i) => file.numbers.setFloat32(4 * i, value, true));
  points.forEach((text, i) =>
    text.forEach((point, at) => file.numbers.setUint32(4 * (i * longest + at), point, true)),
  );
  return file.bytes;
}

/** A file with its header, and a view of the bytes that its numbers will fill. */
function headed(type: string, shape: readonly number[], size: number) {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const facts = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const start = Math.ceil((10 + facts.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `${facts.padEnd(start - 11)}\n`;
  const bytes = new Uint8Array(start + size);
  bytes.set([0x93, ...ascii('NUMPY'), 1, 0, header.length & 0xff, header.length >> 8, ...ascii(header)]);
  return { bytes, numbers: new DataView(bytes.buffer, start) };
}

const ascii = (text: string): number[] => Array.from(text, letter => letter.charCodeAt(0));
