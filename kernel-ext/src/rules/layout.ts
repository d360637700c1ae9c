import { finite } from './finite-constant';
import { joined } from './join';
import { truncated } from './rounding';
import { part, positiveAxis, range } from './selection';
import type { Call, Rule, StepWriter, Value } from './rule';

/** Kernels that move numbers without changing them. */
export const reshape: Rule = {
  kernel: 'Reshape',
  freeze: (call, write) => write.reshape(call.value('x'), call.outputShape),
};

export const expandDims: Rule = {
  kernel: 'ExpandDims',
  freeze: (call, write) => write.reshape(call.value('input'), call.outputShape),
};

export const identity: Rule = { kernel: 'Identity', freeze: call => call.value('x') };

/** A cast to float32 changes nothing; a cast to a boolean (is the number not 0?) or to an integer is a gate. */
export const cast: Rule = {
  kernel: 'Cast',
  freeze(call, write) {
    const x = call.value('x');
    if (call.attrs.dtype === 'float32') return x;
    if (call.attrs.dtype === 'bool')
      return write.plus(write.greater(x, write.number(0)), write.greater(write.number(0), x));
    if (call.attrs.dtype === 'int32') return truncated(x, write);
    return call.refuse(`it casts an activation to ${String(call.attrs.dtype)}, which has no rule`);
  },
};

export const transpose: Rule = {
  kernel: 'Transpose',
  freeze: (call, write) => write.permute(call.value('x'), call.attrs.perm as number[]),
};

export const padV2: Rule = {
  kernel: 'PadV2',
  freeze(call, write) {
    const x = call.value('x');
    const paddings = call.attrs.paddings as [number, number][];
    return paddedWith((call.attrs.constantValue as number | undefined) ?? 0, x, paddings, write);
  },
};

/** The same number before and after, for each axis. */
export function paddedWith(
  value: number,
  x: Value,
  paddings: readonly (readonly [number, number])[],
  write: StepWriter,
): Value {
  const padded = write.pad(x, paddings);
  if (value === 0) return padded;
  const inside = write.padFixed(write.broadcastFixed(write.number(1), x.shape), paddings);
  return write.shift(padded, write.times(write.number(finite(value)), write.not(inside)));
}

export const slice: Rule = {
  kernel: 'Slice',
  freeze: (call, write) => write.slice(call.value('x'), call.attrs.begin as number[], call.outputShape),
};

export const concat: Rule = {
  kernel: 'Concat',
  freeze: (call, write) => joined(call, call.inputs(), call.attrs.axis as number, write),
};

/** Tensors side by side along a new axis. */
export const pack: Rule = {
  kernel: 'Pack',
  freeze(call, write) {
    const axis = positiveAxis(call.attrs.axis as number, { shape: call.outputShape });
    const shape = call.outputShape.map((d, i) => (i === axis ? 1 : d));
    const slices = call
      .inputs()
      .map(p => (p.kind === 'value' ? write.reshape(p, shape) : write.reshapeFixed(p, shape)));
    return joined(call, slices, axis, write);
  },
};

export const unpack: Rule = {
  kernel: 'Unpack',
  freeze(call, write) {
    const x = call.value('value');
    const axis = positiveAxis(call.attrs.axis as number, x);
    return range(x.shape[axis]).map(i => write.reshape(part(x, axis, i, 1, write), call.outputShape));
  },
};

export const splitV: Rule = {
  kernel: 'SplitV',
  freeze: (call, write) => parts(call, call.value('x'), call.attrs.axis as number, write),
};

/** As many entries along an axis as each output has, one after the other. */
export function parts(call: Call, x: Value, axis: number, write: StepWriter): Value[] {
  const along = positiveAxis(axis, x);
  let from = 0;
  return call.outputShapes.map(shape => {
    const piece = part(x, along, from, shape[along], write);
    from += shape[along];
    return piece;
  });
}

/** The entries on the diagonal of a matrix that is zero elsewhere. */
export const diag: Rule = {
  kernel: 'Diag',
  freeze(call, write) {
    const x = call.value('x');
    const n = x.shape.reduce((a, b) => a * b, 1);
    const eye = Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    const rows = write.broadcast(write.reshape(x, [1, n]), [n, n]);
    return write.reshape(write.scale(rows, write.constant(eye, [n, n])), call.outputShape);
  },
};
