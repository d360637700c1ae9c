import { positiveAxis, range } from './selection';
import type { Call, Fixed, Frozen, Rule } from './rule';

/** Where the largest lies: a gate. Of several equal ones it is the first. */
export const argMax: Rule = { kernel: 'ArgMax', freeze: (call, f) => placeOf(call, 1, f) };

/** Where the smallest lies. */
export const argMin: Rule = { kernel: 'ArgMin', freeze: (call, f) => placeOf(call, -1, f) };

function placeOf(call: Call, sign: 1 | -1, f: Frozen): Fixed {
  const x = call.input('x');
  const axis = positiveAxis((call.attrs.axis as number | undefined) ?? 0, x);
  const places = Float32Array.from(range(x.shape[axis]));
  const along = x.shape.map((d, i) => (i === axis ? d : 1));
  const gate = f.firstMaximum(sign === 1 ? x : f.times(x, f.number(-1)), axis);
  return f.sumFixed(f.times(gate, f.constant(places, along)), [axis]);
}

/** One number at the places that a gate names, another elsewhere; along a new last axis. */
export const oneHot: Rule = {
  kernel: 'OneHot',
  freeze(call, f) {
    const { depth, onValue = 1, offValue = 0 } = call.attrs as Record<string, number>;
    const indices = call.input('indices');
    const apart = f.reshapeFixed(f.at(indices), [...indices.shape, 1]);
    const places = f.constant(Float32Array.from(range(depth)), [depth]);
    const other = f.plus(f.greater(apart, places), f.greater(places, apart));
    return f.plus(f.number(onValue), f.times(f.number(offValue - onValue), other));
  },
};
