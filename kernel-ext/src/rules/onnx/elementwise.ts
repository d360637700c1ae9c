import { choose, over, times } from '../arithmetic';
import { apart } from '../comparison';
import { finiteConstant } from '../finite-constant';
import { floorOf, truncated } from '../rounding';
import { isValue, type Call, type Fixed, type StepWriter, type Value } from '../rule';
import { bend, powerOf } from '../smooth';
import { difference, negative, total } from '../sum';
import { numberAttr, type OnnxRule } from './onnx-rule';

const both = ['A', 'B'] as const;

/** Arithmetic of one or more tensors, entry by entry, with NumPy's broadcasting. */
export const elementwise: OnnxRule[] = [
  {
    kernel: 'Add',
    inputs: both,
    freeze: (call, write) =>
      total(
        call,
        both.map(name => finiteConstant(call, name, write)),
        write,
      ),
  },
  {
    kernel: 'Sub',
    inputs: both,
    freeze: (call, write) =>
      difference(call, finiteConstant(call, 'A', write), finiteConstant(call, 'B', write), write),
  },
  {
    kernel: 'Mul',
    inputs: both,
    freeze: (call, write) => times(call, call.input('A'), call.input('B'), write),
  },
  {
    kernel: 'Div',
    inputs: both,
    freeze: (call, write) => over(call, call.input('A'), call.input('B'), write),
  },
  { kernel: 'Neg', inputs: ['X'], freeze: (call, write) => negative(call.value('X'), write) },
  { kernel: 'Sum', inputs: [], freeze: (call, write) => total(call, call.inputs(), write) },
  {
    kernel: 'Mean',
    inputs: [],
    freeze(call, write) {
      const inputs = call.inputs();
      return write.scale(total(call, inputs, write), write.number(1 / inputs.length));
    },
  },
  { kernel: 'Max', inputs: [], freeze: (call, write) => extreme(call, 1, write) },
  { kernel: 'Min', inputs: [], freeze: (call, write) => extreme(call, -1, write) },
  { kernel: 'Mod', inputs: both, freeze: remainder },
  { kernel: 'Pow', inputs: ['X', 'Y'], freeze: power },
];

/** The largest of several tensors at each position, or with sign −1 the smallest. */
function extreme(call: Call, sign: 1 | -1, write: StepWriter): Value | Fixed {
  const wide = call
    .inputs()
    .map(v =>
      isValue(v) ? write.broadcast(v, call.outputShape) : write.broadcastFixed(v, call.outputShape),
    );
  return wide.reduce((a, b) => furtherOf(call, a, b, sign, write));
}

/** The larger of two tensors of one shape at each position, or with sign −1 the smaller. */
export function furtherOf(
  call: Pick<Call, 'outputShape'>,
  a: Value | Fixed,
  b: Value | Fixed,
  sign: 1 | -1,
  write: StepWriter,
): Value | Fixed {
  const gate = sign === 1 ? write.greater(b, a) : write.greater(a, b);
  if (isValue(a) || isValue(b)) return choose(call, gate, b, a, write);
  return write.plus(write.times(b, gate), write.times(a, write.not(gate)));
}

/** a − b·⌊a/b⌋, or with `fmod` a − b·trunc(a/b): the multiple of b is a gate. */
function remainder(call: Call, write: StepWriter): Value {
  const [a, b] = [call.input('A'), call.input('B')];
  const ratio = write.divide(a, b);
  const multiple = numberAttr(call, 'fmod', 0) === 0 ? floorOf(ratio, write) : truncated(ratio, write);
  const part = isValue(b) ? times(call, b, multiple, write) : write.times(b, multiple);
  return difference(call, a, part, write);
}

/** xʸ with a constant exponent, or with a constant base. */
function power(call: Call, write: StepWriter): Value {
  const [x, y] = [call.input('X'), call.input('Y')];
  if (isValue(x)) {
    const exponents = call.isConstant('Y') ? call.numbers('Y') : undefined;
    if (isValue(y)) return call.refuse('its base and its exponent both depend on x');
    if (exponents?.every(e => e === 1)) return write.broadcast(x, call.outputShape);
    return bend(call, powerOf(y, exponents), write.broadcast(x, call.outputShape), write);
  }
  const base = x;
  const z = write.broadcast(y as Value, call.outputShape);
  const value = (v: Fixed) => write.power(base, v);
  // 0ʸ is flat: its logarithm must be finite, since 0 · ∞ is NaN.
  const isZero = write.not(apart(write, base, write.number(0)));
  const log = write.map('log', write.plus(base, isZero));
  return bend(call, { value, slope: v => write.times(value(v), log), atZero: 1 }, z, write);
}
