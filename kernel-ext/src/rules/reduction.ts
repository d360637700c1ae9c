import { positiveAxis, range } from './selection';
import type { Call, Frozen, Rule, Value } from './rule';

export const sum: Rule = {
  kernel: 'Sum',
  freeze: (call, f) => f.reshape(f.reduceSum(call.value('x'), axesOf(call)), call.outputShape),
};

export const mean: Rule = {
  kernel: 'Mean',
  freeze(call, f) {
    const x = call.value('x');
    const axes = axesOf(call);
    const total = f.reshape(f.reduceSum(x, axes), call.outputShape);
    return f.scale(total, f.number(1 / axes.reduce((n, axis) => n * x.shape[axis], 1)));
  },
};

/** The largest along some axes: the gate selects the first maximum. */
export const max: Rule = {
  kernel: 'Max',
  freeze: (call, f) => f.reshape(largest(call.value('x'), axesOf(call), 1, f), call.outputShape),
};

/** The smallest along some axes: the gate selects the first minimum. */
export const min: Rule = {
  kernel: 'Min',
  freeze: (call, f) => f.reshape(largest(call.value('x'), axesOf(call), -1, f), call.outputShape),
};

function largest(x: Value, axes: number[], sign: 1 | -1, f: Frozen): Value {
  return axes.reduceRight((v, axis) => {
    const compared = sign === 1 ? v : f.times(v, f.number(-1));
    return f.reduceSum(f.scale(v, f.firstMaximum(compared, axis)), [axis]);
  }, x);
}

/** The reduced axes in ascending order; TensorFlow.js gives one, several, negative ones, or none for all. */
function axesOf(call: Call): number[] {
  const x = call.value('x');
  const given = (call.attrs.axis ?? call.attrs.reductionIndices) as number | number[] | undefined;
  const axes = given === undefined || given === null ? range(x.shape.length) : [given].flat();
  return axes.map(axis => positiveAxis(axis, x)).sort((a, b) => a - b);
}
