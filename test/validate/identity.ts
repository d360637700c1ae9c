import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';

/** Some instances, their linear maps, and how far W·x + b is from what the model itself computes. */
export interface Checked {
  /** [N, D], [N, C, D] and [N, C], row major. */
  x: Float32Array;
  w: Float32Array;
  b: Float32Array;
  /** |F(x) − (W·x + b)| / max|F(x)| for each instance and output. */
  identity: Float64Array;
  /** |F(x) − (Σ W∘x + Σ over layers of b)| / max|F(x)|, relative in the same sense. */
  ledger: Float64Array;
}

/**
 * Checks F(x) = W·x + b and that contributions and the layers' parts of b add up to each logit. Sums are taken in float64,
 * so that they measure W and b and not the summation.
 *
 * @param logits the network by itself, without Piecewise: [N, …] → [N, C].
 */
export async function checked(
  model: LayersModel,
  logits: (x: Tensor) => Tensor,
  x: Tensor,
): Promise<Checked> {
  const lin = await linearize(model, x, { executor: 'onnx', memory: 2 ** 30 });
  const matrix = await lin.weights.toTensor();
  const reference = tf.tidy(() => logits(x));
  const parts = await lin.biasByLayer();
  const [numbers, w, b, y] = (await Promise.all(
    [x, matrix, lin.bias, reference].map(t => t.data()),
  )) as Float32Array[];
  tf.dispose([matrix, reference]);
  lin.dispose();
  const count = y.length;
  const outputs = count / x.shape[0];
  const inputs = numbers.length / x.shape[0];
  const identity = new Float64Array(count);
  const ledger = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const from = Math.floor(i / outputs) * inputs;
    let sum = 0;
    for (let d = 0; d < inputs; d++) sum += w[i * inputs + d] * numbers[from + d];
    const row = y.subarray(i - (i % outputs), i - (i % outputs) + outputs);
    const scale = row.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    identity[i] = Math.abs(y[i] - (sum + b[i])) / scale;
    ledger[i] = Math.abs(y[i] - parts.reduce((total, part) => total + part.bias[i], sum)) / scale;
  }
  return { x: numbers, w, b, identity, ledger };
}
