/** Little endian float32 as numbers, copied, since the buffers of a message lie at any offset. */
export function toFloats(buffer: ArrayBuffer | ArrayBufferView): Float32Array {
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  return new Float32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer);
}

/** Numbers as little endian float32, whatever the byte order of the machine. */
export function toBytes(values: Float32Array): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return view.buffer;
}
