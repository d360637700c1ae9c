import { matrixProduct } from './matrix-product';
import { isValue, type Call, type Fixed, type StepWriter, type Rule, type Value } from './rule';

/** Sums of products by named axes, of one or two tensors: a permutation, a product of matrices, a permutation. */
export const einsum: Rule = {
  kernel: 'Einsum',
  freeze(call, write) {
    const [names, target] = termsOf(call);
    return summedProduct(call, call.inputs(), names, target, write);
  },
};

/**
 * Σ of products by named axes, of one or two tensors.
 * @param names of the axes of each tensor, each axis with a name of its own
 * @param target the names of the axes of the result
 */
export function summedProduct(
  call: Pick<Call, 'policy' | 'refuse'>,
  inputs: readonly (Value | Fixed)[],
  names: readonly string[],
  target: string,
  write: StepWriter,
): Value {
  const [a, b] = inputs.map((v, i) => without(v, names[i], namesKept(names, target, i), write));
  if (inputs.length === 1) return arrange(a.v as Value, a.names, target, write);
  if (inputs.length > 2) return call.refuse('it multiplies more than two tensors');
  const both = [...a.names].filter(n => b.names.includes(n));
  const batch = both.filter(n => target.includes(n));
  const summed = both.filter(n => !target.includes(n));
  const [freeA, freeB] = [a, b].map(t => [...t.names].filter(n => !both.includes(n)));
  const left = grouped(a, [batch, freeA, summed], write);
  const right = grouped(b, [batch, summed, freeB], write);
  const product = matrixProduct(call, left, right, write);
  const sizes = new Map([a, b].flatMap(t => [...t.names].map((n, i) => [n, t.v.shape[i]] as const)));
  const order = [...batch, ...freeA, ...freeB];
  const apart = write.reshape(
    product,
    order.map(n => sizes.get(n)!),
  );
  return arrange(apart, order.join(''), target, write);
}

interface Named {
  v: Value | Fixed;
  names: string;
}

/** The names of the axes of each input, and of the output. */
function termsOf(call: Call): [string[], string] {
  const [left, target] = (call.attrs.equation as string).replaceAll(' ', '').split('->');
  const names = left.split(',');
  const usual = names.every(n => /^[a-zA-Z]*$/.test(n) && new Set(n).size === n.length);
  if (!usual || target === undefined)
    return call.refuse(`its equation ${String(call.attrs.equation)} has no rule`);
  return [names, target];
}

const namesKept = (names: readonly string[], target: string, i: number) =>
  target + names.filter((_, other) => other !== i).join('');

/** Axes that nothing else names are summed first. */
function without(v: Value | Fixed, names: string, kept: string, write: StepWriter): Named {
  const axes = [...names].flatMap((n, i) => (kept.includes(n) ? [] : [i]));
  const left = [...names].filter(n => kept.includes(n)).join('');
  return { v: isValue(v) ? write.reduceSum(v, axes) : write.sumFixed(v, axes), names: left };
}

/** The axes of each group together as one: [G, M, K]. */
function grouped({ v, names }: Named, groups: string[][], write: StepWriter): Value | Fixed {
  const order = groups.flat().map(n => names.indexOf(n));
  const shape = groups.map(group => group.reduce((size, n) => size * v.shape[names.indexOf(n)], 1));
  if (isValue(v)) return write.reshape(permuted(v, order, write), shape);
  return write.reshapeFixed(write.permuteFixed(v, order), shape);
}

const arrange = (v: Value, names: string, target: string, write: StepWriter) =>
  permuted(
    v,
    [...target].map(n => names.indexOf(n)),
    write,
  );

const permuted = (v: Value, order: number[], write: StepWriter) =>
  order.every((axis, i) => axis === i) ? v : write.permute(v, order);
