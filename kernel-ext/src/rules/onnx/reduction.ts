import { leak } from '../activations';
import { largest, meanOver, multiplied } from '../reduction';
import { range } from '../selection';
import { logSumExpOf } from '../softmax';
import type { Call, StepWriter, Value } from '../rule';
import { bend, functions } from '../smooth';
import { axesOf, numberAttr, type OnnxRule } from './onnx-rule';
import { rootOf, squares } from './powers';

type Reduction = (call: Call, x: Value, axes: readonly number[], write: StepWriter) => Value;

/** Reductions over the given axes, or over all of them; an empty list may stand for none. */
const reduction = (
  kernel: string,
  of: Reduction,
  ofNone: (call: Call, x: Value, write: StepWriter) => Value = (_, x) => x,
): OnnxRule => ({
  kernel,
  inputs: ['data', 'axes'],
  freeze(call, write) {
    const x = call.value('data');
    const given = axesOf(call, x) ?? [];
    const isNone = given.length === 0 && numberAttr(call, 'noop_with_empty_axes', 0) !== 0;
    if (isNone) return ofNone(call, x, write);
    const axes = given.length === 0 ? range(x.shape.length) : given;
    return write.reshape(of(call, x, axes, write), call.outputShape);
  },
});

const magnitude = (z: Value, write: StepWriter) => leak(z, write.number(-1), write);

/** The sum's entries are their own reductions where no axis is reduced: |z|, z², log z, …. */
const overNone =
  (of: Reduction) =>
  (call: Call, x: Value, write: StepWriter): Value =>
    of(call, x, [], write);

const sum: Reduction = (_call, x, axes, write) => write.reduceSum(x, axes);
const l1: Reduction = (_call, x, axes, write) => write.reduceSum(magnitude(x, write), axes);
const sumOfSquares: Reduction = (call, x, axes, write) => write.reduceSum(squares(call, x, write), axes);
const l2: Reduction = (call, x, axes, write) => rootOf(call, sumOfSquares(call, x, axes, write), 2, write);
const logOfSum: Reduction = (call, x, axes, write) =>
  bend(call, functions.Log, write.reduceSum(x, axes), write);

const logSumExp: Reduction = (_call, x, axes, write) => {
  const kept = range(x.shape.length).filter(axis => !axes.includes(axis));
  const last = write.permute(x, [...kept, ...axes]);
  const size = axes.reduce((n, axis) => n * x.shape[axis], 1);
  return logSumExpOf(write.reshape(last, [...kept.map(axis => x.shape[axis]), size]), write);
};

const product: Reduction = (call, x, axes, write) => {
  const whole = axes.reduce((v, axis) => multiplied(call, v, axis, write), x);
  return write.reshape(
    whole,
    x.shape.filter((_, i) => !axes.includes(i)),
  );
};

export const reductions: OnnxRule[] = [
  reduction('ReduceSum', sum),
  reduction('ReduceMean', (_call, x, axes, write) => meanOver(x, axes, write)),
  reduction('ReduceMax', (_call, x, axes, write) => largest(x, axes, 1, write)),
  reduction('ReduceMin', (_call, x, axes, write) => largest(x, axes, -1, write)),
  reduction('ReduceProd', product),
  reduction('ReduceL1', l1, overNone(l1)),
  reduction('ReduceL2', l2, overNone(l2)),
  reduction('ReduceSumSquare', sumOfSquares, overNone(sumOfSquares)),
  reduction('ReduceLogSum', logOfSum, overNone(logOfSum)),
  reduction('ReduceLogSumExp', logSumExp, overNone(logSumExp)),
];
