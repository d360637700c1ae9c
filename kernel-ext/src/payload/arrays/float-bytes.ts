/** The values as float32, little endian on every machine. */
export function float32Bytes(values: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true);
  return bytes;
}

/** Reads what `float32Bytes` wrote. Copies it, since buffers of a message may lie at any offset. Ignores an incomplete last number. */
export function float32Values(bytes: ArrayBuffer | ArrayBufferView): Float32Array<ArrayBuffer> {
  const view = ArrayBuffer.isView(bytes)
    ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new DataView(bytes);
  const values = new Float32Array(Math.floor(view.byteLength / 4));
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
  return values;
}
