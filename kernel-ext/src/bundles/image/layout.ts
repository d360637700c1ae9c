import { PageOrder } from '../../payload';

/** Where the channels of images stand: after their height and width, or before them. */
export type Layout = 'NHWC' | 'NCHW';

/** The layout of what a network takes. @param shape of one instance */
export const layoutOf = (shape: readonly number[], channelAxis: number): Layout =>
  new PageOrder({ shape, channelAxis }).isChannelsFirst ? 'NCHW' : 'NHWC';

/**
 * Images with channels last.
 * @param shape [C, H, W] or [N, C, H, W] for 'NCHW'; images of one channel may have other shapes.
 */
export function withChannelsLast(
  values: Float32Array,
  shape: readonly number[],
  layout: Layout,
): { values: Float32Array; shape: readonly number[] } {
  if (layout === 'NHWC' || shape.length < 3 || shape.length > 4) return { values, shape };
  const [channels, height, width] = shape.slice(-3);
  const pixels = height * width;
  const size = channels * pixels;
  const last = values.map((_, i) => {
    const within = i % size;
    return values[i - within + (within % channels) * pixels + Math.floor(within / channels)];
  });
  return { values: last, shape: [...shape.slice(0, -3), height, width, channels] };
}
