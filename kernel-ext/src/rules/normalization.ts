import type { Rule } from './rule';

/** γ·(z − mean)/√(variance + ε) + β with the moving statistics: a scale and a shift by channel. */
export const fusedBatchNorm: Rule = {
  kernel: 'FusedBatchNorm',
  freeze(call, f) {
    const mean = call.numbers('mean');
    const variance = call.numbers('variance');
    const gamma = call.has('scale') ? call.numbers('scale') : undefined;
    const beta = call.has('offset') ? call.numbers('offset') : undefined;
    const epsilon = (call.attrs.varianceEpsilon as number | undefined) ?? 0.001;
    const { shape } = call.fixed('mean');
    const scale = mean.map((_, i) => (gamma?.[i] ?? 1) / Math.sqrt(variance[i] + epsilon));
    const offset = mean.map((m, i) => (beta?.[i] ?? 0) - m * scale[i]);
    return f.shift(f.scale(call.value('x'), f.constant(scale, shape)), f.constant(offset, shape));
  },
};
