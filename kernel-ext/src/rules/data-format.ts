import type { Call, StepWriter, Value } from './rule';

/** Steps take images with channels last; images in another format are transposed before the work and back after it. */
export function inChannelsLast(
  call: Call,
  x: Value,
  write: StepWriter,
  work: (image: Value) => Value,
): Value {
  const format = (call.attrs.dataFormat ?? 'NHWC') as string;
  if (format === 'NHWC' || format === 'NDHWC' || format === 'channelsLast') return work(x);
  if (format !== 'NCHW') return call.refuse(`its data format ${format} has no rule`);
  return write.permute(work(write.permute(x, [0, 2, 3, 1])), [0, 3, 1, 2]);
}
