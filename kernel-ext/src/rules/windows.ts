import { range } from './selection';
import type { Call, Fixed, StepWriter, Value } from './rule';

/** Windows along one axis, as a call gives them. */
export interface Geometry {
  axis: number;
  size: number;
  stride: number;
  dilation: number;
  /** Padding before the first entry. */
  before: number;
  outputs: number;
  inputs: number;
}

/** Windows along one axis, with the positions of each; null in the padding. */
export interface Windows extends Geometry {
  positions: readonly (readonly (number | null)[])[];
}

/** @throws UnsupportedKernelError if a window has no entry. */
export function windowsOf(call: Call, geometry: Geometry): Windows {
  const { size, stride, dilation, before, outputs, inputs } = geometry;
  const positions = range(outputs).map(o => {
    const window = range(size).map(i => {
      const at = o * stride + i * dilation - before;
      return at >= 0 && at < inputs ? at : null;
    });
    return window.some(at => at !== null) ? window : call.refuse('one of its windows lies in the padding');
  });
  return { ...geometry, positions };
}

/** The largest of each window. Goes through the axes from last to first: the first maximum of each row of a window, then the first among the rows. */
export function largestInWindows(x: Value, axes: readonly Windows[], write: StepWriter): Value {
  const gates: Fixed[] = [];
  const largest = axes.reduceRight((v, windows) => {
    const { axis } = windows;
    const copies = inWindows(v, windows, write);
    const gate = write.firstMaximum(copies, axis + 1);
    gates.push(gate);
    return write.reduceSum(write.scale(copies, gate), [axis + 1]);
  }, x);
  // [N, outputs, size, outputs, size, …, C]
  const entries = axes.reduceRight((v, windows) => inWindows(v, windows, write), x);
  const within = axes.map(({ axis }, i) => axis + i + 1);
  const one = entries.shape.map((d, axis) => (within.includes(axis) ? 1 : d));
  write.chosen(write.reshape(largest, one), entries, within, gates);
  return largest;
}

/** The sum of each window; entries in the padding are 0. */
export function sumInWindows(x: Value, axes: readonly Windows[], write: StepWriter): Value {
  return axes.reduceRight((v, windows) => {
    const copies = inWindows(v, windows, write);
    const isPadded = windows.positions.flat().includes(null);
    return write.reduceSum(isPadded ? write.scale(copies, mask(copies, windows, write)) : copies, [
      windows.axis + 1,
    ]);
  }, x);
}

/**
 * The mean of each window.
 * @param counts how many entries of a window count, for each window of each axis. Default: those outside the padding.
 */
export function meanInWindows(
  x: Value,
  axes: readonly Windows[],
  write: StepWriter,
  counts: readonly (readonly number[])[] = axes.map(({ positions }) =>
    positions.map(window => window.filter(at => at !== null).length),
  ),
): Value {
  const sum = sumInWindows(x, axes, write);
  const shares = axes.map(({ axis }, i) =>
    shaped(
      counts[i].map(n => 1 / n),
      sum.shape,
      [axis],
      write,
    ),
  );
  return write.scale(
    sum,
    shares.reduce((a, b) => write.times(a, b)),
  );
}

/**
 * The entries of each window along a new axis after its own. Windows that touch are a reshape; others are copies, where
 * an entry of the window stands in for the padding: it changes no maximum.
 */
function inWindows(v: Value, { axis, size, stride, before, outputs, positions }: Windows, write: StepWriter) {
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
function mask(copies: Value, { axis, positions }: Windows, write: StepWriter): Fixed {
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
