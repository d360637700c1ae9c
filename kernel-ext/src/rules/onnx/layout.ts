import { runningSums } from '../cumulation';
import { joined } from '../join';
import { parts } from '../layout';
import { largestInOrder } from '../sorting';
import { positiveAxis, range, tiled } from '../selection';
import type { Call, Fixed, Output, StepWriter, Value } from '../rule';
import { axisOf, listAttr, numberAttr, textAttr, versionOf, type OnnxRule } from './onnx-rule';

/** Operators that give the same numbers another shape. */
const reshapes = (kernel: string, inputs: readonly string[]): OnnxRule => ({
  kernel,
  inputs,
  freeze: (call, write) => write.reshape(call.value(inputs[0]), call.outputShape),
});

/** Operators that move numbers without changing them. */
export const layout: OnnxRule[] = [
  reshapes('Reshape', ['data', 'shape']),
  reshapes('Flatten', ['input']),
  reshapes('Squeeze', ['data', 'axes']),
  reshapes('Unsqueeze', ['data', 'axes']),
  { kernel: 'Identity', inputs: ['input'], freeze: call => call.value('input') },
  { kernel: 'Dropout', inputs: ['data', 'ratio', 'training_mode'], freeze: dropout },
  {
    kernel: 'Transpose',
    inputs: ['data'],
    freeze(call, write) {
      const x = call.value('data');
      return write.permute(x, listAttr(call, 'perm') ?? range(x.shape.length).reverse());
    },
  },
  {
    kernel: 'Concat',
    inputs: [],
    freeze: (call, write) => joined(call, call.inputs(), numberAttr(call, 'axis', 1), write),
  },
  {
    kernel: 'Split',
    inputs: ['input', 'split'],
    freeze: (call, write) => parts(call, call.value('input'), numberAttr(call, 'axis', 0), write),
  },
  {
    kernel: 'Expand',
    inputs: ['input', 'shape'],
    freeze: (call, write) => write.broadcast(call.value('input'), call.outputShape),
  },
  {
    kernel: 'Tile',
    inputs: ['input', 'repeats'],
    freeze(call, write) {
      const x = call.value('input');
      return tiled(
        x,
        x.shape.map((d, i) => call.outputShape[i] / d),
        write,
      );
    },
  },
  { kernel: 'DepthToSpace', inputs: ['input'], freeze: depthToSpace },
  { kernel: 'SpaceToDepth', inputs: ['input'], freeze: spaceToDepth },
  { kernel: 'Trilu', inputs: ['input', 'k'], freeze: triangle },
  {
    kernel: 'CumSum',
    inputs: ['x', 'axis'],
    freeze(call, write) {
      const x = call.value('x');
      const [exclusive, reverse] = ['exclusive', 'reverse'].map(name => numberAttr(call, name, 0) !== 0);
      return runningSums(x, positiveAxis(call.integers('axis')[0], x), { exclusive, reverse }, write);
    },
  },
  { kernel: 'TopK', inputs: ['X', 'K'], freeze: topK },
];

/** It does nothing in inference; its second output, the mask, is all 1. */
function dropout(call: Call): (Output | null)[] {
  const isTraining = call.has('training_mode') && call.numbers('training_mode')[0] !== 0;
  const ratio = call.has('ratio') ? call.numbers('ratio')[0] : 0.5;
  if (isTraining && ratio !== 0) return call.refuse('it is in training mode and draws random numbers');
  return [call.value('data'), null].slice(0, call.outputShapes.length);
}

/** Blocks of b × b channels become blocks of pixels. */
function depthToSpace(call: Call, write: StepWriter): Value {
  const x = call.value('input');
  const [n, c, h, w] = x.shape;
  const b = numberAttr(call, 'blocksize', 1);
  const rest = c / (b * b);
  const isByColumn = textAttr(call, 'mode', 'DCR') === 'CRD';
  const apart = write.reshape(x, isByColumn ? [n, rest, b, b, h, w] : [n, b, b, rest, h, w]);
  const turned = write.permute(apart, isByColumn ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]);
  return write.reshape(turned, [n, rest, h * b, w * b]);
}

/** The inverse. */
function spaceToDepth(call: Call, write: StepWriter): Value {
  const x = call.value('input');
  const [n, c, h, w] = x.shape;
  const b = numberAttr(call, 'blocksize', 1);
  const apart = write.reshape(x, [n, c, h / b, b, w / b, b]);
  return write.reshape(write.permute(apart, [0, 3, 5, 1, 2, 4]), call.outputShape);
}

/** The upper or the lower triangle of each matrix; zeros elsewhere. */
function triangle(call: Call, write: StepWriter): Value {
  const x = call.value('input');
  const k = call.has('k') ? call.integers('k')[0] : 0;
  const isUpper = numberAttr(call, 'upper', 1) !== 0;
  const [rows, columns] = x.shape.slice(-2);
  const mask = Float32Array.from({ length: rows * columns }, (_, i) => {
    const ahead = (i % columns) - Math.floor(i / columns);
    return (isUpper ? ahead >= k : ahead <= k) ? 1 : 0;
  });
  return write.scale(x, write.constant(mask, [rows, columns]));
}

/** The k largest or smallest entries along an axis, in order; the second output holds their indices. */
function topK(call: Call, write: StepWriter): (Value | Fixed)[] {
  const x = call.value('X');
  const k = versionOf(call) < 10 ? numberAttr(call, 'k', 1) : call.integers('K')[0];
  const axis = axisOf(call, x, -1);
  const last = x.shape.length - 1;
  const swap = range(x.shape.length).map(i => (i === axis ? last : i === last ? axis : i));
  const isLargest = numberAttr(call, 'largest', 1) !== 0;
  const signed = (v: Value) => (isLargest ? v : write.scale(v, write.number(-1)));
  const turned = axis === last ? x : write.permute(x, swap);
  const [values, indices] = largestInOrder(signed(turned), k, write);
  const back = signed(values);
  return [
    axis === last ? back : write.permute(back, swap),
    axis === last ? indices : write.permuteFixed(indices, swap),
  ].slice(0, call.outputShapes.length);
}
