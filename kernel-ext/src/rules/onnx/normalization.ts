import { alongAxis } from '../along-axis';
import { times } from '../arithmetic';
import { product } from '../product';
import { meanOver } from '../reduction';
import type { Call, Fixed, StepWriter, Value } from '../rule';
import { bend, inverseRootOf, powerOf, reciprocalOf } from '../smooth';
import { difference, total } from '../sum';
import { leak } from '../activations';
import { axisOf, from, listAttr, numberAttr, sizeOf, versionOf, type OnnxRule } from './onnx-rule';
import { rootOf, squares } from './powers';

export const normalization: OnnxRule[] = [
  { kernel: 'BatchNormalization', inputs: ['X', 'scale', 'B', 'input_mean', 'input_var'], freeze: batch },
  { kernel: 'LayerNormalization', inputs: ['X', 'Scale', 'B'], freeze: layer },
  { kernel: 'RMSNormalization', inputs: ['X', 'scale'], freeze: rootMeanSquare },
  { kernel: 'InstanceNormalization', inputs: ['input', 'scale', 'B'], freeze: instance },
  { kernel: 'GroupNormalization', inputs: ['X', 'scale', 'bias'], freeze: group },
  { kernel: 'MeanVarianceNormalization', inputs: ['X'], freeze: meanVariance },
  { kernel: 'LpNormalization', inputs: ['input'], freeze: lp },
  { kernel: 'LRN', inputs: ['X'], freeze: localResponse },
];

/** A parameter by channel, for [N, C, …]. */
const byChannel = (v: Fixed, rank: number, write: StepWriter): Fixed =>
  write.reshapeFixed(v, [sizeOf(v.shape), ...Array<number>(rank - 2).fill(1)]);

/** γ·(z − mean)/√(variance + ε) + β with the moving statistics: a scale and a shift by channel. */
function batch(call: Call, write: StepWriter): Value | (Value | null)[] {
  const x = call.value('X');
  const epsilon = numberAttr(call, 'epsilon', 1e-5);
  const rank = x.shape.length;
  const affine = (v: Value): Value => {
    const [gamma, beta] = ['scale', 'B'].map(name => byChannel(call.fixed(name), rank, write));
    return write.shift(write.scale(v, gamma), beta);
  };
  const isTraining = numberAttr(call, 'training_mode', 0) !== 0;
  if (isTraining)
    return training(call, affine(standardized(call, x, [0, ...from(2, x)], epsilon, write)), write);
  if (!['scale', 'B', 'input_mean', 'input_var'].every(name => call.isConstant(name)))
    return call.refuse('its statistics or its parameters depend on x');
  const [gamma, beta, mean, variance] = ['scale', 'B', 'input_mean', 'input_var'].map(name =>
    call.numbers(name),
  );
  const scale = gamma.map((g, i) => g / Math.sqrt(variance[i] + epsilon));
  const offset = beta.map((b, i) => b - mean[i] * scale[i]);
  // Before version 9 each entry of an instance may have its own.
  const isByEntry = versionOf(call) < 9 && numberAttr(call, 'spatial', 1) === 0;
  const shape = isByEntry
    ? x.shape.slice(1)
    : [scale.length, ...Array<number>(Math.max(0, rank - 2)).fill(1)];
  return write.shift(write.scale(x, write.constant(scale, shape)), write.constant(offset, shape));
}

/** Statistics of the batch itself; the other outputs are the moving statistics, moved toward them. */
function training(call: Call, y: Value, write: StepWriter): Value[] {
  if (call.outputShapes.length === 1) return [y];
  const x = call.value('X');
  const axes = [0, ...from(2, x)];
  const momentum = numberAttr(call, 'momentum', 0.9);
  const centered = difference({ outputShape: x.shape }, x, keptMean(x, axes, write), write);
  const statistics = [meanOver(x, axes, write), meanOver(squares(call, centered, write), axes, write)];
  const moved = statistics.map((statistic, i) => {
    const old = write.times(call.fixed(i === 0 ? 'input_mean' : 'input_var'), write.number(momentum));
    return write.shift(write.scale(statistic, write.number(1 - momentum)), old);
  });
  return [y, ...moved].slice(0, call.outputShapes.length);
}

/** (x − mean)/√(variance + ε) with the mean and the variance over some axes: a product with 1/√…. */
function standardized(
  call: Pick<Call, 'policy'>,
  x: Value,
  axes: readonly number[],
  epsilon: number,
  write: StepWriter,
): Value {
  const target = { policy: call.policy, outputShape: x.shape };
  const centered = difference(target, x, keptMean(x, axes, write), write);
  const variance = keptMean(squares(call, centered, write), axes, write);
  return times(target, centered, inverseRoot(call, variance, epsilon, write), write);
}

/** The mean over some axes, which stay with length 1. */
function keptMean(x: Value, axes: readonly number[], write: StepWriter): Value {
  const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  return write.reshape(meanOver(x, axes, write), kept);
}

const inverseRoot = (call: Pick<Call, 'policy'>, v: Value, epsilon: number, write: StepWriter): Value =>
  bend(call, inverseRootOf, write.shift(v, write.number(epsilon)), write);

/** Scaled and shifted by parameters, which broadcast to x. */
function affine(call: Call, v: Value, gamma: string, beta: string, write: StepWriter): Value {
  const scaled = call.has(gamma) ? times(call, v, call.input(gamma), write) : v;
  return call.has(beta) ? total(call, [scaled, call.input(beta)], write) : scaled;
}

/** The mean and 1/√(variance + ε) are outputs, too. */
function layer(call: Call, write: StepWriter): Value[] {
  const x = call.value('X');
  const axes = from(axisOf(call, x, -1), x);
  const epsilon = numberAttr(call, 'epsilon', 1e-5);
  const y = affine(call, standardized(call, x, axes, epsilon, write), 'Scale', 'B', write);
  if (call.outputShapes.length === 1) return [y];
  const mean = keptMean(x, axes, write);
  const centered = difference({ outputShape: x.shape }, x, mean, write);
  const variance = keptMean(squares(call, centered, write), axes, write);
  return [y, mean, inverseRoot(call, variance, epsilon, write)].slice(0, call.outputShapes.length);
}

function rootMeanSquare(call: Call, write: StepWriter): Value {
  const x = call.value('X');
  const axes = from(axisOf(call, x, -1), x);
  const meanSquare = keptMean(squares(call, x, write), axes, write);
  const factor = inverseRoot(call, meanSquare, numberAttr(call, 'epsilon', 1e-5), write);
  return affine(call, times(call, x, factor, write), 'scale', '', write);
}

function instance(call: Call, write: StepWriter): Value {
  const x = call.value('input');
  const rank = x.shape.length;
  const normal = standardized(call, x, from(2, x), numberAttr(call, 'epsilon', 1e-5), write);
  const [gamma, beta] = ['scale', 'B'].map(name => byChannel(call.fixed(name), rank, write));
  return write.shift(write.scale(normal, gamma), beta);
}

/** Parameters are by group before version 21, by channel since. */
function group(call: Call, write: StepWriter): Value {
  const x = call.value('X');
  const [n, c, ...rest] = x.shape;
  const groups = numberAttr(call, 'num_groups', 1);
  const apart = write.reshape(x, [n, groups, (c / groups) * sizeOf(rest)]);
  const normal = standardized(call, apart, [2], numberAttr(call, 'epsilon', 1e-5), write);
  const [gamma, beta] = ['scale', 'bias'].map(name => call.fixed(name));
  if (versionOf(call) >= 21) {
    const whole = write.reshape(normal, x.shape);
    const [g, b] = [gamma, beta].map(v => byChannel(v, x.shape.length, write));
    return write.shift(write.scale(whole, g), b);
  }
  const [g, b] = [gamma, beta].map(v => write.reshapeFixed(v, [groups, 1]));
  return write.reshape(write.shift(write.scale(normal, g), b), x.shape);
}

function meanVariance(call: Call, write: StepWriter): Value {
  const x = call.value('X');
  const axes = listAttr(call, 'axes') ?? [0, 2, 3];
  const centered = difference(call, x, keptMean(x, axes, write), write);
  const deviation = rootOf(call, keptMean(squares(call, centered, write), axes, write), 2, write);
  const divisor = write.shift(deviation, write.number(1e-9));
  return times(call, centered, bend(call, reciprocalOf, divisor, write), write);
}

function lp(call: Call, write: StepWriter): Value {
  const x = call.value('input');
  return unitLength(call, x, axisOf(call, x, -1), numberAttr(call, 'p', 2) === 1, write);
}

/** x/‖x‖ along an axis, with the norm Σ|x| or √Σx². */
export function unitLength(call: Call, x: Value, axis: number, isFirst: boolean, write: StepWriter): Value {
  const one = x.shape.map((d, i) => (i === axis ? 1 : d));
  const terms = isFirst ? leak(x, write.number(-1), write) : squares(call, x, write);
  const sum = write.reshape(write.reduceSum(terms, [axis]), one);
  // Zeros stay zeros.
  const some = write.greater(sum, write.number(0));
  const divisor = write.shift(sum, write.not(some));
  const factor = bend(call, isFirst ? reciprocalOf : inverseRootOf, divisor, write);
  return write.scale(times(call, x, factor, write), some);
}

/** z/(bias + α/size·Σz²)^β with the sum over near channels. */
function localResponse(call: Call, write: StepWriter): Value {
  const z = call.value('X');
  const n = z.shape[1];
  const size = numberAttr(call, 'size', 1);
  const share = numberAttr(call, 'alpha', 1e-4) / size;
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const near = Float32Array.from({ length: n * n }, (_, i) => {
    const ahead = Math.floor(i / n) - (i % n);
    return ahead >= -before && ahead <= after ? share : 0;
  });
  const energy = alongAxis(squares(call, z, write), 1, write.constant(near, [n, n]), write);
  const power = powerOf(write.number(-numberAttr(call, 'beta', 0.75)), undefined);
  const factor = bend(call, power, write.shift(energy, write.number(numberAttr(call, 'bias', 1))), write);
  return product(call, z, write.asGate(factor, 2), write);
}
