import { positiveAxis } from './selection';
import { isValue, type Call, type Fixed, type Frozen, type Value } from './rule';

/** Parts side by side along an axis. A part that is fixed is zeros to the map, and a shift. */
export function joined(call: Call, parts: readonly (Value | Fixed)[], axis: number, f: Frozen): Value {
  const along = positiveAxis(axis, { shape: call.outputShape });
  const values = parts.filter(isValue);
  if (values.length === parts.length) return f.concat(values, along);
  let at = 0;
  const placed = parts.map(part => {
    const after = call.outputShape[along] - at - part.shape[along];
    const paddings = call.outputShape.map((_, i): [number, number] => (i === along ? [at, after] : [0, 0]));
    at += part.shape[along];
    return isValue(part) ? f.pad(part, paddings) : f.padFixed(part, paddings);
  });
  const moving = placed.filter(isValue);
  const offset = placed.filter(p => !isValue(p)).reduce<Fixed>((a, b) => f.plus(a, b), f.number(0));
  return f.shift(moving.length === 1 ? moving[0] : f.sum(moving), offset);
}
