import { alongAxis } from './along-axis';
import { product } from './product';
import { isValue, type Call, type StepWriter, type Rule, type Value } from './rule';
import { bend, inverseRootOf, powerOf } from './smooth';
import { difference } from './sum';

/** γ·(z − mean)/√(variance + ε) + β with the moving statistics: a scale and a shift by channel. */
export const fusedBatchNorm: Rule = {
  kernel: 'FusedBatchNorm',
  freeze(call, write) {
    if (!call.isConstant('mean') || !call.isConstant('variance')) return byOwnStatistics(call, write);
    const mean = call.numbers('mean');
    const variance = call.numbers('variance');
    const gamma = call.has('scale') ? call.numbers('scale') : undefined;
    const beta = call.has('offset') ? call.numbers('offset') : undefined;
    const epsilon = (call.attrs.varianceEpsilon as number | undefined) ?? 0.001;
    const { shape } = call.fixed('mean');
    const scale = mean.map((_, i) => (gamma?.[i] ?? 1) / Math.sqrt(variance[i] + epsilon));
    const offset = mean.map((m, i) => (beta?.[i] ?? 0) - m * scale[i]);
    return write.shift(
      write.scale(call.value('x'), write.constant(scale, shape)),
      write.constant(offset, shape),
    );
  },
};

/** The same with statistics of z itself, as in layer normalization: a product with 1/√(variance + ε). */
function byOwnStatistics(call: Call, write: StepWriter): Value {
  const epsilon = (call.attrs.varianceEpsilon as number | undefined) ?? 0.001;
  const centered = difference(call, call.value('x'), call.input('mean'), write);
  const variance = call.input('variance');
  const scaled = isValue(variance)
    ? product(
        call,
        centered,
        bend(call, inverseRootOf, write.shift(variance, write.number(epsilon)), write),
        write,
      )
    : write.scale(centered, inverseRootOf.value(write.plus(variance, write.number(epsilon)), write));
  const stretched = call.has('scale') ? write.scale(scaled, call.fixed('scale')) : scaled;
  return call.has('offset') ? write.shift(stretched, call.fixed('offset')) : stretched;
}

/** z/(bias + α·Σz²)^β with the sum over near channels: a product with a power of it. */
export const localResponse: Rule = {
  kernel: 'LRN',
  freeze(call, write) {
    const z = call.value('x');
    const { depthRadius = 5, bias = 1, alpha = 1, beta = 0.5 } = call.attrs as Record<string, number>;
    const [axis, n] = [z.shape.length - 1, z.shape.at(-1)!];
    const near = Float32Array.from({ length: n * n }, (_, i) =>
      Math.abs(Math.floor(i / n) - (i % n)) <= depthRadius ? alpha : 0,
    );
    const energy = alongAxis(product(call, z, z, write), axis, write.constant(near, [n, n]), write);
    const power = powerOf(write.number(-beta), undefined);
    const factor = bend(call, power, write.shift(energy, write.number(bias)), write);
    return product(call, z, write.asGate(factor, 2), write);
  },
};
