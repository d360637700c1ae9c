import { range } from './selection';
import type { Call, Fixed, StepWriter, Rule, Value } from './rule';

/** The largest of each window: the gate selects the first maximum. */
export const maxPool: Rule = { kernel: 'MaxPool', freeze: largestInWindows };
export const maxPool3D: Rule = { kernel: 'MaxPool3D', freeze: largestInWindows };

/** The second output holds positions in the image, which nothing linear reads. */
export const maxPoolWithArgmax: Rule = {
  kernel: 'MaxPoolWithArgmax',
  freeze: (call, write) => [largestInWindows(call, write), null],
};

/** The mean of each window; entries in the padding do not count. */
export const avgPool: Rule = { kernel: 'AvgPool', freeze: meanOfWindows };
export const avgPool3D: Rule = { kernel: 'AvgPool3D', freeze: meanOfWindows };

/** Goes through the axes from last to first: the first maximum of each row of a window, then the first among the rows. */
function largestInWindows(call: Call, write: StepWriter): Value {
  const x = call.value('x');
  const axes = axesOf(call);
  const gates: Fixed[] = [];
  const largest = axes.reduceRight((v, windows) => {
    const { axis } = windows;
    const copies = inWindows(v, windows, positionsIn(call, windows), write);
    const gate = write.firstMaximum(copies, axis + 1);
    gates.push(gate);
    return write.reduceSum(write.scale(copies, gate), [axis + 1]);
  }, x);
  // [N, outputs, size, outputs, size, …, C]
  const entries = axes.reduceRight(
    (v, windows) => inWindows(v, windows, positionsIn(call, windows), write),
    x,
  );
  const within = range(axes.length).map(i => 2 * i + 2);
  const one = entries.shape.map((d, axis) => (within.includes(axis) ? 1 : d));
  write.chosen(write.reshape(largest, one), entries, within, gates);
  return largest;
}

function meanOfWindows(call: Call, write: StepWriter): Value {
  const axes = axesOf(call);
  const sum = axes.reduceRight((v, windows) => {
    const positions = positionsIn(call, windows);
    const copies = inWindows(v, windows, positions, write);
    const inside = positions.flat().some(at => at === null)
      ? mask(copies, windows.axis, positions, write)
      : null;
    return write.reduceSum(inside === null ? copies : write.scale(copies, inside), [windows.axis + 1]);
  }, call.value('x'));
  const counts = axes.map(windows => {
    const inside = positionsIn(call, windows).map(window => window.filter(at => at !== null).length);
    return shaped(
      inside.map(n => 1 / n),
      sum.shape,
      [windows.axis],
      write,
    );
  });
  return write.scale(
    sum,
    counts.reduce((a, b) => write.times(a, b)),
  );
}

/** The windows along one axis. */
interface Windows {
  axis: number;
  size: number;
  stride: number;
  dilation: number;
  /** Padding before the first entry. */
  before: number;
  outputs: number;
  inputs: number;
}

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
    const windows = { axis: i + 1, size: sizes[i], stride: strides[i], dilation: dilations[i] };
    const [inputs, outputs] = [shape[i + 1], call.outputShape[i + 1]];
    return { ...windows, inputs, outputs, before: paddingBefore(call, { ...windows, inputs, outputs }) };
  });
}

/** TensorFlow's 'same': the smaller half of the padding goes before the first entry. */
function paddingBefore(
  call: Call,
  { axis, size, stride, dilation, inputs, outputs }: Omit<Windows, 'before'>,
): number {
  const pad = call.attrs.pad as 'same' | 'valid' | number | [number, number][];
  if (pad === 'valid') return 0;
  if (Array.isArray(pad)) return pad[axis][0];
  if (typeof pad === 'number') return pad;
  const reach = (outputs - 1) * stride + (size - 1) * dilation + 1;
  return Math.floor(Math.max(0, reach - inputs) / 2);
}

/** For each window, its positions along the axis; null in the padding. */
function positionsIn(
  call: Call,
  { size, stride, dilation, before, outputs, inputs }: Windows,
): (number | null)[][] {
  return range(outputs).map(o => {
    const window = range(size).map(i => {
      const at = o * stride + i * dilation - before;
      return at >= 0 && at < inputs ? at : null;
    });
    return window.some(at => at !== null) ? window : call.refuse('one of its windows lies in the padding');
  });
}

/**
 * The entries of each window along a new axis after its own. Windows that touch are a reshape; others are copies, where
 * an entry of the window stands in for the padding: it changes no maximum.
 */
function inWindows(
  v: Value,
  { axis, size, stride, before, outputs }: Windows,
  positions: (number | null)[][],
  write: StepWriter,
) {
  const apart = [...v.shape.slice(0, axis), outputs, size, ...v.shape.slice(axis + 1)];
  if (
    stride === size &&
    before === 0 &&
    outputs * size <= v.shape[axis] &&
    !positions.flat().includes(null)
  ) {
    const covered = v.shape.map((d, i) => (i === axis ? outputs * size : d));
    return write.reshape(
      write.slice(
        v,
        v.shape.map(() => 0),
        covered,
      ),
      apart,
    );
  }
  const indices = positions.flatMap(window => window.map(at => at ?? window.find(other => other !== null)!));
  return write.reshape(write.take(v, indices, axis), apart);
}

/** 1 on the image, 0 in the padding. */
function mask(copies: Value, axis: number, positions: (number | null)[][], write: StepWriter): Fixed {
  return shaped(
    positions.flat().map(at => (at === null ? 0 : 1)),
    copies.shape,
    [axis, axis + 1],
    write,
  );
}

/** Numbers along some axes of a shape, the same along the others. */
function shaped(values: number[], shape: readonly number[], axes: number[], write: StepWriter): Fixed {
  return write.constant(
    Float32Array.from(values),
    shape.map((d, i) => (axes.includes(i) ? d : 1)),
  );
}
