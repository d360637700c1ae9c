import { bend, eluOf, sigmoidOf } from './smooth';
import type { Call, Fixed, Frozen, Rule, Value } from './rule';

/** max(0, z): the gate is z > 0. */
export const relu: Rule = {
  kernel: 'Relu',
  freeze: (call, f) => rectify(call.value('x'), f),
};

/** min(max(0, z), 6). A sixth of it is the gate of a hard swish. */
export const relu6: Rule = {
  kernel: 'Relu6',
  freeze: (call, f) => f.asGate(clip(call.value('x'), 0, 6, f), 2),
};

export const clipByValue: Rule = {
  kernel: 'ClipByValue',
  freeze(call, f) {
    const { clipValueMin, clipValueMax } = call.attrs as { clipValueMin: number; clipValueMax: number };
    const clipped = clip(call.value('x'), clipValueMin, clipValueMax, f);
    // A hard sigmoid is the gate of recurrent layers.
    return clipValueMin === 0 && Number.isFinite(clipValueMax) ? f.asGate(clipped, 2) : clipped;
  },
};

export const leakyRelu: Rule = {
  kernel: 'LeakyRelu',
  freeze: (call, f) => leak(call.value('x'), f.number(call.attrs.alpha as number), f),
};

/** z where z > 0, α∘z elsewhere, with a learned α. */
export const prelu: Rule = {
  kernel: 'Prelu',
  freeze: (call, f) => leak(call.value('x'), call.fixed('alpha'), f),
};

/** |z|: the factor is the sign. */
export const abs: Rule = {
  kernel: 'Abs',
  freeze: (call, f) => leak(call.value('x'), f.number(-1), f),
};

function rectify(z: Value, f: Frozen): Value {
  return f.scale(z, f.greater(z, f.number(0)));
}

/** z where z > 0, slope∘z elsewhere. */
function leak(z: Value, slope: Fixed, f: Frozen): Value {
  const positive = f.greater(z, f.number(0));
  return f.scale(z, f.plus(positive, f.times(slope, f.not(positive))));
}

/** Inside the limits the identity, outside a constant: the limit that was passed. */
function clip(z: Value, low: number, high: number, f: Frozen): Value {
  const above = f.greater(z, f.number(high));
  const below = f.not(f.greater(z, f.number(low)));
  const inside = f.scale(z, f.times(f.not(above), f.not(below)));
  const upper = high === 0 ? inside : f.shift(inside, f.times(f.number(high), above));
  return low === 0 ? upper : f.shift(upper, f.times(f.number(low), below));
}

/** The activation inside a fused kernel. */
export function fusedActivation(call: Call, z: Value, f: Frozen): Value {
  const activation = (call.attrs.activation ?? 'linear') as string;
  switch (activation) {
    case 'linear':
      return z;
    case 'relu':
      return rectify(z, f);
    case 'relu6':
      return clip(z, 0, 6, f);
    case 'leakyrelu':
      return leak(z, f.number((call.attrs.leakyreluAlpha as number | undefined) ?? 0.2), f);
    case 'prelu':
      return leak(z, call.fixed('preluActivationWeights'), f);
    case 'elu':
      return bend(call, eluOf, z, f);
    case 'sigmoid':
      return bend(call, sigmoidOf, z, f);
    default:
      return call.refuse(`its activation ${activation} has no rule`);
  }
}
