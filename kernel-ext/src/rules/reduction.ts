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
  freeze: (call, f) => f.reshape(largest(call.value('x'), axesOf(call), f), call.outputShape),
};

function largest(x: Value, axes: number[], f: Frozen): Value {
  return axes.reduceRight((v, axis) => f.reduceSum(f.scale(v, f.firstMaximum(v, axis)), [axis]), x);
}

/** The reduced axes in ascending order; TensorFlow.js gives one, several, negative ones, or none for all. */
function axesOf(call: Call): number[] {
  const rank = call.value('x').shape.length;
  const given = (call.attrs.axis ?? call.attrs.reductionIndices) as number | number[] | undefined;
  const axes = given === undefined || given === null ? [...Array(rank).keys()] : [given].flat();
  return axes.map(axis => (axis + rank) % rank).sort((a, b) => a - b);
}
