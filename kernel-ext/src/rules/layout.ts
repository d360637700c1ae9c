import { joined } from './join';
import { truncated } from './rounding';
import { part, positiveAxis, range } from './selection';
import type { Rule } from './rule';

/** Kernels that only move numbers. */
export const reshape: Rule = {
  kernel: 'Reshape',
  freeze: (call, f) => f.reshape(call.value('x'), call.outputShape),
};

export const expandDims: Rule = {
  kernel: 'ExpandDims',
  freeze: (call, f) => f.reshape(call.value('input'), call.outputShape),
};

export const identity: Rule = { kernel: 'Identity', freeze: call => call.value('x') };

/** To float32 nothing changes; to a boolean it is a gate (the number is not 0), and so it is to a whole number. */
export const cast: Rule = {
  kernel: 'Cast',
  freeze(call, f) {
    const x = call.value('x');
    if (call.attrs.dtype === 'float32') return x;
    if (call.attrs.dtype === 'bool') return f.plus(f.greater(x, f.number(0)), f.greater(f.number(0), x));
    if (call.attrs.dtype === 'int32') return truncated(x, f);
    return call.refuse(`it casts an activation to ${String(call.attrs.dtype)}, which has no rule`);
  },
};

export const transpose: Rule = {
  kernel: 'Transpose',
  freeze: (call, f) => f.permute(call.value('x'), call.attrs.perm as number[]),
};

export const padV2: Rule = {
  kernel: 'PadV2',
  freeze(call, f) {
    const x = call.value('x');
    const paddings = call.attrs.paddings as [number, number][];
    const padded = f.pad(x, paddings);
    const value = call.attrs.constantValue as number | undefined;
    if (!value) return padded;
    const inside = f.padFixed(f.broadcastFixed(f.number(1), x.shape), paddings);
    return f.shift(padded, f.times(f.number(value), f.not(inside)));
  },
};

export const slice: Rule = {
  kernel: 'Slice',
  freeze: (call, f) => f.slice(call.value('x'), call.attrs.begin as number[], call.outputShape),
};

export const concat: Rule = {
  kernel: 'Concat',
  freeze: (call, f) => joined(call, call.inputs(), call.attrs.axis as number, f),
};

/** Tensors side by side along a new axis. */
export const pack: Rule = {
  kernel: 'Pack',
  freeze(call, f) {
    const axis = positiveAxis(call.attrs.axis as number, { shape: call.outputShape });
    const shape = call.outputShape.map((d, i) => (i === axis ? 1 : d));
    const parts = call
      .inputs()
      .map(p => (p.kind === 'value' ? f.reshape(p, shape) : f.reshapeFixed(p, shape)));
    return joined(call, parts, axis, f);
  },
};

export const unpack: Rule = {
  kernel: 'Unpack',
  freeze(call, f) {
    const x = call.value('value');
    const axis = positiveAxis(call.attrs.axis as number, x);
    return range(x.shape[axis]).map(i => f.reshape(part(x, axis, i, 1, f), call.outputShape));
  },
};

export const splitV: Rule = {
  kernel: 'SplitV',
  freeze(call, f) {
    const x = call.value('x');
    const axis = positiveAxis(call.attrs.axis as number, x);
    let from = 0;
    return call.outputShapes.map(shape => {
      const piece = part(x, axis, from, shape[axis], f);
      from += shape[axis];
      return piece;
    });
  },
};

/** On the diagonal of a matrix, zeros around. */
export const diag: Rule = {
  kernel: 'Diag',
  freeze(call, f) {
    const x = call.value('x');
    const n = x.shape.reduce((a, b) => a * b, 1);
    const eye = Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    const rows = f.broadcast(f.reshape(x, [1, n]), [n, n]);
    return f.reshape(f.scale(rows, f.constant(eye, [n, n])), call.outputShape);
  },
};
