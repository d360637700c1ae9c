import { bend, eluOf, sigmoidOf } from './smooth';
import type { Call, Fixed, StepWriter, Rule, Value } from './rule';

/** max(0, z): the gate is z > 0. */
export const relu: Rule = {
  kernel: 'Relu',
  freeze: (call, write) => rectify(call.value('x'), write),
};

/** min(max(0, z), 6). A sixth of it is the gate of a hard swish. */
export const relu6: Rule = {
  kernel: 'Relu6',
  freeze: (call, write) => write.asGate(clip(call.value('x'), 0, 6, write), 2),
};

export const clipByValue: Rule = {
  kernel: 'ClipByValue',
  freeze(call, write) {
    const { clipValueMin, clipValueMax } = call.attrs as { clipValueMin: number; clipValueMax: number };
    const clipped = clip(call.value('x'), clipValueMin, clipValueMax, write);
    // A hard sigmoid is the gate of recurrent layers.
    return clipValueMin === 0 && Number.isFinite(clipValueMax) ? write.asGate(clipped, 2) : clipped;
  },
};

export const leakyRelu: Rule = {
  kernel: 'LeakyRelu',
  freeze: (call, write) => leak(call.value('x'), write.number(call.attrs.alpha as number), write),
};

/** z where z > 0, α∘z elsewhere, with a learned α. */
export const prelu: Rule = {
  kernel: 'Prelu',
  freeze: (call, write) => leak(call.value('x'), call.fixed('alpha'), write),
};

/** |z|: the factor is the sign. */
export const abs: Rule = {
  kernel: 'Abs',
  freeze: (call, write) => leak(call.value('x'), write.number(-1), write),
};

export function rectify(z: Value, write: StepWriter): Value {
  return write.scale(z, write.greater(z, write.number(0)));
}

/** z where z > 0, slope∘z elsewhere. */
export function leak(z: Value, slope: Fixed, write: StepWriter): Value {
  const positive = write.greater(z, write.number(0));
  return write.scale(z, write.plus(positive, write.times(slope, write.not(positive))));
}

/** The identity inside the limits; outside, a constant: the limit that z has passed. */
export function clip(z: Value, low: number, high: number, write: StepWriter): Value {
  const above = write.greater(z, write.number(high));
  const below = write.not(write.greater(z, write.number(low)));
  const inside = write.scale(z, write.times(write.not(above), write.not(below)));
  const isReached = (limit: number) => limit !== 0 && Number.isFinite(limit);
  const upper = isReached(high) ? write.shift(inside, write.times(write.number(high), above)) : inside;
  return isReached(low) ? write.shift(upper, write.times(write.number(low), below)) : upper;
}

/** The activation inside a fused kernel. */
export function fusedActivation(call: Call, z: Value, write: StepWriter): Value {
  const activation = (call.attrs.activation ?? 'linear') as string;
  switch (activation) {
    case 'linear':
      return z;
    case 'relu':
      return rectify(z, write);
    case 'relu6':
      return clip(z, 0, 6, write);
    case 'leakyrelu':
      return leak(z, write.number((call.attrs.leakyreluAlpha as number | undefined) ?? 0.2), write);
    case 'prelu':
      return leak(z, call.fixed('preluActivationWeights'), write);
    case 'elu':
      return bend(call, eluOf, z, write);
    case 'sigmoid':
      return bend(call, sigmoidOf, z, write);
    default:
      return call.refuse(`its activation ${activation} has no rule`);
  }
}
