import * as tf from '@tensorflow/tfjs';
import { captureOnnx, type OnnxFeed } from '../../../kernel-ext/src/capture/record-onnx';
import { endAt } from '../../../kernel-ext/src/capture/capture';
import { loadOnnx } from '../../../kernel-ext/src/onnx-file/load-onnx';
import { planOf, type Plan } from '../../../kernel-ext/src/plan/plan';
import { pullBack } from '../../../kernel-ext/src/plan/pull-back';
import { pushForward } from '../../../kernel-ext/src/plan/push-forward';
import { stacked } from '../../../kernel-ext/src/plan/step';
import { run } from '../../../kernel-ext/src/run/tfjs';
import type { Numbers, Variant } from './suite-cases';

/** Of the largest number of the output; float32 sums of a few hundred products stay below a tenth of it. */
export const TOLERANCE = 1e-5;
/** Where W·x or W·v cancels, of the largest number that enters it, which rounds to 2⁻²⁴ of itself. */
const ROUNDING = 2 ** -22;
/** Of the largest slope. The evaluator's differences are in float64 where `precise`, else in float32. */
const SLOPE_TOLERANCE = { precise: 2e-5, coarse: 2e-2 };
const SMALL = 1e-3;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((max, v) => (Number.isFinite(v) ? Math.max(max, Math.abs(v)) : max), 0);

/** The largest difference from what is expected, where that is finite. */
function off(actual: ArrayLike<number>, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  return expected.reduce((max, value, i) => {
    if (!Number.isFinite(value)) return max;
    const difference = Math.abs(actual[i] - value);
    return Number.isNaN(difference) ? Infinity : Math.max(max, difference);
  }, 0);
}

const flat = (inputs: Record<string, Numbers>): Float32Array =>
  Float32Array.from(Object.values(inputs).flatMap(({ values }) => [...values]));

/** @returns what is wrong; null if nothing is. @throws UnsupportedKernelError and other typed errors of what is refused */
export async function faultOf(variant: Variant, output: string): Promise<string | null> {
  const model = await loadOnnx(variant.model);
  try {
    const single = variant.moving.length === 1;
    const whole = flat(variant.x);
    const shape = single ? variant.x[variant.moving[0]].shape : [whole.length];
    const x = tf.tensor(whole, shape);
    const captured = await captureOnnx(model, x, feedOf(variant));
    x.dispose();
    const end = captured.outputs?.moving.get(output) ?? captured.output;
    return await faultOfPlan(
      planOf(captured.outputs === undefined ? captured : endAt(captured, end), 1),
      variant,
      output,
    );
  } finally {
    model.dispose();
  }
}

function feedOf({ moving, x }: Variant): OnnxFeed {
  if (moving.length === 1) return { moving: moving[0], held: {} };
  let begin = 0;
  const parts = moving.map(name => {
    const { shape } = x[name];
    const size = sizeOf(shape);
    begin += size;
    return { name, shape, begin: begin - size, size };
  });
  return { moving: parts, held: {} };
}

async function faultOfPlan(plan: Plan, variant: Variant, output: string): Promise<string | null> {
  const expected = variant.expected[output];
  const at = pointwise(plan);
  const v = variant.v === undefined ? null : flat(variant.v);
  const x = flat(variant.x);
  const here = await at(x, v ?? x);
  const scale = Math.max(largest(expected.values), SMALL);
  const sum = here.linear.map((w, i) => w + (here.bias === null ? 0 : here.bias[i % here.bias.length]));
  const limit = Math.max(TOLERANCE * scale, ROUNDING * Math.max(largest(here.linear), largest(x)));
  for (const [what, values] of [['F', here.output] as const, ['W·x + b', sum] as const]) {
    const error = off(values, expected.values);
    if (!(error <= limit)) return `${what} is off by ${error.toExponential(1)} of ${scale.toPrecision(3)}`;
  }
  if (v === null || variant.at === undefined || variant.slope === undefined) return null;
  const near = await at(flat(variant.at), v);
  const [left, right] = [dot(near.u, near.pushed), dot(near.pulled, v)];
  const terms = near.pushed.reduce((total, w, i) => total + Math.abs(w * near.u[i]), 0);
  if (!(Math.abs(left - right) <= TOLERANCE * Math.max(terms, SMALL)))
    return `⟨u, W·v⟩ = ${left} and ⟨Wᵀ·u, v⟩ = ${right}`;
  const slope = variant.slope[output];
  const steepest = Math.max(largest(slope.values), SMALL);
  const error = off(near.pushed, slope.values);
  const tolerance = slope.precise ? SLOPE_TOLERANCE.precise : SLOPE_TOLERANCE.coarse;
  return error <= Math.max(tolerance * steepest, ROUNDING * largest(v))
    ? null
    : `W·v is off by ${error.toExponential(1)} of ${steepest.toPrecision(3)}`;
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

interface Point {
  output: Float32Array;
  linear: Float32Array;
  bias: Float32Array | null;
  pushed: Float32Array;
  pulled: Float32Array;
  u: Float32Array;
}

/** F(x), W·x, b, W·v and Wᵀ·u of a plan, by TensorFlow.js. */
function pointwise(plan: Plan): (x: Float32Array, v: Float32Array) => Promise<Point> {
  const { graph, input, output, steps } = plan;
  const span = { graph, input, output, steps };
  const [v, u] = [graph.input('v', stacked(input.shape, 1)), graph.input('u', stacked(output.shape, 1))];
  const pushed = pushForward(span, v, { shifts: 'none' })!;
  const linear = pushForward(span, input.node, { shifts: 'none' })!;
  const pulled = pullBack(span, u, 1)!;
  const direction = Float32Array.from({ length: sizeOf(output.shape) }, (_, i) => Math.sin(7.3 * i + 1));
  return async (x, along) => {
    const feeds = new Map(
      [[plan.x, x] as const, [v, along] as const, [u, direction] as const].map(
        ([node, values]) => [node, tf.tensor(values, [...graph.shape(node)])] as const,
      ),
    );
    const wanted = [plan.y, linear, pushed, pulled, ...(plan.bias === null ? [] : [plan.bias])];
    const results = await run(graph, feeds, wanted, () => Promise.resolve());
    const numbers = results.map(result => Float32Array.from(result.dataSync<'float32'>()));
    tf.dispose([...results, ...feeds.values()]);
    const [y, wx, wv, wu, b = null] = numbers;
    return { output: y, linear: wx, bias: b, pushed: wv, pulled: wu, u: direction };
  };
}
