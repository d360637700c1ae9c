import { fusedActivation } from './activations';
import type { Call, Frozen, Rule, Value } from './rule';

/** a·B with a constant matrix B. */
export const batchMatMul: Rule = { kernel: 'BatchMatMul', freeze: matMul };

/** a·B + bias, then an activation. */
export const fusedMatMul: Rule = {
  kernel: '_FusedMatMul',
  freeze(call, f) {
    const product = matMul(call, f);
    const z = call.has('bias') ? f.shift(product, call.fixed('bias')) : product;
    return fusedActivation(call, z, f);
  },
};

function matMul(call: Call, f: Frozen): Value {
  const a = call.input('a');
  const b = call.input('b');
  if (b.kind === 'fixed') {
    if (call.attrs.transposeA) return call.refuse('it transposes the activation');
    return timesMatrix(call.value('a'), matrixOf(call, 'b', Boolean(call.attrs.transposeB), f), call, f);
  }
  if (a.kind === 'fixed') {
    // (A·b)ᵀ = bᵀ·Aᵀ
    const b0 = call.value('b');
    const bT = call.attrs.transposeB ? b0 : swapLast(b0, f);
    const cShape = call.outputShape;
    const [m, n] = cShape.slice(-2);
    const flipped = f.reshape(bT, [count(bT.shape) / bT.shape.at(-1)!, bT.shape.at(-1)!]);
    const product = f.contract(flipped, matrixOf(call, 'a', !call.attrs.transposeA, f));
    return swapLast(f.reshape(product, [...cShape.slice(0, -2), n, m]), f);
  }
  return call.refuse('both its factors depend on x, so it is not piecewise linear');
}

const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** a [..., K] times one matrix [K, N] for all leading axes. */
function timesMatrix(a: Value, matrix: ReturnType<typeof matrixOf>, call: Call, f: Frozen): Value {
  const k = a.shape.at(-1)!;
  const rows = f.reshape(a, [count(a.shape) / k, k]);
  return f.reshape(f.contract(rows, matrix), call.outputShape);
}

/** The constant factor as a matrix [K, N], transposed if asked. */
function matrixOf(call: Call, name: 'a' | 'b', transpose: boolean, f: Frozen) {
  const { shape } = call.input(name);
  if (count(shape.slice(0, -2)) !== 1) return call.refuse('its constant factor is a batch of matrices');
  const [rows, columns] = shape.slice(-2);
  if (!transpose) return f.reshapeFixed(call.fixed(name), [rows, columns]);
  const values = call.numbers(name);
  const transposed = new Float32Array(values.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) transposed[c * rows + r] = values[r * columns + c];
  return f.constant(transposed, [columns, rows]);
}

function swapLast(v: Value, f: Frozen): Value {
  const axes = v.shape.map((_, i) => i);
  const n = axes.length;
  [axes[n - 2], axes[n - 1]] = [axes[n - 1], axes[n - 2]];
  return f.permute(v, axes);
}
