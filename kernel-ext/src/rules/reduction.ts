import { bilinear } from './product';
import { part, positiveAxis, range } from './selection';
import type { Call, Fixed, StepWriter, Rule, Value } from './rule';

export const sum: Rule = {
  kernel: 'Sum',
  freeze: (call, write) =>
    write.reshape(write.reduceSum(call.value('x'), reducedAxes(call)), call.outputShape),
};

export const mean: Rule = {
  kernel: 'Mean',
  freeze(call, write) {
    return write.reshape(meanOver(call.value('x'), reducedAxes(call), write), call.outputShape);
  },
};

/** The mean over some axes, which disappear. */
export function meanOver(x: Value, axes: readonly number[], write: StepWriter): Value {
  const share = 1 / axes.reduce((n, axis) => n * x.shape[axis], 1);
  return write.scale(write.reduceSum(x, axes), write.number(share));
}

/** The largest along some axes: the gate selects the first maximum. */
export const max: Rule = {
  kernel: 'Max',
  freeze: (call, write) =>
    write.reshape(largest(call.value('x'), reducedAxes(call), 1, write), call.outputShape),
};

/** The smallest along some axes: the gate selects the first minimum. */
export const min: Rule = {
  kernel: 'Min',
  freeze: (call, write) =>
    write.reshape(largest(call.value('x'), reducedAxes(call), -1, write), call.outputShape),
};

/** The largest along some axes, which disappear, or with sign −1 the smallest. */
export function largest(x: Value, axes: readonly number[], sign: 1 | -1, write: StepWriter): Value {
  const gates: Fixed[] = [];
  const result = axes.reduceRight((v, axis) => {
    const compared = sign === 1 ? v : write.times(v, write.number(-1));
    const gate = write.firstMaximum(compared, axis);
    gates.push(gate);
    return write.reduceSum(write.scale(v, gate), [axis]);
  }, x);
  const one = x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d));
  const signed = (v: Value) => (sign === 1 ? v : write.scale(v, write.number(-1)));
  write.chosen(signed(write.reshape(result, one)), signed(x), axes, gates);
  return result;
}

/** The product along some axes, computed by multiplying one half of the entries with the other, again and again. */
export const prod: Rule = {
  kernel: 'Prod',
  freeze(call, write) {
    const whole = reducedAxes(call).reduce((v, axis) => multiplied(call, v, axis, write), call.value('x'));
    return write.reshape(whole, call.outputShape);
  },
};

/** The entries along an axis multiplied with each other; the axis stays, with one entry. */
export function multiplied(call: Pick<Call, 'policy'>, v: Value, axis: number, write: StepWriter): Value {
  const n = v.shape[axis];
  if (n === 1) return v;
  const half = Math.floor(n / 2);
  const [first, second] = [part(v, axis, 0, half, write), part(v, axis, half, half, write)];
  const pairs = bilinear(call, first, second, write, {
    left: (v, fixed) => write.scale(v, fixed),
    right: (v, fixed) => write.scale(v, fixed),
    tie: 'right',
  });
  const rest = n % 2 === 0 ? [] : [part(v, axis, n - 1, 1, write)];
  return multiplied(call, write.concat([pairs, ...rest], axis), axis, write);
}

/** The reduced axes in ascending order; TensorFlow.js gives one, several, negative ones, or none for all. */
export function reducedAxes(call: Call, x: Pick<Value, 'shape'> = call.value('x')): number[] {
  const given = (call.attrs.axis ?? call.attrs.reductionIndices) as number | number[] | undefined;
  const axes = given === undefined || given === null ? range(x.shape.length) : [given].flat();
  return axes.map(axis => positiveAxis(axis, x)).sort((a, b) => a - b);
}
