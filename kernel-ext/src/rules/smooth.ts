import { tangent } from './product';
import { isValue, type Call, type Fixed, type StepWriter, type Rule, type Value } from './rule';

/** A smooth function φ of one number, written in what gates are computed with. */
export interface Smooth {
  /** φ(z) */
  value(z: Fixed, write: StepWriter): Fixed;
  /** φ′(z) */
  slope(z: Fixed, write: StepWriter): Fixed;
  /** φ(z) − φ(0), where it can be computed without cancellation. */
  rise?(z: Fixed, write: StepWriter): Fixed;
  /** φ(0); absent where φ has no value or no slope there, so that only a tangent can be drawn. */
  atZero?: number;
  /** See Value.gating. */
  gating?: number;
}

const times = (write: StepWriter, a: Fixed, b: number) => write.times(a, write.number(b));
const plus = (write: StepWriter, a: Fixed, b: number) => write.plus(a, write.number(b));
const positive = (z: Fixed, write: StepWriter) => write.greater(z, write.number(0));

/** z where z < 0, else 0: so no exponential is taken of a large number. */
const negativePart = (z: Fixed, write: StepWriter) => write.times(z, write.not(positive(z, write)));
const magnitude = (z: Fixed, write: StepWriter) =>
  write.times(z, plus(write, times(write, positive(z, write), 2), -1));

/** eᶻ − 1 = tanh(z/2)·(eᶻ + 1) */
const exponentialRise = (z: Fixed, write: StepWriter) =>
  write.times(write.map('tanh', times(write, z, 0.5)), plus(write, write.map('exp', z), 1));

/** σ(z) − 1/2 = tanh(z/2)/2 */
export const sigmoidOf: Smooth = {
  value: (z, write) => write.map('sigmoid', z),
  rise: (z, write) => times(write, write.map('tanh', times(write, z, 0.5)), 0.5),
  slope: (z, write) => write.times(write.map('sigmoid', z), write.map('sigmoid', times(write, z, -1))),
  atZero: 0.5,
  gating: 2,
};

export const tanhOf: Smooth = {
  value: (z, write) => write.map('tanh', z),
  slope: (z, write) => write.not(write.times(write.map('tanh', z), write.map('tanh', z))),
  atZero: 0,
  gating: 1,
};

export const erfOf: Smooth = {
  value: (z, write) => write.map('erf', z),
  slope: (z, write) =>
    times(write, write.map('exp', times(write, write.times(z, z), -1)), 2 / Math.sqrt(Math.PI)),
  atZero: 0,
  gating: 1,
};

/** scale·z above 0, scale·α·(eᶻ − 1) below. */
export const exponentialUnit = (scale: number, alpha: number): Smooth => ({
  value: (z, write) =>
    write.plus(
      times(write, write.times(z, positive(z, write)), scale),
      times(write, exponentialRise(negativePart(z, write), write), scale * alpha),
    ),
  slope: (z, write) =>
    write.plus(
      times(write, positive(z, write), scale),
      times(
        write,
        write.times(write.not(positive(z, write)), write.map('exp', negativePart(z, write))),
        scale * alpha,
      ),
    ),
  atZero: 0,
});

export const eluOf = exponentialUnit(1, 1);
/** The constants of Klambauer et al. 2017, with which activations keep mean 0 and variance 1. */
const seluOf = exponentialUnit(1.0507009873554805, 1.6732632423543772);

/** log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|) */
export const softplusOf: Smooth = {
  value: (z, write) =>
    write.plus(
      write.times(z, positive(z, write)),
      write.map('log', plus(write, write.map('exp', times(write, magnitude(z, write), -1)), 1)),
    ),
  slope: (z, write) => write.map('sigmoid', z),
  atZero: Math.LN2,
};

export const reciprocalOf: Smooth = {
  value: (z, write) => write.divide(write.number(1), z),
  slope: (z, write) => write.divide(write.number(-1), write.times(z, z)),
  gating: 2,
};

export const inverseRootOf: Smooth = {
  value: (z, write) => write.divide(write.number(1), write.map('sqrt', z)),
  slope: (z, write) => write.divide(write.number(-0.5), write.times(z, write.map('sqrt', z))),
  gating: 2,
};

export const functions: Record<string, Smooth> = {
  Sigmoid: sigmoidOf,
  Tanh: tanhOf,
  Erf: erfOf,
  Elu: eluOf,
  Selu: seluOf,
  Softplus: softplusOf,
  Exp: {
    value: (z, write) => write.map('exp', z),
    slope: (z, write) => write.map('exp', z),
    rise: exponentialRise,
    atZero: 1,
  },
  Expm1: { value: exponentialRise, slope: (z, write) => write.map('exp', z), atZero: 0 },
  Log: { value: (z, write) => write.map('log', z), slope: reciprocalOf.value },
  Log1p: {
    value: (z, write) => write.map('log', plus(write, z, 1)),
    slope: (z, write) => reciprocalOf.value(plus(write, z, 1), write),
    atZero: 0,
  },
  Sqrt: {
    value: (z, write) => write.map('sqrt', z),
    slope: (z, write) => write.divide(write.number(0.5), write.map('sqrt', z)),
  },
  Rsqrt: inverseRootOf,
  Reciprocal: reciprocalOf,
  Sin: { value: (z, write) => write.map('sin', z), slope: (z, write) => write.map('cos', z), atZero: 0 },
  Cos: {
    value: (z, write) => write.map('cos', z),
    slope: (z, write) => times(write, write.map('sin', z), -1),
    atZero: 1,
  },
};

/** A rule for each smooth function of one number. */
export const smooth: Rule[] = Object.entries(functions).map(([kernel, phi]) => ({
  kernel,
  freeze: (call, write) => bend(call, phi, call.value('x'), write),
}));

/** zᵖ with a constant p. */
export const pow: Rule = {
  kernel: 'Pow',
  freeze(call, write) {
    const [base, p] = [call.input('a'), call.fixed('b')];
    if (!isValue(base)) return call.refuse('the activation is its exponent');
    const z = write.broadcast(base, call.outputShape);
    return bend(call, powerOf(p, call.isConstant('b') ? call.numbers('b') : undefined), z, write);
  },
};

/** zᵖ; `exponents` are the numbers of p where they are known. */
export function powerOf(p: Fixed, exponents: Float32Array | undefined): Smooth {
  return {
    value: (z, write) => write.power(z, p),
    slope: (z, write) => write.times(p, write.power(z, plus(write, p, -1))),
    // At 0 a power below 1 has no slope.
    atZero: exponents?.every(e => e >= 1) ? 0 : undefined,
  };
}

/** φ(z) by the policy of the layer. */
export function bend(call: Pick<Call, 'policy'>, phi: Smooth, z: Value, write: StepWriter): Value {
  const y =
    call.policy === 'gate' && phi.atZero !== undefined
      ? secant(phi, phi.atZero, z, write)
      : tangent(z, phi.slope(write.at(z), write), phi.value(write.at(z), write), write);
  return phi.gating === undefined ? y : write.asGate(y, phi.gating);
}

/** Nearer to 0 than this, a chord is as steep as the slope in its middle: to (2⁻⁷)²/24 of φ‴, below float32's rounding. */
const NEAR = 2 ** -7;

/** φ(0) + (φ(z) − φ(0))/z ∘ z: the factor is frozen, and φ(0) belongs to the function. */
function secant(phi: Smooth, atZero: number, value: Value, write: StepWriter): Value {
  const z = write.at(value);
  const near = write.greater(write.number(NEAR), magnitude(z, write));
  const rise = phi.rise?.(z, write) ?? plus(write, phi.value(z, write), -atZero);
  const chord = write.divide(rise, write.plus(z, near));
  const middle = phi.slope(times(write, z, 0.5), write);
  const factor = write.plus(write.times(near, middle), write.times(write.not(near), chord));
  return write.under('gate', () => {
    const scaled = write.scale(value, factor);
    return atZero === 0 ? scaled : write.shift(scaled, write.number(atZero));
  });
}
