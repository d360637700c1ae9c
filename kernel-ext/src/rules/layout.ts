import { isValue, type Rule } from './rule';

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

export const cast: Rule = {
  kernel: 'Cast',
  freeze: call =>
    call.attrs.dtype === 'float32'
      ? call.value('x')
      : call.refuse(`it casts an activation to ${String(call.attrs.dtype)}, which is a step function`),
};

export const transpose: Rule = {
  kernel: 'Transpose',
  freeze: (call, f) => f.permute(call.value('x'), call.attrs.perm as number[]),
};

export const padV2: Rule = {
  kernel: 'PadV2',
  freeze(call, f) {
    const padded = f.pad(call.value('x'), call.attrs.paddings as [number, number][]);
    if (!call.attrs.constantValue) return padded;
    return call.refuse('it pads with a number other than 0');
  },
};

export const slice: Rule = {
  kernel: 'Slice',
  freeze: (call, f) => f.slice(call.value('x'), call.attrs.begin as number[], call.outputShape),
};

export const concat: Rule = {
  kernel: 'Concat',
  freeze(call, f) {
    const parts = call.inputs();
    const rank = call.outputShape.length;
    const axis = ((call.attrs.axis as number) + rank) % rank;
    // A constant part is zeros to the map, shifted by the constant.
    const values = parts.filter(isValue);
    if (values.length === parts.length) return f.concat(values, axis);
    return call.refuse('it joins an activation with a constant');
  },
};
