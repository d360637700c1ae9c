import * as tf from '@tensorflow/tfjs';

const DIRECTIONS = 3;
const STEP = 1e-3;
/** For float32 sums on both sides. */
const ROUNDING = 1e-4;
/** What central differences of float32 numbers are good for: of the slope, and of F(x). */
const BY_DIFFERENCES = { slope: 1e-3, output: 5e-4 };

/** How the slopes of a map were found right, or that they were not. */
export type Slopes = 'tf.grad' | 'central differences' | 'neither';

/** The numbers of a linearization, which outlive it. */
export interface FoundMap {
  /** W [C, D], flat. */
  weights: Float32Array;
  /** F(x), flat; logits where a final activation was left out. */
  output: Float32Array;
  cut: 'softmax' | 'sigmoid' | null;
}

/**
 * Compares W with what TensorFlow.js itself makes of the model, in seeded directions: Wᵀu with the gradient of u·F; where
 * TensorFlow.js has no gradient, or a wrong one, W·v with central differences of F. A final softmax or sigmoid that the map
 * leaves out is put back. A gradient that TensorFlow.js lacks leaves tensors of its own, so count tensors before you call this.
 */
export function slopesAgree(map: FoundMap, model: tf.LayersModel, x: tf.Tensor1D): Slopes {
  return tf.tidy(() => {
    const shape = run(model, x).shape;
    const reference: Reference = {
      of: flat => run(model, flat).flatten(),
      x,
      matrix: tf.tensor2d(map.weights, [map.output.length, x.size]),
      output: tf.tensor(map.output, shape),
      end: values => endOf(map.cut, values),
    };
    if (gradientsAgree(reference)) return 'tf.grad';
    return differencesAgree(reference) ? 'central differences' : 'neither';
  });
}

interface Reference {
  /** F as a function of the flat inputs, side by side. */
  of: (flat: tf.Tensor) => tf.Tensor;
  x: tf.Tensor1D;
  /** W [C, D]. */
  matrix: tf.Tensor2D;
  /** F(x), before the final activation where that was left out. */
  output: tf.Tensor;
  /** The final activation that was left out. */
  end: (values: tf.Tensor) => tf.Tensor;
}

function gradientsAgree({ of, x, matrix, output, end }: Reference): boolean {
  return directions(output.size, 100).every(u => {
    const through = (f: (z: tf.Tensor) => tf.Tensor) =>
      tf.grad((z: tf.Tensor) => f(z).flatten().mul(u).sum());
    let expected: tf.Tensor;
    try {
      expected = through(of)(x);
    } catch {
      return false;
    }
    const outer = through(end)(output).reshape([1, -1]);
    const ours = tf.matMul(outer as tf.Tensor2D, matrix).flatten();
    return largest(expected.sub(ours)) <= ROUNDING * Math.max(largest(expected), largest(ours)) + 1e-6;
  });
}

function differencesAgree({ of, x, matrix, output, end }: Reference): boolean {
  return directions(x.size, 200).every(v => {
    const expected = difference(of, x, v);
    const image = tf.matMul(matrix, v.reshape([-1, 1])).reshape(output.shape);
    const ours = difference(end, output, image);
    const allowed = BY_DIFFERENCES.slope * largest(expected) + BY_DIFFERENCES.output * largest(end(output));
    return largest(expected.sub(ours)) <= allowed + 1e-6;
  });
}

const directions = (size: number, seed: number): tf.Tensor1D[] =>
  Array.from({ length: DIRECTIONS }, (_, i) => tf.randomNormal([size], 0, 1, 'float32', seed + i));

const difference = (f: (at: tf.Tensor) => tf.Tensor, at: tf.Tensor, along: tf.Tensor): tf.Tensor =>
  f(at.add(along.mul(STEP)))
    .sub(f(at.sub(along.mul(STEP))))
    .div(2 * STEP)
    .flatten();

const largest = (values: tf.Tensor): number => values.abs().max().dataSync()[0];

function endOf(cut: FoundMap['cut'], values: tf.Tensor): tf.Tensor {
  if (cut === 'softmax') return tf.softmax(values);
  return cut === 'sigmoid' ? tf.sigmoid(values) : values;
}

/** The sides of a shape that the model leaves open are 5. */
export const inputShapes = (model: tf.LayersModel): number[][] =>
  model.inputs.map(({ shape }) => shape.slice(1).map(size => size ?? 5));

/** What the model itself computes from its inputs, flat and side by side: its first output. */
export function run(model: tf.LayersModel, flat: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    let from = 0;
    const inputs = inputShapes(model).map((shape, i) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const input = flat.slice([from], [size]).reshape([1, ...shape]);
      from += size;
      return input.cast(model.inputs[i].dtype);
    });
    const outputs = model.apply(inputs, { training: false }) as tf.Tensor | tf.Tensor[];
    return Array.isArray(outputs) ? outputs[0] : outputs;
  });
}
