import { tangent } from './product';
import { isValue, type Call, type Fixed, type Frozen, type Rule, type Value } from './rule';

/** A smooth function φ of one number, written in what gates are computed with. */
export interface Smooth {
  /** φ(z) */
  value(z: Fixed, f: Frozen): Fixed;
  /** φ′(z) */
  slope(z: Fixed, f: Frozen): Fixed;
  /** φ(z) − φ(0), where it can be had without cancellation. */
  rise?(z: Fixed, f: Frozen): Fixed;
  /** φ(0); absent where φ has no value or no slope there, so that only a tangent can be drawn. */
  atZero?: number;
  /** See Value.gating. */
  gating?: number;
}

const times = (f: Frozen, a: Fixed, b: number) => f.times(a, f.number(b));
const plus = (f: Frozen, a: Fixed, b: number) => f.plus(a, f.number(b));
const positive = (z: Fixed, f: Frozen) => f.greater(z, f.number(0));

/** z where z < 0, else 0: so no exponential is taken of a large number. */
const negativePart = (z: Fixed, f: Frozen) => f.times(z, f.not(positive(z, f)));
const magnitude = (z: Fixed, f: Frozen) => f.times(z, plus(f, times(f, positive(z, f), 2), -1));

/** eᶻ − 1 = tanh(z/2)·(eᶻ + 1) */
const exponentialRise = (z: Fixed, f: Frozen) =>
  f.times(f.map('tanh', times(f, z, 0.5)), plus(f, f.map('exp', z), 1));

/** σ(z) − 1/2 = tanh(z/2)/2 */
export const sigmoidOf: Smooth = {
  value: (z, f) => f.map('sigmoid', z),
  rise: (z, f) => times(f, f.map('tanh', times(f, z, 0.5)), 0.5),
  slope: (z, f) => f.times(f.map('sigmoid', z), f.map('sigmoid', times(f, z, -1))),
  atZero: 0.5,
  gating: 2,
};

const tanhOf: Smooth = {
  value: (z, f) => f.map('tanh', z),
  slope: (z, f) => f.not(f.times(f.map('tanh', z), f.map('tanh', z))),
  atZero: 0,
  gating: 1,
};

const erfOf: Smooth = {
  value: (z, f) => f.map('erf', z),
  slope: (z, f) => times(f, f.map('exp', times(f, f.times(z, z), -1)), 2 / Math.sqrt(Math.PI)),
  atZero: 0,
  gating: 1,
};

/** scale·z above 0, scale·α·(eᶻ − 1) below. */
const exponentialUnit = (scale: number, alpha: number): Smooth => ({
  value: (z, f) =>
    f.plus(
      times(f, f.times(z, positive(z, f)), scale),
      times(f, exponentialRise(negativePart(z, f), f), scale * alpha),
    ),
  slope: (z, f) =>
    f.plus(
      times(f, positive(z, f), scale),
      times(f, f.times(f.not(positive(z, f)), f.map('exp', negativePart(z, f))), scale * alpha),
    ),
  atZero: 0,
});

export const eluOf = exponentialUnit(1, 1);
/** The constants of Klambauer et al. 2017, with which activations keep mean 0 and variance 1. */
const seluOf = exponentialUnit(1.0507009873554805, 1.6732632423543772);

/** log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|) */
const softplusOf: Smooth = {
  value: (z, f) =>
    f.plus(f.times(z, positive(z, f)), f.map('log', plus(f, f.map('exp', times(f, magnitude(z, f), -1)), 1))),
  slope: (z, f) => f.map('sigmoid', z),
  atZero: Math.LN2,
};

export const reciprocalOf: Smooth = {
  value: (z, f) => f.divide(f.number(1), z),
  slope: (z, f) => f.divide(f.number(-1), f.times(z, z)),
  gating: 2,
};

export const inverseRootOf: Smooth = {
  value: (z, f) => f.divide(f.number(1), f.map('sqrt', z)),
  slope: (z, f) => f.divide(f.number(-0.5), f.times(z, f.map('sqrt', z))),
  gating: 2,
};

const functions: Record<string, Smooth> = {
  Sigmoid: sigmoidOf,
  Tanh: tanhOf,
  Erf: erfOf,
  Elu: eluOf,
  Selu: seluOf,
  Softplus: softplusOf,
  Exp: {
    value: (z, f) => f.map('exp', z),
    slope: (z, f) => f.map('exp', z),
    rise: exponentialRise,
    atZero: 1,
  },
  Expm1: { value: exponentialRise, slope: (z, f) => f.map('exp', z), atZero: 0 },
  Log: { value: (z, f) => f.map('log', z), slope: reciprocalOf.value },
  Log1p: {
    value: (z, f) => f.map('log', plus(f, z, 1)),
    slope: (z, f) => reciprocalOf.value(plus(f, z, 1), f),
    atZero: 0,
  },
  Sqrt: { value: (z, f) => f.map('sqrt', z), slope: (z, f) => f.divide(f.number(0.5), f.map('sqrt', z)) },
  Rsqrt: inverseRootOf,
  Reciprocal: reciprocalOf,
  Sin: { value: (z, f) => f.map('sin', z), slope: (z, f) => f.map('cos', z), atZero: 0 },
  Cos: {
    value: (z, f) => f.map('cos', z),
    slope: (z, f) => times(f, f.map('sin', z), -1),
    atZero: 1,
  },
};

/** A rule for each smooth function of one number. */
export const smooth: Rule[] = Object.entries(functions).map(([kernel, phi]) => ({
  kernel,
  freeze: (call, f) => bend(call, phi, call.value('x'), f),
}));

/** zᵖ with a constant p. */
export const pow: Rule = {
  kernel: 'Pow',
  freeze(call, f) {
    const [base, p] = [call.input('a'), call.fixed('b')];
    if (!isValue(base)) return call.refuse('the activation is its exponent');
    const z = f.broadcast(base, call.outputShape);
    return bend(call, powerOf(p, call.isConstant('b') ? call.numbers('b') : undefined), z, f);
  },
};

/** zᵖ; `exponents` are the numbers of p where they are known. */
export function powerOf(p: Fixed, exponents: Float32Array | undefined): Smooth {
  return {
    value: (z, f) => f.power(z, p),
    slope: (z, f) => f.times(p, f.power(z, plus(f, p, -1))),
    // At 0 a power below 1 has no slope.
    atZero: exponents?.every(e => e >= 1) ? 0 : undefined,
  };
}

/** φ(z) by the policy of the layer. */
export function bend(call: Call, phi: Smooth, z: Value, f: Frozen): Value {
  const y =
    call.policy === 'gate' && phi.atZero !== undefined
      ? secant(phi, phi.atZero, z, f)
      : tangent(z, phi.slope(f.at(z), f), phi.value(f.at(z), f), f);
  return phi.gating === undefined ? y : f.asGate(y, phi.gating);
}

/** Nearer to 0 than this, a chord is as steep as the slope in its middle: to (2⁻⁷)²/24 of φ‴, below float32's rounding. */
const NEAR = 2 ** -7;

/** φ(0) + (φ(z) − φ(0))/z ∘ z: the factor is frozen, and φ(0) belongs to the function. */
function secant(phi: Smooth, atZero: number, value: Value, f: Frozen): Value {
  const z = f.at(value);
  const near = f.greater(f.number(NEAR), magnitude(z, f));
  const rise = phi.rise?.(z, f) ?? plus(f, phi.value(z, f), -atZero);
  const chord = f.divide(rise, f.plus(z, near));
  const middle = phi.slope(times(f, z, 0.5), f);
  const factor = f.plus(f.times(near, middle), f.times(f.not(near), chord));
  return f.under('gate', () => {
    const scaled = f.scale(value, factor);
    return atZero === 0 ? scaled : f.shift(scaled, f.number(atZero));
  });
}
