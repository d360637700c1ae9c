import { paddedWith } from '../layout';
import { part, positiveAxis, range } from '../selection';
import { isValue, type Call, type StepWriter, type Value } from '../rule';
import {
  axisOf,
  listAttr,
  numberAttr,
  sizeOf,
  textAttr,
  versionOf,
  wholeNumbers,
  type OnnxRule,
} from './onnx-rule';

/** Operators that pick entries by constant positions. */
export const selection: OnnxRule[] = [
  { kernel: 'Slice', inputs: ['data', 'starts', 'ends', 'axes', 'steps'], freeze: slice },
  { kernel: 'Gather', inputs: ['data', 'indices'], freeze: gather },
  { kernel: 'GatherElements', inputs: ['data', 'indices'], freeze: gatherElements },
  { kernel: 'GatherND', inputs: ['data', 'indices'], freeze: gatherNd },
  { kernel: 'Compress', inputs: ['input', 'condition'], freeze: compress },
  { kernel: 'ReverseSequence', inputs: ['input', 'sequence_lens'], freeze: reverseSequence },
  { kernel: 'CenterCropPad', inputs: ['input_data', 'shape'], freeze: centerCropPad },
  { kernel: 'Pad', inputs: ['data', 'pads', 'constant_value', 'axes'], freeze: pad },
];

function slice(call: Call, write: StepWriter): Value {
  const x = call.value('data');
  const [starts, ends] = [wholeNumbers(call, 'starts')!, wholeNumbers(call, 'ends')!];
  const axes = wholeNumbers(call, 'axes') ?? range(starts.length);
  const steps = wholeNumbers(call, 'steps') ?? starts.map(() => 1);
  return axes.reduce((v, given, i) => {
    const axis = positiveAxis(given, x);
    const [d, step] = [x.shape[axis], steps[i]];
    const [low, high] = step > 0 ? [0, d] : [-1, d - 1];
    const inside = (at: number, lowest: number) => Math.min(high, Math.max(lowest, at < 0 ? at + d : at));
    const begin = inside(starts[i], Math.max(0, low));
    const count = Math.max(0, Math.ceil((inside(ends[i], low) - begin) / step));
    if (step === 1) return part(v, axis, begin, count, write);
    return write.take(
      v,
      range(count).map(n => begin + n * step),
      axis,
    );
  }, x);
}

function gather(call: Call, write: StepWriter): Value {
  const data = call.input('data');
  if (!isValue(data))
    return call.refuse(
      `it looks entries up by x, as an embedding of token ids does. Start the map after it, {from: '${call.layer}'}`,
    );
  const axis = axisOf(call, data, 0);
  const indices = call.integers('indices').map(index => (index < 0 ? index + data.shape[axis] : index));
  return write.reshape(write.take(data, indices, axis), call.outputShape);
}

/** Entries by their flat indices, in the shape of the output. */
const picked = (call: Call, v: Value, indices: readonly number[], write: StepWriter): Value =>
  write.reshape(write.take(write.reshape(v, [sizeOf(v.shape)]), indices, 0), call.outputShape);

const stridesOf = (shape: readonly number[]): number[] => shape.map((_, i) => sizeOf(shape.slice(i + 1)));

/** The flat index in `shape` of each entry of a tensor of indices along an axis, whose other coordinates are its own. */
export function flatAlong(
  indices: readonly number[],
  own: readonly number[],
  shape: readonly number[],
  axis: number,
): number[] {
  const [there, strides] = [stridesOf(own), stridesOf(shape)];
  return indices.map((index, at) =>
    strides.reduce((sum, stride, i) => {
      const coordinate = Math.floor(at / there[i]) % own[i];
      const moved = i === axis ? (index < 0 ? index + shape[axis] : index) : coordinate;
      return sum + moved * stride;
    }, 0),
  );
}

function gatherElements(call: Call, write: StepWriter): Value {
  const x = call.value('data');
  const own = call.input('indices').shape;
  return picked(call, x, flatAlong(call.integers('indices'), own, x.shape, axisOf(call, x, 0)), write);
}

/** The flat index in `shape` of each slice that a tensor [batch, …, depth] of coordinates names, and the size of a slice. */
export function flatSlices(
  call: Call,
  shape: readonly number[],
  batches: number,
): { begins: number[]; size: number } {
  const own = call.input('indices').shape;
  const coordinates = call.integers('indices');
  const depth = own.at(-1)!;
  const strides = stridesOf(shape);
  const perBatch = sizeOf(own.slice(batches, -1));
  const begins = range(sizeOf(own.slice(0, -1))).map(row => {
    const batch = Math.floor(row / perBatch) * sizeOf(shape.slice(batches));
    return range(depth).reduce((sum, i) => {
      const at = coordinates[row * depth + i];
      const axis = batches + i;
      return sum + (at < 0 ? at + shape[axis] : at) * strides[axis];
    }, batch);
  });
  return { begins, size: sizeOf(shape.slice(batches + depth)) };
}

function gatherNd(call: Call, write: StepWriter): Value {
  const x = call.value('data');
  const { begins, size } = flatSlices(call, x.shape, numberAttr(call, 'batch_dims', 0));
  return picked(
    call,
    x,
    begins.flatMap(begin => range(size).map(i => begin + i)),
    write,
  );
}

/** The entries along an axis, or of the flattened tensor, where a constant condition holds. */
function compress(call: Call, write: StepWriter): Value {
  const x = call.value('input');
  const chosen = call.integers('condition').flatMap((holds, i) => (holds === 0 ? [] : [i]));
  if (call.attrs.axis === undefined) return picked(call, x, chosen, write);
  return write.take(x, chosen, axisOf(call, x, 0));
}

/** The first entries of each sequence in reverse. */
function reverseSequence(call: Call, write: StepWriter): Value {
  const x = call.value('input');
  const [batch, time] = [numberAttr(call, 'batch_axis', 1), numberAttr(call, 'time_axis', 0)];
  const lengths = call.integers('sequence_lens');
  const strides = stridesOf(x.shape);
  const indices = range(sizeOf(x.shape)).map(at => {
    const coordinate = (axis: number) => Math.floor(at / strides[axis]) % x.shape[axis];
    const [step, length] = [coordinate(time), lengths[coordinate(batch)]];
    return step < length ? at + (length - 1 - 2 * step) * strides[time] : at;
  });
  return picked(call, x, indices, write);
}

/** Cropped or padded with zeros on both sides, to the shape of the output. */
function centerCropPad(call: Call, write: StepWriter): Value {
  const x = call.value('input_data');
  return call.outputShape.reduce((v, d, axis) => {
    const missing = d - v.shape[axis];
    if (missing <= 0) return part(v, axis, Math.floor(-missing / 2), d, write);
    const before = Math.floor(missing / 2);
    return write.pad(
      v,
      v.shape.map((_, i): [number, number] => (i === axis ? [before, missing - before] : [0, 0])),
    );
  }, x);
}

/** Padding with a number, the edge, a mirror image or the other end; negative padding crops. */
function pad(call: Call, write: StepWriter): Value {
  const x = call.value('data');
  const paddings = paddingsOf(call, x);
  const mode = textAttr(call, 'mode', 'constant');
  const cropped = paddings.reduce((v, [before, after], axis) => {
    const cut = [before, after].map(n => Math.max(0, -n));
    return part(v, axis, cut[0], v.shape[axis] - cut[0] - cut[1], write);
  }, x);
  const outside = paddings.map(([before, after]): [number, number] => [
    Math.max(0, before),
    Math.max(0, after),
  ]);
  if (mode === 'constant') return paddedWith(paddingValue(call), cropped, outside, write);
  const indexOf = sources[mode] ?? call.refuse(`its mode ${mode} has no rule`);
  return outside.reduce((v, [before, after], axis) => {
    const d = v.shape[axis];
    const indices = range(before + d + after).map(i => indexOf(i - before, d));
    return write.take(v, indices, axis);
  }, cropped);
}

function paddingsOf(call: Call, x: Value): [number, number][] {
  const pads = listAttr(call, 'paddings') ?? wholeNumbers(call, 'pads')!;
  const axes = (call.has('axes') ? call.integers('axes') : range(x.shape.length)).map(axis =>
    positiveAxis(axis, x),
  );
  return range(x.shape.length).map(axis => {
    const i = axes.indexOf(axis);
    return i < 0 ? [0, 0] : [pads[i], pads[i + axes.length]];
  });
}

function paddingValue(call: Call): number {
  if (versionOf(call) < 11) return numberAttr(call, 'value', 0);
  return call.has('constant_value') ? call.numbers('constant_value')[0] : 0;
}

const modulo = (a: number, n: number) => ((a % n) + n) % n;

/** Which of d entries stands at a position outside. */
const sources: Record<string, (at: number, d: number) => number> = {
  edge: (at, d) => Math.min(d - 1, Math.max(0, at)),
  wrap: (at, d) => modulo(at, d),
  reflect(at, d) {
    if (d === 1) return 0;
    const inPeriod = modulo(at, 2 * (d - 1));
    return inPeriod < d ? inPeriod : 2 * (d - 1) - inPeriod;
  },
};
