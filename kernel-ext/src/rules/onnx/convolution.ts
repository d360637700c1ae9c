import { depthwise, dilatedFilter } from '../convolution';
import { enlargedVolumes, volumes } from '../convolution-3d';
import { part, range } from '../selection';
import type { Call, ConvolutionPadding, Fixed, StepWriter, Value } from '../rule';
import { isValue } from '../rule';
import { numberAttr, listAttr, textAttr, type OnnxRule } from './onnx-rule';

export const convolution: OnnxRule[] = [
  { kernel: 'Conv', inputs: ['X', 'W', 'B'], freeze: conv },
  { kernel: 'ConvTranspose', inputs: ['X', 'W', 'B'], freeze: convTranspose },
];

/** A convolution in three dimensions: those in fewer have axes of length 1 in front. */
interface Geometry {
  groups: number;
  /** How many of the three axes the call itself has. */
  axes: number;
  size: Triple;
  strides: Triple;
  dilations: Triple;
  /** How far a filter reaches. */
  reach: Triple;
}

type Triple = readonly [number, number, number];

function geometryOf(call: Call): Geometry {
  const filter = call.input('W').shape;
  const axes = filter.length - 2;
  if (axes < 1 || axes > 3) return call.refuse(`it has ${axes} spatial axes`);
  const triple = (values: readonly number[] | undefined): Triple =>
    [...Array<number>(3 - axes).fill(1), ...(values ?? Array<number>(axes).fill(1))] as unknown as Triple;
  const [size, strides, dilations] = [
    filter.slice(2),
    listAttr(call, 'strides'),
    listAttr(call, 'dilations'),
  ].map(triple);
  const reach = size.map((n, i) => (n - 1) * dilations[i] + 1) as unknown as Triple;
  return { groups: numberAttr(call, 'group', 1), axes, size, strides, dilations, reach };
}

/** [N, C, …] as [N, D, H, W, C]. */
function channelsLast(x: Value, write: StepWriter): Value {
  const [n, c, ...spatial] = x.shape;
  const last = write.permute(x, [0, ...range(spatial.length).map(i => i + 2), 1]);
  return write.reshape(last, [n, ...Array<number>(3 - spatial.length).fill(1), ...spatial, c]);
}

/** Back to [N, C, …], with the bias. */
function channelsFirst(call: Call, y: Value, write: StepWriter): Value {
  const [n, c, ...spatial] = call.outputShape;
  const apart = write.reshape(y, [n, ...spatial, c]);
  const biased = call.has('B') ? withBias(call, apart, write) : apart;
  return write.permute(biased, [0, spatial.length + 1, ...range(spatial.length).map(i => i + 1)]);
}

/** The bias goes along the last axis, where executors add it for nothing. */
function withBias(call: Call, y: Value, write: StepWriter): Value {
  const bias = call.input('B');
  if (!isValue(bias)) return write.shift(y, bias);
  return write.sum([y, write.broadcast(bias, y.shape)]);
}

/** W [a, b, …] as executors take it, one filter [h, w, b, a] for each slice of the depth. */
function filtersOf(call: Call, { size, dilations }: Geometry, write: StepWriter): Fixed[] {
  const values = call.numbers('W');
  const [a, b] = call.input('W').shape;
  const [depth, height, width] = size;
  const area = height * width;
  return range(depth).map(slice => {
    const turned = new Float32Array(area * a * b);
    // In blocks of a cache line, since one side is read or written across its rows.
    for (let begin = 0; begin < a; begin += LINE) {
      const end = Math.min(begin + LINE, a);
      for (let q = 0; q < b; q++) {
        for (let i = 0; i < area; i++) {
          for (let p = begin; p < end; p++)
            turned[(i * b + q) * a + p] = values[((p * b + q) * depth + slice) * area + i];
        }
      }
    }
    return dilatedFilter(turned, [height, width, b, a], [dilations[1], dilations[2]], write);
  });
}

/** Numbers in a line of the processor's cache. */
const LINE = 16;

function conv(call: Call, write: StepWriter): Value {
  const g = geometryOf(call);
  const x = channelsLast(call.value('X'), write);
  const [inputs, outputs] = [x.shape.slice(1, 4), spatialShape(call.outputShape)];
  const before = paddingBefore(call, g, inputs, outputs);
  const reach = range(3).map(i => (outputs[i] - 1) * g.strides[i] + g.reach[i]);
  const around = range(3).map((i): [number, number] => [
    before[i],
    Math.max(0, reach[i] - before[i] - inputs[i]),
  ]);
  // Along the depth, what no window reaches is cut off.
  const seen = part(write.pad(x, [[0, 0], around[0], [0, 0], [0, 0], [0, 0]]), 1, 0, reach[0], write);
  const geometry = {
    strides: [g.strides[1], g.strides[2]] as const,
    pad: paddingOf(g, inputs, outputs, around),
  };
  const filters = filtersOf(call, g, write);
  const [n, depth, height, width, channels] = seen.shape;
  if (g.groups === channels && g.groups > 1 && depth === 1 && filters.length === 1) {
    const [h, w, , m] = filters[0].shape;
    const filter = write.reshapeFixed(filters[0], [h, w, channels, m / channels]);
    const images = write.reshape(seen, [n, height, width, channels]);
    return channelsFirst(call, depthwise(images, filter, geometry, write), write);
  }
  const slices = {
    ...geometry,
    groups: g.groups,
    stride: g.strides[0],
    dilation: g.dilations[0],
    outputs: outputs[0],
  };
  return channelsFirst(call, volumes(seen, filters, slices, write), write);
}

/** The padding of rows and columns, by TensorFlow's name where it has one: its backends put no zeros around the image then. */
function paddingOf(
  { strides, reach }: Geometry,
  inputs: readonly number[],
  outputs: readonly number[],
  around: readonly [number, number][],
): ConvolutionPadding {
  const [rows, columns] = around.slice(1);
  const isSame = [1, 2].every(i => {
    const missing = Math.max(0, (outputs[i] - 1) * strides[i] + reach[i] - inputs[i]);
    return outputs[i] === Math.ceil(inputs[i] / strides[i]) && around[i][0] === Math.floor(missing / 2);
  });
  if (isSame) return 'same';
  return [...rows, ...columns].every(count => count === 0) ? 'valid' : [rows, columns];
}

/** Padding before the first entry, for each of three axes. */
function paddingBefore(
  call: Call,
  { axes, strides, reach }: Geometry,
  inputs: readonly number[],
  outputs: readonly number[],
): number[] {
  const auto = textAttr(call, 'auto_pad', 'NOTSET');
  const none = Array<number>(3 - axes).fill(0);
  if (auto === 'VALID') return [0, 0, 0];
  if (auto === 'NOTSET' || auto === '')
    return [...none, ...(listAttr(call, 'pads')?.slice(0, axes) ?? Array<number>(axes).fill(0))];
  return range(3).map(i => {
    const missing = Math.max(0, (outputs[i] - 1) * strides[i] + reach[i] - inputs[i]);
    return auto === 'SAME_UPPER' ? Math.floor(missing / 2) : Math.ceil(missing / 2);
  });
}

const spatialShape = (shape: readonly number[]): number[] => {
  const spatial = shape.slice(2);
  return [...Array<number>(3 - spatial.length).fill(1), ...spatial];
};

/** The transpose of a convolution, of which padding is cut off. */
function convTranspose(call: Call, write: StepWriter): Value {
  const g = geometryOf(call);
  const x = channelsLast(call.value('X'), write);
  const inputs = x.shape.slice(1, 4);
  const outputs = spatialShape(call.outputShape);
  const full = range(3).map(i => (inputs[i] - 1) * g.strides[i] + g.reach[i]);
  const [n, channels] = [x.shape[0], call.outputShape[1]];
  const slices = {
    strides: [g.strides[1], g.strides[2]] as const,
    pad: 'valid' as const,
    groups: g.groups,
    ...{ stride: g.strides[0], dilation: g.dilations[0], outputs: inputs[0] },
  };
  const shape = [n, full[0], full[1], full[2], channels] as const;
  const whole = enlargedVolumes(x, filtersOf(call, g, write), slices, shape, write);
  const before = croppedBefore(call, g, full, outputs);
  const y = range(3).reduce((v, i) => {
    const kept = Math.min(outputs[i], full[i] - before[i]);
    const cut = part(v, i + 1, before[i], kept, write);
    const after = outputs[i] - kept;
    return write.pad(
      cut,
      cut.shape.map((_, axis): [number, number] => (axis === i + 1 ? [0, after] : [0, 0])),
    );
  }, whole);
  return channelsFirst(call, y, write);
}

/** What the operator's padding cuts off before the first entry. */
function croppedBefore(
  call: Call,
  g: Geometry,
  full: readonly number[],
  outputs: readonly number[],
): number[] {
  const auto = textAttr(call, 'auto_pad', 'NOTSET');
  const given = listAttr(call, 'pads');
  const isGiven = (auto === 'NOTSET' || auto === '') && listAttr(call, 'output_shape') === undefined;
  const none = Array<number>(3 - g.axes).fill(0);
  if (isGiven) return [...none, ...(given?.slice(0, g.axes) ?? Array<number>(g.axes).fill(0))];
  if (auto === 'VALID') return [0, 0, 0];
  const extra = [...none, ...(listAttr(call, 'output_padding') ?? Array<number>(g.axes).fill(0))];
  return range(3).map(i => {
    const missing = Math.max(0, full[i] + extra[i] - outputs[i]);
    return auto === 'SAME_UPPER' ? Math.floor(missing / 2) : Math.ceil(missing / 2);
  });
}
