import { choose } from './arithmetic';
import { finiteConstant } from './finite-constant';
import { reducedAxes } from './reduction';
import { signOf } from './rounding';
import { isValue, type Call, type Fixed, type Frozen, type Rule, type Value } from './rule';

/** Comparisons, what is made of them, and what does not depend on numbers at all: gates, the same on the whole linear region. */
const gate = (kernel: string, of: (call: Call, f: Frozen) => Fixed): Rule => ({ kernel, freeze: of });

const either = (f: Frozen, a: Value | Fixed, b: Value | Fixed) => f.not(f.times(f.not(a), f.not(b)));
const apart = (f: Frozen, a: Value | Fixed, b: Value | Fixed) => f.plus(f.greater(a, b), f.greater(b, a));

/** A network that is linearized at x has finite numbers there. */
const everywhere = (call: Call, value: number, f: Frozen) =>
  f.broadcastFixed(f.number(value), call.outputShape);

/** How many conditions along the reduced axes hold, or how many do not. */
function held(call: Call, f: Frozen, not?: 'not'): Fixed {
  const x = call.input('x');
  const count = f.sumFixed(not === undefined ? f.at(x) : f.not(x), reducedAxes(call, x));
  return f.reshapeFixed(count, call.outputShape);
}

export const comparisons: Rule[] = [
  gate('Greater', (call, f) => f.greater(call.input('a'), call.input('b'))),
  gate('GreaterEqual', (call, f) => f.not(f.greater(call.input('b'), call.input('a')))),
  gate('Less', (call, f) => f.greater(call.input('b'), call.input('a'))),
  gate('LessEqual', (call, f) => f.not(f.greater(call.input('a'), call.input('b')))),
  gate('Equal', (call, f) => f.not(apart(f, call.input('a'), call.input('b')))),
  gate('NotEqual', (call, f) => apart(f, call.input('a'), call.input('b'))),
  gate('LogicalAnd', (call, f) => f.times(call.input('a'), call.input('b'))),
  gate('LogicalOr', (call, f) => either(f, call.input('a'), call.input('b'))),
  gate('LogicalNot', (call, f) => f.not(call.input('x'))),
  gate('Any', (call, f) => f.greater(held(call, f), f.number(0.5))),
  gate('All', (call, f) => f.not(f.greater(held(call, f, 'not'), f.number(0.5)))),
  gate('IsFinite', (call, f) => everywhere(call, 1, f)),
  gate('IsInf', (call, f) => everywhere(call, 0, f)),
  gate('IsNan', (call, f) => everywhere(call, 0, f)),
  gate('ZerosLike', (call, f) => everywhere(call, 0, f)),
  gate('OnesLike', (call, f) => everywhere(call, 1, f)),
  gate('Sign', (call, f) => signOf(call.value('x'), f)),
  gate('Step', (call, f) => {
    const above = f.greater(call.value('x'), f.number(0));
    const alpha = f.number((call.attrs.alpha as number | undefined) ?? 0);
    return f.plus(above, f.times(alpha, f.not(above)));
  }),
];

/** t where the condition holds, e elsewhere; a condition on x is a gate. */
export const select: Rule = {
  kernel: 'Select',
  freeze(call, f) {
    const condition = call.fixed('condition');
    const [t, e] = [finiteConstant(call, 't', f), finiteConstant(call, 'e', f)];
    const { shape } = condition;
    const ranks = call.outputShape.length - shape.length;
    // A condition of a lower rank goes along the first axes.
    const gate = f.reshapeFixed(condition, [...shape, ...Array<number>(ranks).fill(1)]);
    if (isValue(t) || isValue(e)) return choose(call, gate, t, e, f);
    return f.plus(f.times(t, gate), f.times(e, f.not(gate)));
  },
};
