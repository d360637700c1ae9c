import { pair, paddedInput } from './convolution';
import type { Call, Fixed, Frozen, Rule, Value } from './rule';

/** The largest of each window: the gate selects the first maximum. */
export const maxPool: Rule = {
  kernel: 'MaxPool',
  freeze(call, f) {
    const windows = windowsOf(call, f, -Infinity);
    // One axis after the other, the last first: first maximum of each row of a window, then of the rows.
    return windows.axes.reduceRight((v, axis) => {
      const candidates = axis === windows.axes.at(-1) && windows.outside ? f.plus(v, windows.outside) : v;
      return f.reduceSum(f.scale(v, f.firstMaximum(candidates, axis)), [axis]);
    }, windows.value);
  },
};

/** The mean of each window; entries in the padding do not count. */
export const avgPool: Rule = {
  kernel: 'AvgPool',
  freeze(call, f) {
    const windows = windowsOf(call, f, 0);
    const sum = f.reduceSum(windows.value, windows.axes);
    return f.scale(sum, windows.reciprocalCount);
  },
};

interface Windows {
  value: Value;
  /** The axes of `value` that run within a window. */
  axes: number[];
  /** `fill` where a window reaches into the padding, else 0; undefined where none does. */
  outside?: Fixed;
  /** 1 / number of entries in each window. */
  reciprocalCount: Fixed;
}

function windowsOf(call: Call, f: Frozen, fill: number): Windows {
  if (pair(call.attrs.dilations).some(d => d !== 1)) call.refuse('its windows are dilated');
  const size = pair(call.attrs.filterSize);
  const { strides, pad } = call.attrs as { strides: unknown; pad: unknown };
  if (pad !== 'valid' && pad !== 'same') call.refuse('its padding is given in numbers');
  const [sh, sw] = pair(strides);
  const [, H, W] = call.value('x').shape;
  const [, oh, ow] = call.outputShape;
  const fits = pad === 'valid' || (oh * size[0] === H && ow * size[1] === W);
  return fits && sh === size[0] && sw === size[1] ? tiles(call, size, f) : patches(call, size, fill, f);
}

/** Windows that touch but do not overlap are a reshape: [N, oh, h, ow, w, C]. */
function tiles(call: Call, [h, w]: [number, number], f: Frozen): Windows {
  const x = call.value('x');
  const [n, oh, ow, c] = call.outputShape;
  const whole = f.slice(x, [0, 0, 0, 0], [n, oh * h, ow * w, c]);
  return {
    value: f.reshape(whole, [n, oh, h, ow, w, c]),
    axes: [2, 4],
    reciprocalCount: f.number(1 / (h * w)),
  };
}

/** Windows that overlap: each is copied out by a depthwise convolution with one-hot filters, [N, oh, ow, C, h·w]. */
function patches(call: Call, [h, w]: [number, number], fill: number, f: Frozen): Windows {
  const { x, geometry } = paddedInput(call, call.value('x'), f);
  const [n, oh, ow, c] = call.outputShape;
  const k = h * w;
  const oneHot = new Float32Array(k * c * k);
  for (let i = 0; i < k; i++) for (let ch = 0; ch < c; ch++) oneHot[(i * c + ch) * k + i] = 1;
  const copies = f.convolveDepthwise(x, f.constant(oneHot, [h, w, c, k]), geometry);
  const inside = insideWindows(call, [h, w]);
  const perWindow = Float32Array.from({ length: oh * ow }, (_, i) => 1 / sumOf(inside, i * k, k));
  return {
    value: f.reshape(copies, [n, oh, ow, c, k]),
    axes: [4],
    outside: inside.includes(0)
      ? f.constant(
          inside.map(v => (v === 0 ? fill : 0)),
          [1, oh, ow, 1, k],
        )
      : undefined,
    reciprocalCount: f.constant(perWindow, [1, oh, ow, 1]),
  };
}

const sumOf = (values: Float32Array, from: number, length: number) =>
  values.subarray(from, from + length).reduce((a, b) => a + b, 0);

/** [oh, ow, h·w]: 1 where the entry of a window lies on the image, 0 in the padding. */
function insideWindows(call: Call, [h, w]: [number, number]): Float32Array {
  const [, H, W] = call.value('x').shape;
  const [, oh, ow] = call.outputShape;
  const [sh, sw] = pair(call.attrs.strides);
  // TensorFlow's 'same': the padding that is missing in all, the smaller half first.
  const before = (out: number, stride: number, size: number, full: number) =>
    call.attrs.pad === 'same' ? Math.floor(Math.max(0, (out - 1) * stride + size - full) / 2) : 0;
  const [top, left] = [before(oh, sh, h, H), before(ow, sw, w, W)];
  const inside = new Float32Array(oh * ow * h * w);
  let at = 0;
  for (let i = 0; i < oh; i++) {
    for (let j = 0; j < ow; j++) {
      for (let di = 0; di < h; di++) {
        for (let dj = 0; dj < w; dj++) {
          const [r, c] = [i * sh + di - top, j * sw + dj - left];
          inside[at++] = r >= 0 && r < H && c >= 0 && c < W ? 1 : 0;
        }
      }
    }
  }
  return inside;
}
