import { choose } from './arithmetic';
import { isValue, type Call, type Fixed, type Frozen, type Rule, type Value } from './rule';

/** Comparisons, what is made of them, and what does not depend on numbers at all: gates, the same on the whole linear region. */
const gate = (kernel: string, of: (call: Call, f: Frozen) => Fixed): Rule => ({ kernel, freeze: of });

const either = (f: Frozen, a: Value | Fixed, b: Value | Fixed) => f.not(f.times(f.not(a), f.not(b)));
const apart = (f: Frozen, a: Value | Fixed, b: Value | Fixed) => f.plus(f.greater(a, b), f.greater(b, a));

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
  gate('ZerosLike', (call, f) => f.broadcastFixed(f.number(0), call.outputShape)),
  gate('OnesLike', (call, f) => f.broadcastFixed(f.number(1), call.outputShape)),
  gate('Sign', (call, f) => signOf(call.value('x'), f)),
  gate('Step', (call, f) => {
    const above = f.greater(call.value('x'), f.number(0));
    const alpha = f.number((call.attrs.alpha as number | undefined) ?? 0);
    return f.plus(above, f.times(alpha, f.not(above)));
  }),
];

function signOf(z: Value, f: Frozen): Fixed {
  return f.plus(f.greater(z, f.number(0)), f.times(f.number(-1), f.greater(f.number(0), z)));
}

/** An infinity that masks (the scores of attention, say) as the largest number, since 0 · ∞ is no number. */
function finite(call: Call, name: string, f: Frozen): Value | Fixed {
  const input = call.input(name);
  if (!call.isConstant(name)) return input;
  const numbers = call.numbers(name);
  if (numbers.every(Number.isFinite)) return input;
  const largest = (2 - 2 ** -23) * 2 ** 127;
  return f.constant(
    numbers.map(v => Math.min(largest, Math.max(-largest, v))),
    input.shape,
  );
}

/** t where the condition holds, e elsewhere; a condition on x is a gate. */
export const select: Rule = {
  kernel: 'Select',
  freeze(call, f) {
    const condition = call.fixed('condition');
    const [t, e] = [finite(call, 't', f), finite(call, 'e', f)];
    const { shape } = condition;
    const ranks = call.outputShape.length - shape.length;
    // A condition of a lower rank goes along the first axes.
    const gate = f.reshapeFixed(condition, [...shape, ...Array<number>(ranks).fill(1)]);
    if (isValue(t) || isValue(e)) return choose(call, gate, t, e, f);
    return f.plus(f.times(t, gate), f.times(e, f.not(gate)));
  },
};
