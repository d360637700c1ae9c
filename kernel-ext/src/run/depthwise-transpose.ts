import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';

interface Geometry {
  strides: readonly [number, number];
  pad: 'same' | 'valid';
}

const KERNEL = 'DepthwiseConv2dNativeBackpropInput';

/**
 * The transpose of a depthwise convolution.
 * @param u [N, h', w', C·m]
 * @param filter [h, w, C, m]
 * @param shape [N, H, W, C], that of the result.
 */
export function depthwiseTranspose(
  u: Tensor,
  filter: Tensor,
  geometry: Geometry,
  shape: readonly number[],
): Tensor {
  if (tf.getKernel(KERNEL, tf.getBackend()) === undefined) return composed(u, filter, geometry, shape);
  const { strides, pad } = geometry;
  const attrs = { strides: [...strides], pad, dilations: [1, 1], inputShape: [...shape] };
  return tf.engine().runKernel(KERNEL, { dy: u, filter }, attrs) as Tensor;
}

/** For backends without the kernel (WebAssembly): u with zeros between its entries, convolved with the turned filter. */
function composed(u: Tensor, filter: Tensor, { strides, pad }: Geometry, shape: readonly number[]): Tensor {
  const [n, oh, ow, channels] = u.shape;
  const [h, w, c, m] = filter.shape;
  const [sh, sw] = strides;
  const spread = u
    .reshape([n, oh, 1, ow, 1, channels])
    .pad([0, 0, sh - 1, 0, sw - 1, 0].map((after): [number, number] => [0, after]))
    .reshape([n, oh * sh, ow * sw, channels]);
  const around = [h, w].map((size, i): { reach: number; paddings: [number, number] } => {
    const reach = (u.shape[i + 1] - 1) * strides[i] + 1;
    const missing = pad === 'same' ? Math.max(0, reach - 1 + size - shape[i + 1]) : 0;
    const before = Math.floor(missing / 2);
    return { reach, paddings: [size - 1 - before, shape[i + 1] + before - reach] };
  });
  const [rows, columns] = around;
  const padded = spread
    .slice([0, 0, 0, 0], [n, rows.reach, columns.reach, channels])
    .pad([[0, 0], rows.paddings, columns.paddings, [0, 0]]) as Tensor4D;
  const turned = filter.reverse([0, 1]).reshape([h, w, c * m, 1]) as Tensor4D;
  return tf.depthwiseConv2d(padded, turned, 1, 'valid').reshape([n, shape[1], shape[2], c, m]).sum(-1);
}
