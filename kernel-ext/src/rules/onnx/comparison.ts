import { choose } from '../arithmetic';
import { apart, either } from '../comparison';
import { finiteConstant } from '../finite-constant';
import { positionOfLargest } from '../arg-max';
import { ceilingOf, floorOf, rounded, signOf, truncated } from '../rounding';
import { range } from '../selection';
import { isValue, type Call, type Fixed, type StepWriter, type Value } from '../rule';
import { axisOf, numberAttr, type OnnxRule } from './onnx-rule';

/** Operators whose results are gates: the same on the whole linear region. */
const gate = (
  kernel: string,
  inputs: readonly string[],
  of: (call: Call, write: StepWriter) => Fixed,
): OnnxRule => ({ kernel, inputs, freeze: of });

const ofTwo = (
  kernel: string,
  of: (a: Value | Fixed, b: Value | Fixed, write: StepWriter) => Fixed,
): OnnxRule => gate(kernel, ['A', 'B'], (call, write) => of(call.input('A'), call.input('B'), write));

const ofOne = (kernel: string, of: (x: Value | Fixed, write: StepWriter) => Fixed): OnnxRule =>
  gate(kernel, ['X'], (call, write) => of(call.input('X'), write));

export const comparison: OnnxRule[] = [
  ofTwo('Greater', (a, b, write) => write.greater(a, b)),
  ofTwo('GreaterOrEqual', (a, b, write) => write.not(write.greater(b, a))),
  ofTwo('Less', (a, b, write) => write.greater(b, a)),
  ofTwo('LessOrEqual', (a, b, write) => write.not(write.greater(a, b))),
  ofTwo('Equal', (a, b, write) => write.not(apart(write, a, b))),
  ofTwo('And', (a, b, write) => write.times(a, b)),
  ofTwo('Or', (a, b, write) => either(write, a, b)),
  ofTwo('Xor', (a, b, write) => apart(write, a, b)),
  ofOne('Not', (x, write) => write.not(x)),
  ofOne('Sign', signOf),
  ofOne('Floor', floorOf),
  ofOne('Ceil', ceilingOf),
  ofOne('Round', rounded),
  gate('IsNaN', ['X'], (call, write) => write.broadcastFixed(write.number(0), call.outputShape)),
  gate('IsInf', ['X'], (call, write) => write.broadcastFixed(write.number(0), call.outputShape)),
  gate('ArgMax', ['data'], (call, write) => position(call, 1, write)),
  gate('ArgMin', ['data'], (call, write) => position(call, -1, write)),
  gate('Hardmax', ['input'], hardmax),
  { kernel: 'Where', inputs: ['condition', 'X', 'Y'], freeze: chosen },
  // Its second input is there for its type alone, which is recorded as the attribute of a cast.
  ...['Cast', 'CastLike'].map(kernel => ({
    kernel,
    inputs: ['input'],
    freeze: (call: Call, write: StepWriter) => cast(call, numberAttr(call, 'to', 1), write),
  })),
];

function position(call: Call, sign: 1 | -1, write: StepWriter): Fixed {
  const x = call.input('data');
  const axis = axisOf(call, x, 0);
  if (numberAttr(call, 'select_last_index', 0) === 0)
    return write.reshapeFixed(positionOfLargest(x, axis, sign, write), call.outputShape);
  return call.refuse('it looks for the last of equal entries');
}

/** 1 at the largest entry along an axis. Before version 13 all axes from that one on count as one. */
function hardmax(call: Call, write: StepWriter): Fixed {
  const x = call.input('input');
  const isWhole = call.opset!.version < 13;
  const axis = axisOf(call, x, isWhole ? 1 : -1);
  if (!isWhole) return write.firstMaximum(x, axis);
  const size = (axes: readonly number[]) => axes.reduce((n, d) => n * d, 1);
  const flat = [size(x.shape.slice(0, axis)), size(x.shape.slice(axis))];
  return write.reshapeFixed(write.firstMaximum(write.reshapeFixed(write.at(x), flat), 1), x.shape);
}

/** X where the condition holds, Y elsewhere. */
function chosen(call: Call, write: StepWriter): Value | Fixed {
  const condition = call.fixed('condition');
  const [x, y] = [finiteConstant(call, 'X', write), finiteConstant(call, 'Y', write)];
  if (isValue(x) || isValue(y)) return choose(call, condition, x, y, write);
  return write.plus(write.times(x, condition), write.times(y, write.not(condition)));
}

/** Data types by their numbers in TensorProto. */
const FLOATING = [1, 10, 11, 16];
const WHOLE = [2, 3, 4, 5, 6, 7, 12, 13];
const BOOLEAN = 9;

/** A cast to a floating type changes nothing; to a boolean (is the number not 0?) or to an integer it is a gate. */
function cast(call: Call, to: number, write: StepWriter): Value | Fixed {
  const x = call.input('input');
  if (FLOATING.includes(to)) return x;
  if (to === BOOLEAN) return apart(write, x, write.number(0));
  if (WHOLE.includes(to)) return truncated(x, write);
  return call.refuse(`it casts an activation to data type ${to}, which has no rule`);
}

/** Numbers at the positions that a gate names, others elsewhere; along a new axis. */
export const oneHot: OnnxRule = {
  kernel: 'OneHot',
  inputs: ['indices', 'depth', 'values'],
  freeze(call, write) {
    const indices = call.input('indices');
    const depth = call.integers('depth')[0];
    const [off, on] = call.numbers('values');
    const axis = axisOf(call, { shape: call.outputShape }, -1);
    const along = call.outputShape.map((d, i) => (i === axis ? d : 1));
    const one = call.outputShape.map((d, i) => (i === axis ? 1 : d));
    const given = write.reshapeFixed(write.at(indices), one);
    // A negative index counts from the end.
    const negative = write.greater(write.number(0), given);
    const whole = write.plus(given, write.times(write.number(depth), negative));
    const other = apart(write, whole, write.constant(Float32Array.from(range(depth)), along));
    return write.plus(write.number(on), write.times(write.number(off - on), other));
  },
};
