import { isConstant, type Capture, type KernelCall } from './kernel-call';

/** Kernels that take images. */
const OF_IMAGES = /Conv|Pool|^ResizeBilinear$|^ResizeNearestNeighbor$/;

/** Kernels that leave the axes of an activation as they are. */
const ENTRY_BY_ENTRY =
  /^(Identity|Add|AddV2|Sub|Multiply|RealDiv|Neg|Relu6?|LeakyRelu|Prelu|Elu|Selu|Sigmoid|Tanh|Abs|ClipByValue|PadV2|MirrorPad|Maximum|Minimum)$/;

/** How TensorFlow.js's layers bring images with channels first into its own order. */
const TO_CHANNELS_LAST = new Set(['0,2,1', '0,2,3,1', '0,2,3,4,1']);

/**
 * Whether an activation holds images with channels first, [N, C, H, W]: the convolutions and poolings that read it, directly
 * or after work entry by entry, say so.
 */
export function isChannelsFirst(capture: Capture, value: number): boolean {
  const same = new Set([value]);
  const transposed = new Set<number>();
  const orders = capture.calls.flatMap(call => {
    const reads = (values: ReadonlySet<number>) => refsOf(call).some(ref => values.has(ref));
    if (OF_IMAGES.test(call.kernel)) {
      if (reads(transposed)) return ['first'];
      return reads(same) ? [call.attrs.dataFormat === 'NCHW' ? 'first' : 'last'] : [];
    }
    if (call.kernel === 'Transpose' && reads(same) && TO_CHANNELS_LAST.has(String(call.attrs.perm)))
      transposed.add(call.outputs[0].value);
    if (ENTRY_BY_ENTRY.test(call.kernel) && reads(same)) same.add(call.outputs[0].value);
    if (ENTRY_BY_ENTRY.test(call.kernel) && reads(transposed)) transposed.add(call.outputs[0].value);
    return [];
  });
  return orders.includes('first') && !orders.includes('last');
}

const refsOf = ({ inputs }: KernelCall): number[] =>
  Object.values(inputs)
    .flat()
    .flatMap(ref => (ref === undefined || isConstant(ref) ? [] : [ref.value]));
