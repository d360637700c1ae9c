import { range } from '../selection';
import { logSumExpOf, softmaxOf } from '../softmax';
import { difference } from '../sum';
import type { Call, StepWriter, Value } from '../rule';
import { axisOf, sizeOf, versionOf, type OnnxRule } from './onnx-rule';

/** Normalized exponentials along an axis. Before version 13 all axes from that one on count as one. */
export const softmax: OnnxRule[] = [
  { kernel: 'Softmax', inputs: ['input'], freeze: (call, write) => along(call, write, softmaxOf) },
  { kernel: 'LogSoftmax', inputs: ['input'], freeze: (call, write) => along(call, write, logSoftmaxOf) },
];

function logSoftmaxOf(z: Value, write: StepWriter): Value {
  const one = [...z.shape.slice(0, -1), 1];
  return difference({ outputShape: z.shape }, z, write.reshape(logSumExpOf(z, write), one), write);
}

type AlongLast = (z: Value, write: StepWriter) => Value;

function along(call: Call, write: StepWriter, work: AlongLast): Value {
  const z = call.value('input');
  if (versionOf(call) < 13) {
    const axis = axisOf(call, z, 1);
    const flat = [sizeOf(z.shape.slice(0, axis)), sizeOf(z.shape.slice(axis))];
    return write.reshape(work(write.reshape(z, flat), write), z.shape);
  }
  const axis = axisOf(call, z, -1);
  const last = z.shape.length - 1;
  if (axis === last) return work(z, write);
  const swap = range(z.shape.length).map(i => (i === axis ? last : i === last ? axis : i));
  return write.permute(work(write.permute(z, swap), write), swap);
}
