import { alongAxis } from './along-axis';
import { product } from './product';
import { isValue, type Call, type Frozen, type Rule, type Value } from './rule';
import { bend, inverseRootOf, powerOf } from './smooth';
import { difference } from './sum';

/** γ·(z − mean)/√(variance + ε) + β with the moving statistics: a scale and a shift by channel. */
export const fusedBatchNorm: Rule = {
  kernel: 'FusedBatchNorm',
  freeze(call, f) {
    if (!call.isConstant('mean') || !call.isConstant('variance')) return byOwnStatistics(call, f);
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

/** The same with statistics of z itself, as in layer normalization: a product with 1/√(variance + ε). */
function byOwnStatistics(call: Call, f: Frozen): Value {
  const epsilon = (call.attrs.varianceEpsilon as number | undefined) ?? 0.001;
  const centered = difference(call, call.value('x'), call.input('mean'), f);
  const variance = call.input('variance');
  const scaled = isValue(variance)
    ? product(call, centered, bend(call, inverseRootOf, f.shift(variance, f.number(epsilon)), f), f)
    : f.scale(centered, inverseRootOf.value(f.plus(variance, f.number(epsilon)), f));
  const stretched = call.has('scale') ? f.scale(scaled, call.fixed('scale')) : scaled;
  return call.has('offset') ? f.shift(stretched, call.fixed('offset')) : stretched;
}

/** z/(bias + α·Σz²)^β with the sum over near channels: a product with a power of it. */
export const localResponse: Rule = {
  kernel: 'LRN',
  freeze(call, f) {
    const z = call.value('x');
    const { depthRadius = 5, bias = 1, alpha = 1, beta = 0.5 } = call.attrs as Record<string, number>;
    const [axis, n] = [z.shape.length - 1, z.shape.at(-1)!];
    const near = Float32Array.from({ length: n * n }, (_, i) =>
      Math.abs(Math.floor(i / n) - (i % n)) <= depthRadius ? alpha : 0,
    );
    const energy = alongAxis(product(call, z, z, f), axis, f.constant(near, [n, n]), f);
    const power = powerOf(f.number(-beta), undefined);
    const factor = bend(call, power, f.shift(energy, f.number(bias)), f);
    return product(call, z, f.asGate(factor, 2), f);
  },
};
