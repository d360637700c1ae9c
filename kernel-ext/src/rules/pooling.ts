import { largestInWindows, meanInWindows, windowsOf, type Geometry, type Windows } from './windows';
import { range } from './selection';
import type { Call, Rule } from './rule';

/** The largest of each window: the gate selects the first maximum. */
export const maxPool: Rule = {
  kernel: 'MaxPool',
  freeze: (call, write) => largestInWindows(call.value('x'), axesOf(call), write),
};
export const maxPool3D: Rule = { kernel: 'MaxPool3D', freeze: maxPool.freeze };

/** The second output holds positions in the image, which nothing linear reads. */
export const maxPoolWithArgmax: Rule = {
  kernel: 'MaxPoolWithArgmax',
  freeze: (call, write) => [largestInWindows(call.value('x'), axesOf(call), write), null],
};

/** The mean of each window; entries in the padding do not count. */
export const avgPool: Rule = {
  kernel: 'AvgPool',
  freeze: (call, write) => meanInWindows(call.value('x'), axesOf(call), write),
};
export const avgPool3D: Rule = { kernel: 'AvgPool3D', freeze: avgPool.freeze };

function axesOf(call: Call): Windows[] {
  const format = (call.attrs.dataFormat ?? 'NHWC') as string;
  if (format.startsWith('NC')) call.refuse(`its data format ${format} has no rule`);
  const { shape } = call.value('x');
  const n = shape.length - 2;
  const perAxis = (value: unknown) =>
    Array.isArray(value) ? (value as number[]) : Array<number>(n).fill((value ?? 1) as number);
  const [sizes, strides, dilations] = ['filterSize', 'strides', 'dilations'].map(name =>
    perAxis(call.attrs[name]),
  );
  return range(n).map(i => {
    const geometry = { axis: i + 1, size: sizes[i], stride: strides[i], dilation: dilations[i] };
    const windows = { ...geometry, inputs: shape[i + 1], outputs: call.outputShape[i + 1] };
    return windowsOf(call, { ...windows, before: paddingBefore(call, windows) });
  });
}

/** TensorFlow's 'same': the smaller half of the padding goes before the first entry. */
function paddingBefore(
  call: Call,
  { axis, size, stride, dilation, inputs, outputs }: Omit<Geometry, 'before'>,
): number {
  const pad = call.attrs.pad as 'same' | 'valid' | number | [number, number][];
  if (pad === 'valid') return 0;
  if (Array.isArray(pad)) return pad[axis][0];
  if (typeof pad === 'number') return pad;
  const reach = (outputs - 1) * stride + (size - 1) * dilation + 1;
  return Math.floor(Math.max(0, reach - inputs) / 2);
}
