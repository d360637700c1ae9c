import { alongAxis } from '../along-axis';
import { positiveAxis, range } from '../selection';
import type { Call, StepWriter, Value } from '../rule';
import { listAttr, numberAttr, textAttr, versionOf, type OnnxRule } from './onnx-rule';

/** Resizing is linear: along each axis, every new entry is a weighted mean of old ones. */
export const resize: OnnxRule[] = [
  {
    kernel: 'Resize',
    inputs: ['X', 'roi', 'scales', 'sizes'],
    freeze: (call, write) => resized(call, call.value('X'), write),
  },
  {
    kernel: 'Upsample',
    inputs: ['X', 'roi'],
    freeze: (call, write) => resized(call, call.value('X'), write),
  },
];

interface Axis {
  axis: number;
  old: number;
  size: number;
  /** New entries for each old one. */
  scale: number;
  /** The part of the axis that is resized, from 0 to 1, for `tf_crop_and_resize`. */
  roi: readonly [number, number];
}

function resized(call: Call, x: Value, write: StepWriter): Value {
  return axesOf(call, x).reduce((v, along) => {
    const { old, size, scale } = along;
    if (
      old === size &&
      scale === 1 &&
      textAttr(call, 'coordinate_transformation_mode', '') !== 'tf_crop_and_resize'
    )
      return v;
    return weighted(call, v, along, write);
  }, x);
}

/** `Resize` before version 11 and `Upsample` read the scales second. */
function axesOf(call: Call, x: Value): Axis[] {
  const rank = x.shape.length;
  const axes = (listAttr(call, 'axes') ?? range(rank)).map(axis => positiveAxis(axis, x));
  const given = scalesOf(call);
  const scales = given ?? ratiosOf(call, x, axes);
  const roi = call.has('roi') && versionOf(call) >= 11 ? [...call.numbers('roi')] : [];
  return axes.map((axis, i) => ({
    axis,
    ...{ old: x.shape[axis], size: call.outputShape[axis], scale: scales[i] },
    roi: roi.length > 0 ? [roi[i], roi[i + axes.length]] : [0, 1],
  }));
}

function scalesOf(call: Call): number[] | undefined {
  const attribute = listAttr(call, 'scales');
  if (attribute !== undefined) return attribute;
  const name = versionOf(call) < 11 ? 'roi' : 'scales';
  const scales = call.has(name) ? [...call.numbers(name)] : [];
  return scales.length > 0 ? scales : undefined;
}

/** The scales that sizes stand for. A policy of the aspect ratio makes them all the same. */
function ratiosOf(call: Call, x: Value, axes: readonly number[]): number[] {
  const sizes = call.integers('sizes');
  const ratios = axes.map((axis, i) => fround(sizes[i] / x.shape[axis]));
  const policy = textAttr(call, 'keep_aspect_ratio_policy', 'stretch');
  if (policy === 'stretch') return ratios;
  const one = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return ratios.map(() => one);
}

/** A position between entries, rounded as onnxruntime rounds it: halves decide which entry is the nearest. */
const { fround } = Math;

/** Where a new entry lies among the old ones. */
function positionOf(call: Call, { old, size, scale, roi }: Axis): (i: number) => number {
  const isOld = versionOf(call) < 11;
  const mode = isOld ? 'asymmetric' : textAttr(call, 'coordinate_transformation_mode', 'half_pixel');
  switch (mode) {
    case 'half_pixel':
      return i => fround(fround((i + 0.5) / scale) - 0.5);
    case 'half_pixel_symmetric': {
      // The length that the scale asks for, and the one that there is, have the same center.
      const adjustment = size / (scale * old);
      const offset = (old / 2) * (1 - adjustment);
      return i => fround(offset + fround(fround((i + 0.5) / scale) - 0.5));
    }
    case 'pytorch_half_pixel':
      return i => (size > 1 ? fround(fround((i + 0.5) / scale) - 0.5) : 0);
    case 'align_corners': {
      const length = fround(scale * old);
      return i => (length === 1 ? 0 : fround((i * (old - 1)) / fround(length - 1)));
    }
    case 'asymmetric':
      return i => fround(i / scale);
    case 'tf_crop_and_resize': {
      const [start, end] = roi;
      const length = scale * old;
      return i =>
        length > 1
          ? start * (old - 1) + (i * (end - start) * (old - 1)) / (length - 1)
          : 0.5 * (start + end) * (old - 1);
    }
    default:
      return call.refuse(`its coordinate_transformation_mode ${mode} has no rule`);
  }
}

function weighted(call: Call, v: Value, along: Axis, write: StepWriter): Value {
  const { axis, old, size } = along;
  const position = positionOf(call, along);
  const weights = range(size).map(i => weightsAt(call, position(i), along));
  const isOutside = range(size).map(i => leavesImage(call, position(i), old));
  const matrix = new Float32Array(old * size);
  weights.forEach((entries, i) => {
    if (!isOutside[i]) for (const [at, weight] of entries) matrix[at * size + i] += weight;
  });
  const single = weights.every(entries => entries.length === 1 && entries[0][1] === 1);
  if (single && !isOutside.includes(true))
    return write.take(
      v,
      weights.map(([[at]]) => at),
      axis,
    );
  const result = alongAxis(v, axis, write.constant(matrix, [old, size]), write);
  const value = numberAttr(call, 'extrapolation_value', 0);
  if (value === 0 || !isOutside.includes(true)) return result;
  const offset = Float32Array.from(isOutside, outside => (outside ? value : 0));
  const shape = result.shape.map((d, i) => (i === axis ? d : 1));
  return write.shift(result, write.constant(offset, shape));
}

const leavesImage = (call: Call, at: number, old: number): boolean =>
  textAttr(call, 'coordinate_transformation_mode', '') === 'tf_crop_and_resize' && (at < 0 || at > old - 1);

type Weights = [position: number, weight: number][];

/** Which old entries a new one is made of. */
function weightsAt(call: Call, at: number, { old, scale }: Axis): Weights {
  const mode = textAttr(call, 'mode', 'nearest');
  if (mode === 'nearest') return [[clamped(nearest(call, at, scale), old), 1]];
  const isAntialiased = numberAttr(call, 'antialias', 0) !== 0 && scale < 1;
  const width = isAntialiased ? 1 / scale : 1;
  const kernel = mode === 'cubic' ? cubicKernel(numberAttr(call, 'cubic_coeff_a', -0.75)) : triangle;
  if (mode !== 'cubic' && mode !== 'linear' && mode !== 'bilinear')
    return call.refuse(`its mode ${mode} has no rule`);
  const radius = (mode === 'cubic' ? 2 : 1) * width;
  const first = Math.floor(at - radius) + 1;
  const last = Math.ceil(at + radius) - 1;
  const near = range(Math.max(1, last - first + 1)).map((i): [number, number] => {
    const position = first + i;
    return [position, kernel((position - at) / width)];
  });
  const isExcluded = numberAttr(call, 'exclude_outside', 0) !== 0;
  const kept = isExcluded ? near.filter(([position]) => position >= 0 && position < old) : near;
  const sum = kept.reduce((total, [, weight]) => total + weight, 0);
  return kept.map(([position, weight]) => [clamped(position, old), weight / sum]);
}

const clamped = (position: number, old: number): number => Math.min(old - 1, Math.max(0, position));

/** Before version 11 onnxruntime rounds up where an axis shrinks, and down elsewhere. */
function nearest(call: Call, at: number, scale: number): number {
  const isOld = versionOf(call) < 11;
  const mode = isOld ? (scale < 1 ? 'ceil' : 'floor') : textAttr(call, 'nearest_mode', 'round_prefer_floor');
  switch (mode) {
    case 'round_prefer_floor':
      return Math.ceil(at - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(at + 0.5);
    case 'floor':
      return Math.floor(at);
    case 'ceil':
      return Math.ceil(at);
    default:
      return call.refuse(`its nearest_mode ${mode} has no rule`);
  }
}

const triangle = (t: number): number => Math.max(0, 1 - Math.abs(t));

/** The cubic convolution of Keys (1981) with the coefficient a. */
const cubicKernel =
  (a: number) =>
  (t: number): number => {
    const d = Math.abs(t);
    if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  };
