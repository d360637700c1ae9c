import { isConstant, type Capture, type KernelCall } from './kernel-call';

/** Kernels that take images. */
const OF_IMAGES = /Conv|Pool|^ResizeBilinear$|^ResizeNearestNeighbor$/;

/** Operators of ONNX that take images, all with channels first. */
const OF_ONNX_IMAGES =
  /Conv|Pool|^(Resize|Upsample|BatchNormalization|InstanceNormalization|GroupNormalization|LRN|DepthToSpace|SpaceToDepth)$/;

/** Kernels and operators that leave the axes of an activation as they are. */
const ENTRY_BY_ENTRY =
  /^(Identity|Cast|Dropout|Add|AddV2|Sub|Mul|Multiply|Div|RealDiv|Neg|Relu6?|LeakyRelu|PRelu|Prelu|Elu|Selu|Celu|Gelu|Mish|HardSwish|HardSigmoid|Sigmoid|Tanh|Softplus|Softmax|Abs|Clip|ClipByValue|Pad|PadV2|MirrorPad|Max|Maximum|Min|Minimum)$/;

/** How images with channels first are brought into TensorFlow.js's own order, and back. */
const TO_CHANNELS_LAST = new Set(['0,2,1', '0,2,3,1', '0,2,3,4,1']);
const TO_CHANNELS_FIRST = new Set(['0,2,1', '0,3,1,2', '0,4,1,2,3']);

type Order = 'first' | 'last';

/**
 * Whether an activation holds images with channels first, [N, C, H, W]: the convolutions and poolings that read it, directly
 * or after work entry by entry, tell; where there are none, the one that it comes from.
 */
export function isChannelsFirst(capture: Capture, value: number): boolean {
  const same = new Set([value]);
  const transposed = new Set<number>();
  const orders = capture.calls.flatMap((call): Order[] => {
    const reads = (values: ReadonlySet<number>) => refsOf(call).some(ref => values.has(ref));
    const order = orderOf(call);
    if (order !== null) {
      if (reads(transposed)) return order === 'last' ? ['first'] : ['last'];
      return reads(same) ? [order] : [];
    }
    if (call.kernel === 'Transpose' && reads(same) && TO_CHANNELS_LAST.has(String(call.attrs.perm)))
      transposed.add(call.outputs[0].value);
    if (ENTRY_BY_ENTRY.test(call.kernel) && reads(same)) same.add(call.outputs[0].value);
    if (ENTRY_BY_ENTRY.test(call.kernel) && reads(transposed)) transposed.add(call.outputs[0].value);
    return [];
  });
  if (orders.length === 0) return comesChannelsFirst(capture, value);
  return orders.includes('first') && !orders.includes('last');
}

/** Whether F(x) is an image with channels first, such as a segmentation: the convolution or pooling that it comes from tells. */
export const endsChannelsFirst = (capture: Capture): boolean =>
  comesChannelsFirst(capture, capture.output.value);

function comesChannelsFirst({ calls }: Capture, value: number): boolean {
  const makers = new Map(calls.flatMap(call => call.outputs.map(({ value }) => [value, call] as const)));
  let call = makers.get(value);
  let wasTransposed = false;
  while (call !== undefined) {
    const order = orderOf(call);
    if (order !== null) return (order === 'first') !== wasTransposed;
    const back: boolean =
      !wasTransposed && call.kernel === 'Transpose' && TO_CHANNELS_FIRST.has(String(call.attrs.perm));
    if (!back && !ENTRY_BY_ENTRY.test(call.kernel)) return false;
    wasTransposed ||= back;
    call = makers.get(refsOf(call)[0]);
  }
  return false;
}

/** Whether the convolutions and poolings of a network read images with channels first. */
export const readsChannelsFirst = ({ calls }: Capture): boolean =>
  calls.some(call => orderOf(call) === 'first');

/** Where the images that a call reads and makes have their channels; null: it may read anything. */
function orderOf({ kernel, opset, attrs }: KernelCall): Order | null {
  if (opset !== undefined) return OF_ONNX_IMAGES.test(kernel) ? 'first' : null;
  if (!OF_IMAGES.test(kernel)) return null;
  return attrs.dataFormat === 'NCHW' ? 'first' : 'last';
}

const refsOf = ({ inputs }: KernelCall): number[] =>
  Object.values(inputs)
    .flat()
    .flatMap(ref => (ref === undefined || isConstant(ref) ? [] : [ref.value]));
