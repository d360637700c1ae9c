import {
  EMBEDDING_MIME,
  LINEARIZATION_MIME,
  PATH_MIME,
  type ArrayPayload,
  type LinearizationPayload,
} from 'piecewise/payload';

/** A dense ReLU network in float64, small enough to be linearized by hand. */
export interface RandomNet {
  /** weights[l][j][i] and biases[l][j]: layer l, from unit i to unit j. */
  weights: number[][][];
  biases: number[][];
}

/** F(x), and the affine map that equals the network at x. */
export interface Affine {
  output: number[];
  /** [C][D] */
  rows: number[][];
  /** [layer][C]: the part of b that comes from each layer's biases. */
  biasByLayer: number[][];
}

/** Random numbers that are the same in every run (mulberry32), in [-1, 1). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

export function randomNet(sizes: readonly number[], seed: number): RandomNet {
  const random = seeded(seed);
  const layers = sizes.slice(1).map((to, l) => ({ to, from: sizes[l] }));
  return {
    weights: layers.map(({ to, from }) =>
      Array.from({ length: to }, () => Array.from({ length: from }, () => random() * Math.sqrt(4 / from))),
    ),
    biases: layers.map(({ to }) => Array.from({ length: to }, () => random() * 0.2)),
  };
}

/** Freezes the ReLUs of `net` at x. b is pushed forward from the biases; it is not F(x) − W·x. */
export function takeApart({ weights, biases }: RandomNet, x: readonly number[]): Affine {
  let value = [...x];
  let rows: number[][] = x.map((_, i) => x.map((__, j) => (i === j ? 1 : 0)));
  const parts: number[][] = [];
  weights.forEach((layer, l) => {
    const z = multiply(layer, value).map((v, j) => v + biases[l][j]);
    const last = l === weights.length - 1;
    const gate = z.map(v => (last || v > 0 ? 1 : 0));
    value = z.map((v, j) => v * gate[j]);
    rows = layer.map((w, j) => combine(w, rows).map(v => v * gate[j]));
    parts.forEach((part, p) => (parts[p] = multiply(layer, part).map((v, j) => v * gate[j])));
    parts.push(biases[l].map((v, j) => v * gate[j]));
  });
  return { output: value, rows, biasByLayer: parts };
}

/** The payload of a network at x, as the kernel writes it; `saved` are the classes whose rows are in it. */
export function payloadOf(
  net: RandomNet,
  x: readonly number[],
  shape: number[],
  saved: readonly number[],
  changes: Partial<LinearizationPayload> = {},
): LinearizationPayload {
  const { output, rows, biasByLayer } = takeApart(net, x);
  const bias = output.map((_, c) => biasByLayer.reduce((sum, part) => sum + part[c], 0));
  const sums = (keep: (v: number) => boolean) =>
    rows.map(row => row.map((w, i) => w * x[i]).reduce((sum, v) => (keep(v) ? sum + v : sum), 0));
  const linear = rows.map(row => row.reduce((sum, w, i) => sum + w * x[i], 0));
  const absolute = Math.max(...output.map((y, c) => Math.abs(y - linear[c] - bias[c])));
  const relative = absolute / Math.max(...output.map(Math.abs));
  return {
    schemaVersion: '1.0',
    from: 'input',
    to: 'logits',
    cut: 'softmax',
    exact: true,
    policies: [],
    labels: output.map((_, c) => String(c)),
    input: float32(x, shape),
    output,
    bias,
    positive: sums(v => v > 0),
    negative: sums(v => v < 0),
    biasByLayer: biasByLayer.map((part, l) => ({ layer: `dense${l + 1}`, bias: part })),
    residual: { absolute, relative, ulps: relative / 2 ** -23 },
    selected: output.indexOf(Math.max(...output)),
    rows: saved.map(index => ({ index, weights: float32(rows[index], shape) })),
    handle: 'a-linearization-of-an-earlier-session',
    ...changes,
  };
}

/** A payload in which only some classes have sums and b by layer, as that of a network with many classes. */
export function partOf(payload: LinearizationPayload, summed: number[]): LinearizationPayload {
  const { positive, negative, biasByLayer } = payload;
  const some = (numbers: readonly number[]) => summed.map(c => numbers[c]);
  const array = (numbers: readonly number[]) => float32(numbers, [numbers.length]);
  return {
    ...payload,
    output: array(payload.output as number[]),
    bias: array(payload.bias as number[]),
    linear: array(positive.map((sum, c) => sum + negative[c])),
    summed,
    positive: some(positive),
    negative: some(negative),
    biasByLayer: biasByLayer.map(({ layer, bias }) => ({ layer, bias: some(bias) })),
  };
}

export function float32(values: readonly number[], shape: number[]): ArrayPayload {
  return { dtype: 'float32', shape, data: Buffer.from(Float32Array.from(values).buffer).toString('base64') };
}

/** The MIME bundle of an output with this payload. */
export function bundleOf(payload: unknown): Record<string, unknown> {
  return { [mimeOf(payload)]: payload, 'text/plain': 'the decomposition as text' };
}

/** Embeddings have coordinates, paths have decisions. */
function mimeOf(payload: unknown): string {
  if ('coordinates' in Object(payload)) return EMBEDDING_MIME;
  return 'decisions' in Object(payload) ? PATH_MIME : LINEARIZATION_MIME;
}

/** A seven of 28 × 28 pixels, drawn with a soft pen; [784], 0 to 1. */
export function seven(): number[] {
  const strokes: [number, number, number, number][] = [
    [8, 7, 9, 21],
    [9, 21, 24, 11],
  ];
  return Array.from({ length: 784 }, (_, i) => {
    const distance = Math.min(...strokes.map(s => distanceTo(s, Math.floor(i / 28), i % 28)));
    return Math.round(255 * Math.min(1, Math.max(0, 2 - distance))) / 255;
  });
}

function distanceTo([r0, c0, r1, c1]: [number, number, number, number], r: number, c: number): number {
  const length = (r1 - r0) ** 2 + (c1 - c0) ** 2;
  const t = Math.min(1, Math.max(0, ((r - r0) * (r1 - r0) + (c - c0) * (c1 - c0)) / length));
  return Math.hypot(r - r0 - t * (r1 - r0), c - c0 - t * (c1 - c0));
}

function multiply(matrix: readonly number[][], vector: readonly number[]): number[] {
  return matrix.map(row => row.reduce((sum, w, i) => sum + w * vector[i], 0));
}

function combine(weights: readonly number[], rows: readonly number[][]): number[] {
  const sum = new Array<number>(rows[0].length).fill(0);
  rows.forEach((row, i) => row.forEach((v, k) => (sum[k] += weights[i] * v)));
  return sum;
}
