import type { Node, Op } from '../plan/graph';
import type { ConvolutionPadding } from '../rules/rule';
import type { OnnxWriter } from './onnx-writer';

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

/** onnxruntime convolves channels in groups of eight: a one-channel image took 215 µs, and takes 62 µs as a transposed convolution. */
const FEW_CHANNELS = 4;

export type ConvolutionOp = Extract<Op, 'conv2d' | 'conv2dTranspose' | 'depthwise' | 'depthwiseTranspose'>;

const OPS: ReadonlySet<Op> = new Set<ConvolutionOp>([
  'conv2d',
  'conv2dTranspose',
  'depthwise',
  'depthwiseTranspose',
]);

export const isConvolution = (node: Node): node is Node & { op: ConvolutionOp } => OPS.has(node.op);

/** Numbers in a line of the processor's cache. */
const LINE = 16;

/** Where a convolution stands between its larger side (the image) and its smaller one (the feature map). */
interface Geometry {
  strides: readonly [number, number];
  /** top, left, bottom, right */
  pads: [number, number, number, number];
  /** Rows and columns of the image that no window reaches. */
  rest: [number, number];
  size: [number, number];
}

/**
 * A convolution of a plan, or its transpose. ONNX wants channels first; onnxruntime cancels the transpositions between
 * neighbors. At stride 1 a transpose is a convolution with the flipped filter, which is the faster kernel
 * (1.6 against 2.3 ms on the MNIST CNN), unless it writes few channels.
 */
export function convolutionNode(w: OnnxWriter, node: Node & { op: ConvolutionOp }): string {
  const depthwise = node.op === 'depthwise' || node.op === 'depthwiseTranspose';
  const transpose = node.op === 'conv2dTranspose' || node.op === 'depthwiseTranspose';
  const filter = new Filter(
    w.numbers(node.inputs[1]),
    w.graph.shape(node.inputs[1]),
    depthwise,
    node.attrs.groups,
  );
  const other = w.graph.shape(node.inputs[0]);
  const geometry = transpose
    ? cropped(geometryOf(node, node.attrs.image ?? node.shape, other, filter), node)
    : geometryOf(node, other, node.shape, filter);
  const x = w.node('Transpose', [w.read(node.inputs[0])], { perm: TO_CHANNELS_FIRST });
  const y = transpose ? transposed(w, x, filter, geometry) : forward(w, x, filter, geometry, node.inputs[2]);
  return w.node('Transpose', [y], { perm: TO_CHANNELS_LAST });
}

function geometryOf(
  { attrs }: Node,
  image: readonly number[],
  map: readonly number[],
  filter: Filter,
): Geometry {
  const size = filter.size;
  const strides = attrs.strides!;
  const reach = [0, 1].map(i => (map[i + 1] - 1) * strides[i] + size[i]);
  const missing = [0, 1].map(i => Math.max(0, reach[i] - image[i + 1]));
  const [[top, bottom], [left, right]] = sidesOf(attrs.pad!, missing);
  return {
    strides,
    size,
    pads: [top, left, bottom, right],
    rest: [image[1] + top + bottom - reach[0], image[2] + left + right - reach[1]],
  };
}

/** @param missing how many rows and columns the image lacks for TensorFlow's 'same'. */
function sidesOf(pad: ConvolutionPadding, missing: readonly number[]): readonly (readonly number[])[] {
  if (typeof pad !== 'string') return pad;
  return missing.map(count => {
    const before = pad === 'same' ? Math.floor(count / 2) : 0;
    return [before, pad === 'same' ? count - before : 0];
  });
}

/** Whatever is cut off an image becomes padding that its transposed convolution leaves out. */
function cropped(geometry: Geometry, { attrs, shape }: Node): Geometry {
  const { image, crop } = attrs;
  if (image === undefined || crop === undefined) return geometry;
  const after = [0, 1].map(i => image[i + 1] - crop[i] - shape[i + 1]);
  const [top, left, bottom, right] = geometry.pads;
  const [below, beside] = [0, 1].map(i => Math.max(0, after[i] - geometry.rest[i]));
  return {
    ...geometry,
    pads: [top + crop[0], left + crop[1], bottom + below, right + beside],
    rest: [0, 1].map(i => Math.max(0, geometry.rest[i] - after[i])) as [number, number],
  };
}

function forward(
  w: OnnxWriter,
  x: string,
  filter: Filter,
  { strides, pads }: Geometry,
  bias: number | undefined,
): string {
  const weights = w.floats(filter.forward(), [filter.outputs, filter.inputs / filter.groups, ...filter.size]);
  const inputs = bias === undefined ? [x, weights] : [x, weights, w.read(bias)];
  return w.node('Conv', inputs, { strides: [...strides], pads, group: filter.groups });
}

function transposed(
  w: OnnxWriter,
  u: string,
  filter: Filter,
  { strides, pads, rest, size }: Geometry,
): string {
  const group = filter.groups;
  const flipped = pads.map((pad, i) => size[i % 2] - 1 - pad);
  const isPadded = flipped.every(pad => pad >= 0);
  if (strides[0] === 1 && strides[1] === 1 && isPadded && filter.inputs > FEW_CHANNELS) {
    const weights = w.floats(filter.flipped(), [filter.inputs, filter.outputs / group, ...size]);
    return w.node('Conv', [u, weights], { strides: [1, 1], pads: flipped, group });
  }
  const weights = w.floats(filter.forward(), [filter.outputs, filter.inputs / group, ...size]);
  return w.node('ConvTranspose', [u, weights], { strides: [...strides], pads, output_padding: rest, group });
}

/** The weights of a convolution, [h, w, C / groups, D] as TensorFlow has them, or [h, w, C, m] by channel, in ONNX's orders. */
class Filter {
  readonly size: [number, number];
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;

  constructor(
    private readonly values: Float32Array,
    private readonly shape: readonly number[],
    private readonly depthwise: boolean,
    groups = 1,
  ) {
    const [h, w, c, d] = shape;
    this.size = [h, w];
    this.inputs = c * groups;
    this.outputs = depthwise ? c * d : d;
    this.groups = depthwise ? c : groups;
  }

  /** [outputs, inputs of a group, h, w] */
  forward(): Float32Array {
    const [, , c, d] = this.shape;
    return this.reordered(1, this.depthwise ? { from: d, to: 1 } : { from: 1, to: c }, false);
  }

  /** [inputs, outputs of a group, h, w], turned by 180° */
  flipped(): Float32Array {
    const groups = this.depthwise ? 1 : this.groups;
    return this.reordered(groups, { from: this.outputs / this.groups, to: 1 }, true);
  }

  /**
   * The weights with the window last.
   * @param groups into how many parts the last axis is divided, whose weights follow each other.
   * @param steps how many windows lie between the windows of neighboring channels of one part.
   */
  private reordered(groups: number, steps: { from: number; to: number }, isTurned: boolean): Float32Array {
    const { values } = this;
    const [h, w, c, d] = this.shape;
    const area = h * w;
    const part = d / groups;
    const step = steps.to * area;
    const result = new Float32Array(values.length);
    for (let first = 0; first < d; first += part) {
      // In blocks of a cache line, since one side is read or written across its rows.
      for (let begin = 0; begin < part; begin += LINE) {
        const end = Math.min(begin + LINE, part);
        for (let from = 0; from < c; from++) {
          for (let i = 0; i < area; i++) {
            const at = (first * c + from * steps.from) * area + (isTurned ? area - 1 - i : i);
            const row = (i * c + from) * d + first;
            for (let to = begin; to < end; to++) result[at + to * step] = values[row + to];
          }
        }
      }
    }
    return result;
  }
}
