import { largest, meanOver } from '../reduction';
import { range } from '../selection';
import type { Call, StepWriter, Value } from '../rule';
import { largestInWindows, meanInWindows, sumInWindows, windowsOf, type Windows } from '../windows';
import { listAttr, numberAttr, from, textAttr, type OnnxRule } from './onnx-rule';
import { magnitudeToPower, rootOf } from './powers';

export const pooling: OnnxRule[] = [
  {
    kernel: 'MaxPool',
    inputs: ['X'],
    // The second output holds positions in the image, which nothing linear reads.
    freeze: (call, write) => [channelsLast(call, write, x => largestInWindows(x, axesOf(call), write)), null],
  },
  { kernel: 'AveragePool', inputs: ['X'], freeze: averagePool },
  { kernel: 'LpPool', inputs: ['X'], freeze: lpPool },
  {
    kernel: 'GlobalMaxPool',
    inputs: ['X'],
    freeze: (call, write) =>
      write.reshape(largest(call.value('X'), from(2, call.value('X')), 1, write), call.outputShape),
  },
  {
    kernel: 'GlobalAveragePool',
    inputs: ['X'],
    freeze: (call, write) =>
      write.reshape(meanOver(call.value('X'), from(2, call.value('X')), write), call.outputShape),
  },
  {
    kernel: 'GlobalLpPool',
    inputs: ['X'],
    freeze(call, write) {
      const x = call.value('X');
      const p = numberAttr(call, 'p', 2);
      const sum = write.reduceSum(magnitudeToPower(call, x, p, write), from(2, x));
      return write.reshape(rootOf(call, sum, p, write), call.outputShape);
    },
  },
];

/** Pools [N, C, …] as [N, …, C]: executors are several times faster along axes that come before the channels. */
function channelsLast(call: Call, write: StepWriter, pool: (x: Value) => Value): Value {
  const x = call.value('X');
  const spatial = range(x.shape.length - 2);
  const y = pool(write.permute(x, [0, ...spatial.map(i => i + 2), 1]));
  return write.permute(y, [0, spatial.length + 1, ...spatial.map(i => i + 1)]);
}

/** The windows along each spatial axis of [N, …, C]. */
function axesOf(call: Call): Windows[] {
  const { shape } = call.value('X');
  const n = shape.length - 2;
  const sizes = listAttr(call, 'kernel_shape')!;
  const [strides, dilations] = ['strides', 'dilations'].map(
    name => listAttr(call, name) ?? Array<number>(n).fill(1),
  );
  const before = paddingBefore(call, sizes, strides, dilations);
  return range(n).map(i =>
    windowsOf(call, {
      ...{ axis: i + 1, size: sizes[i], stride: strides[i], dilation: dilations[i], before: before[i] },
      ...{ inputs: shape[i + 2], outputs: call.outputShape[i + 2] },
    }),
  );
}

function paddingBefore(call: Call, sizes: number[], strides: number[], dilations: number[]): number[] {
  const auto = textAttr(call, 'auto_pad', 'NOTSET');
  const n = sizes.length;
  if (auto === 'VALID') return Array<number>(n).fill(0);
  if (auto === 'NOTSET' || auto === '')
    return listAttr(call, 'pads')?.slice(0, n) ?? Array<number>(n).fill(0);
  const { shape } = call.value('X');
  return range(n).map(i => {
    const reach = (call.outputShape[i + 2] - 1) * strides[i] + (sizes[i] - 1) * dilations[i] + 1;
    const missing = Math.max(0, reach - shape[i + 2]);
    return auto === 'SAME_UPPER' ? Math.floor(missing / 2) : Math.ceil(missing / 2);
  });
}

/** The mean of each window; entries in the padding count where the call wants it, those that rounding up adds never do. */
function averagePool(call: Call, write: StepWriter): Value {
  const axes = axesOf(call);
  if (numberAttr(call, 'count_include_pad', 0) === 0)
    return channelsLast(call, write, x => meanInWindows(x, axes, write));
  const isAuto = !['NOTSET', 'VALID', ''].includes(textAttr(call, 'auto_pad', 'NOTSET'));
  const after = listAttr(call, 'pads')?.slice(axes.length) ?? axes.map(() => 0);
  const counts = axes.map(({ size, stride, dilation, before, inputs, outputs }, i) => {
    const end = isAuto ? Infinity : inputs + after[i];
    return range(outputs).map(o => {
      const positions = range(size).map(at => o * stride + at * dilation - before);
      return positions.filter(at => at < end).length;
    });
  });
  return channelsLast(call, write, x => meanInWindows(x, axes, write, counts));
}

/** (Σ|z|ᵖ)^(1/p) of each window. */
function lpPool(call: Call, write: StepWriter): Value {
  const p = numberAttr(call, 'p', 2);
  return channelsLast(call, write, x => {
    const powers = magnitudeToPower(call, x, p, write);
    return rootOf(call, sumInWindows(powers, axesOf(call), write), p, write);
  });
}
