import { choose } from './arithmetic';
import { finiteConstant } from './finite-constant';
import { reducedAxes } from './reduction';
import { signOf } from './rounding';
import { isValue, type Call, type Fixed, type StepWriter, type Rule, type Value } from './rule';

/** Comparisons, logic on their results, and kernels that read only a shape: all are gates, constant on the linear region. */
const gate = (kernel: string, of: (call: Call, write: StepWriter) => Fixed): Rule => ({ kernel, freeze: of });

export const either = (write: StepWriter, a: Value | Fixed, b: Value | Fixed) =>
  write.not(write.times(write.not(a), write.not(b)));
export const apart = (write: StepWriter, a: Value | Fixed, b: Value | Fixed) =>
  write.plus(write.greater(a, b), write.greater(b, a));

/** A network that is linearized at x has finite numbers there. */
const everywhere = (call: Call, value: number, write: StepWriter) =>
  write.broadcastFixed(write.number(value), call.outputShape);

/** How many conditions along the reduced axes hold, or how many do not. */
function held(call: Call, write: StepWriter, not?: 'not'): Fixed {
  const x = call.input('x');
  const count = write.sumFixed(not === undefined ? write.at(x) : write.not(x), reducedAxes(call, x));
  return write.reshapeFixed(count, call.outputShape);
}

export const comparisons: Rule[] = [
  gate('Greater', (call, write) => write.greater(call.input('a'), call.input('b'))),
  gate('GreaterEqual', (call, write) => write.not(write.greater(call.input('b'), call.input('a')))),
  gate('Less', (call, write) => write.greater(call.input('b'), call.input('a'))),
  gate('LessEqual', (call, write) => write.not(write.greater(call.input('a'), call.input('b')))),
  gate('Equal', (call, write) => write.not(apart(write, call.input('a'), call.input('b')))),
  gate('NotEqual', (call, write) => apart(write, call.input('a'), call.input('b'))),
  gate('LogicalAnd', (call, write) => write.times(call.input('a'), call.input('b'))),
  gate('LogicalOr', (call, write) => either(write, call.input('a'), call.input('b'))),
  gate('LogicalNot', (call, write) => write.not(call.input('x'))),
  gate('Any', (call, write) => write.greater(held(call, write), write.number(0.5))),
  gate('All', (call, write) => write.not(write.greater(held(call, write, 'not'), write.number(0.5)))),
  gate('IsFinite', (call, write) => everywhere(call, 1, write)),
  gate('IsInf', (call, write) => everywhere(call, 0, write)),
  gate('IsNan', (call, write) => everywhere(call, 0, write)),
  gate('ZerosLike', (call, write) => everywhere(call, 0, write)),
  gate('OnesLike', (call, write) => everywhere(call, 1, write)),
  gate('Sign', (call, write) => signOf(call.value('x'), write)),
  gate('Step', (call, write) => {
    const above = write.greater(call.value('x'), write.number(0));
    const alpha = write.number((call.attrs.alpha as number | undefined) ?? 0);
    return write.plus(above, write.times(alpha, write.not(above)));
  }),
];

/** t where the condition holds, e elsewhere; a condition on x is a gate. */
export const select: Rule = {
  kernel: 'Select',
  freeze(call, write) {
    const condition = call.fixed('condition');
    const [t, e] = [finiteConstant(call, 't', write), finiteConstant(call, 'e', write)];
    const { shape } = condition;
    const ranks = call.outputShape.length - shape.length;
    // A condition of a lower rank goes along the first axes.
    const gate = write.reshapeFixed(condition, [...shape, ...Array<number>(ranks).fill(1)]);
    if (isValue(t) || isValue(e)) return choose(call, gate, t, e, write);
    return write.plus(write.times(t, gate), write.times(e, write.not(gate)));
  },
};
