import { productOfStacks, turned } from '../dense';
import { summedProduct } from '../einsum';
import { isValue, type Call, type Fixed, type StepWriter, type Value } from '../rule';
import { total } from '../sum';
import { numberAttr, type OnnxRule } from './onnx-rule';

export const matrix: OnnxRule[] = [
  { kernel: 'MatMul', inputs: ['A', 'B'], freeze: matMul },
  { kernel: 'Gemm', inputs: ['A', 'B', 'C'], freeze: gemm },
  { kernel: 'Einsum', inputs: [], freeze: einsum },
];

/** NumPy's matmul: a vector on the left is a row, on the right a column, and the leading axes are broadcast. */
function matMul(call: Call, write: StepWriter): Value {
  const [a, b] = [call.input('A'), call.input('B')];
  const [isRow, isColumn] = [a.shape.length === 1, b.shape.length === 1];
  const own = Number(!isRow) + Number(!isColumn);
  const lead = call.outputShape.slice(0, call.outputShape.length - own);
  const left = isRow ? reshaped(a, [1, a.shape[0]], write) : a;
  const right = isColumn ? reshaped(b, [b.shape[0], 1], write) : b;
  return write.reshape(productOfStacks(call, left, right, lead, write), call.outputShape);
}

/** α·A·B + β·C */
function gemm(call: Call, write: StepWriter): Value {
  const factor = (name: 'A' | 'B') =>
    turned(call.input(name), numberAttr(call, `trans${name}`, 0) !== 0, write);
  const [a, b] = [factor('A'), factor('B')];
  const product =
    isValue(a) || isValue(b)
      ? write.reshape(productOfStacks(call, a, b, [], write), call.outputShape)
      : fixedProduct(a, b, write);
  const scaled = (v: Value | Fixed, by: number) =>
    by === 1 ? v : isValue(v) ? write.scale(v, write.number(by)) : write.times(v, write.number(by));
  const terms = [scaled(product, numberAttr(call, 'alpha', 1))];
  if (call.has('C')) terms.push(scaled(call.input('C'), numberAttr(call, 'beta', 1)));
  return total(call, terms, write);
}

/** [M, K]·[K, N] of two factors that do not depend on x. */
export function fixedProduct(a: Fixed, b: Fixed, write: StepWriter): Fixed {
  const [m, k] = a.shape;
  const terms = write.times(write.reshapeFixed(a, [m, k, 1]), write.reshapeFixed(b, [1, ...b.shape]));
  return write.sumFixed(terms, [1]);
}

const reshaped = (v: Value | Fixed, shape: readonly number[], write: StepWriter) =>
  isValue(v) ? write.reshape(v, shape) : write.reshapeFixed(v, shape);

interface Term {
  v: Value | Fixed;
  names: string;
}

/** An equation with an ellipsis, repeated names, or any number of tensors. */
function einsum(call: Call, write: StepWriter): Value {
  const inputs = call.inputs();
  const { names, target } = termsOf(call, inputs);
  const terms = inputs.map((v, i) => diagonal(v, names[i], write));
  if (!terms.some(({ v }) => isValue(v))) return call.refuse('none of its inputs depends on x');
  while (terms.length > 2) {
    const [a, b, ...rest] = terms.splice(0);
    if (!isValue(a.v) && !isValue(b.v)) {
      terms.push(...rest, a, b);
      continue;
    }
    const needed = target + rest.map(term => term.names).join('');
    const kept = [...new Set(a.names + b.names)].filter(name => needed.includes(name)).join('');
    const v = summedProduct(call, [a.v, b.v], [a.names, b.names], kept, write);
    terms.push({ v, names: kept }, ...rest);
  }
  const result = summedProduct(
    call,
    terms.map(({ v }) => v),
    terms.map(term => term.names),
    target,
    write,
  );
  return write.reshape(result, call.outputShape);
}

/** The names of the axes; those that an ellipsis stands for get capital letters that the equation does not use. */
function termsOf(call: Call, inputs: readonly (Value | Fixed)[]): { names: string[]; target: string } {
  const equation = (call.attrs.equation as string).replaceAll(' ', '');
  const [left, right] = equation.split('->');
  const terms = left.split(',');
  const free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter(name => !equation.includes(name));
  const hidden = terms.map((term, i) =>
    term.includes('...') ? inputs[i].shape.length - (term.length - 3) : 0,
  );
  const widest = Math.max(...hidden);
  const names = terms.map((term, i) => term.replace('...', free.slice(widest - hidden[i], widest).join('')));
  const all = [...names.join('')];
  const once = [...new Set(all)].filter(name => all.filter(other => other === name).length === 1);
  const ellipsis = free.slice(0, widest).join('');
  const implicit =
    ellipsis +
    once
      .filter(name => !ellipsis.includes(name))
      .sort()
      .join('');
  const target = right === undefined ? implicit : right.replace('...', ellipsis);
  if (!/^[a-zA-Z]*$/.test(names.join('') + target))
    return call.refuse(`its equation ${equation} has no rule`);
  return { names, target };
}

/** A name that occurs twice stands for the diagonal of its two axes. */
function diagonal(v: Value | Fixed, names: string, write: StepWriter): Term {
  const second = [...names].findIndex((name, i) => names.indexOf(name) < i);
  if (second < 0) return { v, names };
  const first = names.indexOf(names[second]);
  const d = v.shape[first];
  const eye = Float32Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0));
  const along = v.shape.map((n, i) => (i === first || i === second ? n : 1));
  const mask = write.constant(eye, along);
  const rest = names.slice(0, second) + names.slice(second + 1);
  const picked = isValue(v)
    ? write.reduceSum(write.scale(v, mask), [second])
    : write.sumFixed(write.times(v, mask), [second]);
  return diagonal(picked, rest, write);
}
