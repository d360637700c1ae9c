import { positiveAxis } from './selection';
import { isValue, type Call, type Fixed, type StepWriter, type Value } from './rule';

/** Parts side by side along an axis. A fixed part enters the linear map as zeros, and its numbers become a shift. */
export function joined(
  call: Pick<Call, 'outputShape'>,
  parts: readonly (Value | Fixed)[],
  axis: number,
  write: StepWriter,
): Value {
  const along = positiveAxis(axis, { shape: call.outputShape });
  const values = parts.filter(isValue);
  if (values.length === parts.length) return write.concat(values, along);
  let at = 0;
  const placed = parts.map(part => {
    const after = call.outputShape[along] - at - part.shape[along];
    const paddings = call.outputShape.map((_, i): [number, number] => (i === along ? [at, after] : [0, 0]));
    at += part.shape[along];
    return isValue(part) ? write.pad(part, paddings) : write.padFixed(part, paddings);
  });
  const moving = placed.filter(isValue);
  const offset = placed.filter(p => !isValue(p)).reduce<Fixed>((a, b) => write.plus(a, b), write.number(0));
  return write.shift(moving.length === 1 ? moving[0] : write.sum(moving), offset);
}
