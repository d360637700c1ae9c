import { positiveAxis, range } from './selection';
import type { Call, Fixed, StepWriter, Rule, Value } from './rule';

/** The position of the largest entry, which is a gate; the first one if several are equal. */
export const argMax: Rule = { kernel: 'ArgMax', freeze: (call, write) => placeOf(call, 1, write) };

/** The position of the smallest entry. */
export const argMin: Rule = { kernel: 'ArgMin', freeze: (call, write) => placeOf(call, -1, write) };

function placeOf(call: Call, sign: 1 | -1, write: StepWriter): Fixed {
  const x = call.input('x');
  return positionOfLargest(x, positiveAxis((call.attrs.axis as number | undefined) ?? 0, x), sign, write);
}

/** Along an axis, which disappears; with sign −1 the position of the smallest. */
export function positionOfLargest(x: Value | Fixed, axis: number, sign: 1 | -1, write: StepWriter): Fixed {
  const positions = Float32Array.from(range(x.shape[axis]));
  const along = x.shape.map((d, i) => (i === axis ? d : 1));
  const gate = write.firstMaximum(sign === 1 ? x : write.times(x, write.number(-1)), axis);
  return write.sumFixed(write.times(gate, write.constant(positions, along)), [axis]);
}

/** One number at the positions that a gate names, another elsewhere; along a new last axis. */
export const oneHot: Rule = {
  kernel: 'OneHot',
  freeze(call, write) {
    const { depth, onValue = 1, offValue = 0 } = call.attrs as Record<string, number>;
    const indices = call.input('indices');
    const apart = write.reshapeFixed(write.at(indices), [...indices.shape, 1]);
    const positions = write.constant(Float32Array.from(range(depth)), [depth]);
    const other = write.plus(write.greater(apart, positions), write.greater(positions, apart));
    return write.plus(write.number(onValue), write.times(write.number(offValue - onValue), other));
  },
};
