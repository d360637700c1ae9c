/** How an input is interpreted as an image. */
export interface ImageShape {
  height: number;
  width: number;
  /** 1: gray; 3: red, green, blue; any other number: planes that are summed. */
  channels: number;
}

/** The image shape of an array of shape [H, W] or [H, W, channels]; null for vectors and everything else. */
export function imageShape(shape: readonly number[]): ImageShape | null {
  const [height, width, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || height < 2 || width < 2) return null;
  return { height, width, channels };
}

/** [H·W]: the values of an image summed over its channels. */
export function sumChannels(values: Float32Array, channels: number): Float32Array {
  if (channels === 1) return values;
  const plane = new Float32Array(values.length / channels);
  for (let i = 0; i < values.length; i++) plane[Math.floor(i / channels)] += values[i];
  return plane;
}

/** [H·W]: the values of one channel of an image. */
export function channelOf(values: Float32Array, channels: number, channel: number): Float32Array {
  return Float32Array.from({ length: values.length / channels }, (_, i) => values[i * channels + channel]);
}

/** W∘x, entry by entry, [D]. */
export function product(w: Float32Array, x: Float32Array): Float32Array {
  return w.map((value, i) => value * x[i]);
}
