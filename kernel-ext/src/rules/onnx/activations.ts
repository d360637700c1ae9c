import { clip, leak, rectify } from '../activations';
import { times } from '../arithmetic';
import { isValue, type Call, type Fixed, type StepWriter, type Value } from '../rule';
import {
  bend,
  eluOf,
  erfOf,
  exponentialUnit,
  functions,
  sigmoidOf,
  softplusOf,
  tanhOf,
  type Smooth,
} from '../smooth';
import { numberAttr, textAttr, versionOf, type OnnxRule } from './onnx-rule';
import { trigonometric } from './trigonometric';

const ofOne = (
  kernel: string,
  of: (call: Call, z: Value, write: StepWriter) => Value | Fixed,
  input = 'X',
): OnnxRule => ({ kernel, inputs: [input], freeze: (call, write) => of(call, call.value(input), write) });

const smooth = (kernel: string, phi: Smooth): OnnxRule =>
  ofOne(kernel, (call, z, write) => bend(call, phi, z, write));

/** z/(1 + |z|) */
export const softsignOf: Smooth = {
  value: (z, write) => write.divide(z, softsignDivisor(z, write)),
  slope: (z, write) => {
    const divisor = softsignDivisor(z, write);
    return write.divide(write.number(1), write.times(divisor, divisor));
  },
  atZero: 0,
  gating: 1,
};

function softsignDivisor(z: Fixed, write: StepWriter): Fixed {
  const sign = write.plus(write.times(write.number(2), write.greater(z, write.number(0))), write.number(-1));
  return write.plus(write.number(1), write.times(z, sign));
}

/** Functions of one activation, entry by entry. */
export const activations: OnnxRule[] = [
  ofOne('Relu', (_call, z, write) => rectify(z, write)),
  ofOne('LeakyRelu', (call, z, write) => leak(z, write.number(numberAttr(call, 'alpha', 0.01)), write)),
  ofOne('Abs', (_call, z, write) => leak(z, write.number(-1), write)),
  ofOne('ThresholdedRelu', (call, z, write) =>
    write.scale(z, write.greater(z, write.number(numberAttr(call, 'alpha', 1)))),
  ),
  ofOne('HardSigmoid', (call, z, write) =>
    hardSigmoid(z, numberAttr(call, 'alpha', 0.2), numberAttr(call, 'beta', 0.5), write),
  ),
  ofOne('HardSwish', (call, z, write) => times(call, z, hardSigmoid(z, 1 / 6, 0.5, write), write)),
  ofOne('Elu', (call, z, write) => bend(call, exponentialUnit(1, numberAttr(call, 'alpha', 1)), z, write)),
  ofOne('Selu', (call, z, write) => {
    const [alpha, gamma] = [numberAttr(call, 'alpha', 1.6732632), numberAttr(call, 'gamma', 1.050701)];
    return bend(call, exponentialUnit(gamma, alpha), z, write);
  }),
  ofOne('Celu', celu),
  ofOne('Mish', (call, z, write) =>
    times(call, z, bend(call, tanhOf, bend(call, softplusOf, z, write), write), write),
  ),
  ofOne('Swish', (call, z, write) => {
    const inner = write.scale(z, write.number(numberAttr(call, 'alpha', 1)));
    return times(call, z, bend(call, sigmoidOf, inner, write), write);
  }),
  ofOne('Gelu', gelu),
  ofOne('Shrink', shrink, 'input'),
  smooth('Softsign', softsignOf),
  ...['Sigmoid', 'Tanh', 'Erf', 'Softplus', 'Exp', 'Log', 'Sqrt', 'Reciprocal', 'Sin', 'Cos'].map(name =>
    smooth(name, functions[name]),
  ),
  ...Object.entries(trigonometric).map(([name, phi]) => smooth(name, phi)),
  { kernel: 'PRelu', inputs: ['X', 'slope'], freeze: parametric },
  { kernel: 'Clip', inputs: ['input', 'min', 'max'], freeze: clipped },
];

/** min(max(0, α·z + β), 1), the gate of recurrent layers. */
function hardSigmoid(z: Value, alpha: number, beta: number, write: StepWriter): Value {
  const line = write.shift(write.scale(z, write.number(alpha)), write.number(beta));
  return write.asGate(clip(line, 0, 1, write), 2);
}

/** z where z > 0, α·(e^(z/α) − 1) below. */
function celu(call: Call, z: Value, write: StepWriter): Value {
  const alpha = numberAttr(call, 'alpha', 1);
  const inner = write.scale(z, write.number(1 / alpha));
  return write.scale(bend(call, eluOf, inner, write), write.number(alpha));
}

/** z·Φ(z), or with `approximate` an approximation by tanh. The factor is a gate. */
function gelu(call: Call, z: Value, write: StepWriter): Value {
  const isApproximate = textAttr(call, 'approximate', 'none') === 'tanh';
  const inner = isApproximate ? cubic(call, z, write) : write.scale(z, write.number(Math.SQRT1_2));
  const curve = bend(call, isApproximate ? tanhOf : erfOf, inner, write);
  const half = write.shift(write.scale(curve, write.number(0.5)), write.number(0.5));
  return times(call, z, write.asGate(half, 2), write);
}

/** √(2/π)·(z + 0.044715·z³) */
function cubic(call: Call, z: Value, write: StepWriter): Value {
  const weight = Math.sqrt(2 / Math.PI);
  const squares = write.scale(times(call, z, z, write), write.number(0.044715));
  return write.scale(times(call, z, write.shift(squares, write.number(1)), write), write.number(weight));
}

/** 0 within ±λ; beyond, z moved toward 0 by the bias. */
function shrink(call: Call, z: Value, write: StepWriter): Value {
  const [lambda, bias] = [numberAttr(call, 'lambd', 0.5), numberAttr(call, 'bias', 0)];
  const above = write.greater(z, write.number(lambda));
  const below = write.greater(write.number(-lambda), z);
  const outside = write.scale(z, write.plus(above, below));
  if (bias === 0) return outside;
  const toward = write.plus(below, write.times(write.number(-1), above));
  return write.shift(outside, write.times(write.number(bias), toward));
}

/** z where z > 0, slope∘z below. */
function parametric(call: Call, write: StepWriter): Value {
  const slope = call.input('slope');
  const z = write.broadcast(call.value('X'), call.outputShape);
  if (!isValue(slope)) return leak(z, slope, write);
  const positive = write.greater(z, write.number(0));
  const negative = write.scale(z, write.not(positive));
  return write.sum([write.scale(z, positive), times(call, negative, slope, write)]);
}

/** Limits are attributes before version 11. */
function clipped(call: Call, write: StepWriter): Value | Fixed {
  const limit = (name: 'min' | 'max', fallback: number) =>
    versionOf(call) < 11
      ? numberAttr(call, name, fallback)
      : call.has(name)
        ? call.numbers(name)[0]
        : fallback;
  const [low, high] = [limit('min', -Infinity), limit('max', Infinity)];
  if (low > high) return write.broadcastFixed(write.number(high), call.outputShape);
  const z = call.value('input');
  const within = clip(z, low, high, write);
  return low === 0 && Number.isFinite(high) ? write.asGate(within, 2) : within;
}
