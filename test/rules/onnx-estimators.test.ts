import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import {
  AttributeProto_AttributeType as Type,
  AttributeProtoSchema,
} from '../../kernel-ext/src/onnx-file/onnx_pb';
import type { OnnxModel } from '../../kernel-ext/src/onnx-file/onnx-model';
import { useBackend } from '../backend';
import { DataType, graph, model, node, value } from '../onnx-file/small-model';

/** Float32 sums of a few products of unit size. */
const TOLERANCE = 5e-6;

/** Rounding of float32 over twice the step, and the curvature of norms; the largest seen is 3.4e-5. */
const SLOPE_TOLERANCE = 2e-4;
const STEP = 2 ** -7;

const X = [0.8, -2.4, 0.3, 2.1];
/** A direction that leaves the number alone that the Imputer takes for a missing one. */
const V = [0.3, 0, -0.7, 0.9];
const COEFFICIENTS = [0.5, -0.2, 0.7, 0.1, -0.4, 0.9, 0.3, -0.6, 0.2, 0.4, -0.8, 0.5];

interface Estimator {
  title: string;
  operator: string;
  floats?: Record<string, number[]>;
  texts?: Record<string, string>;
  integers?: Record<string, number[]>;
  outputs: number;
}

const classifier = (rows: number, labels: number, transform: string): Estimator => ({
  title: `${rows} rows of coefficients for ${labels} classes, ${transform}`,
  operator: 'LinearClassifier',
  floats: { coefficients: COEFFICIENTS.slice(0, 4 * rows), intercepts: [0.1, -0.3, 0.2].slice(0, rows) },
  integers: { classlabels_ints: [0, 1, 2].slice(0, labels) },
  texts: { post_transform: transform },
  outputs: labels,
});

const estimators: Estimator[] = [
  classifier(3, 3, 'NONE'),
  classifier(3, 3, 'SOFTMAX'),
  classifier(3, 3, 'LOGISTIC'),
  classifier(2, 2, 'LOGISTIC'),
  classifier(1, 2, 'NONE'),
  classifier(1, 2, 'LOGISTIC'),
  classifier(1, 2, 'SOFTMAX'),
  {
    title: 'two targets',
    operator: 'LinearRegressor',
    floats: { coefficients: COEFFICIENTS.slice(0, 8), intercepts: [0.4, -0.7] },
    outputs: 2,
  },
  {
    title: 'by feature',
    operator: 'Scaler',
    floats: { offset: [0.1, 0.2, 0.3, 0.4], scale: [2, 3, 0.5, 1] },
    outputs: 4,
  },
  { title: 'one for all', operator: 'Scaler', floats: { offset: [0.1], scale: [2] }, outputs: 4 },
  ...['MAX', 'L1', 'L2'].map(norm => ({ title: norm, operator: 'Normalizer', texts: { norm }, outputs: 4 })),
  {
    title: 'a missing number',
    operator: 'Imputer',
    floats: { imputed_value_floats: [1, 2, 3, 4] },
    outputs: 4,
  },
];

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

/** The central difference of a model along v, by onnxruntime. */
async function slopeOf(net: OnnxModel, x: readonly number[], v: readonly number[]): Promise<number[]> {
  const at = async (step: number) => {
    const { y } = await net.run(tf.tensor(x.map((value, i) => value + step * v[i])));
    return [...(await y.data<'float32'>())];
  };
  const [high, low] = [await at(STEP), await at(-STEP)];
  return high.map((value, i) => (value - low[i]) / (2 * STEP));
}

function bytesOf({ operator, floats = {}, texts = {}, integers = {}, outputs }: Estimator): Uint8Array {
  const isClassifier = operator === 'LinearClassifier';
  const made = node(operator, ['x'], isClassifier ? ['label', 'y'] : ['y'], texts, { domain: 'ai.onnx.ml' });
  for (const [name, numbers] of Object.entries(floats))
    made.attribute.push(create(AttributeProtoSchema, { name, type: Type.FLOATS, floats: numbers }));
  for (const [name, numbers] of Object.entries(integers))
    made.attribute.push(create(AttributeProtoSchema, { name, type: Type.INTS, ints: numbers.map(BigInt) }));
  if (operator === 'LinearRegressor')
    made.attribute.push(create(AttributeProtoSchema, { name: 'targets', type: Type.INT, i: 2n }));
  if (operator === 'Imputer')
    made.attribute.push(
      create(AttributeProtoSchema, { name: 'replaced_value_float', type: Type.FLOAT, f: X[1] }),
    );
  const label = value('label', [1], DataType.INT64);
  return model(
    graph({
      nodes: [made],
      inputs: [value('x', [1, 4])],
      outputs: [...(isClassifier ? [label] : []), value('y', [1, outputs])],
    }),
  );
}

describe('operators of ai.onnx.ml', () => {
  useBackend('tensorflow');

  for (const one of estimators) {
    it(`${one.operator}: ${one.title}`, async () => {
      const net = await loadOnnx(bytesOf(one));
      const x = tf.tensor(X);
      const lin = await linearize(net, x);
      // A softmax or a logistic function of all classes is cut off, as any other at the end.
      const end =
        lin.cut === null ? net : await loadOnnx(bytesOf({ ...one, texts: { post_transform: 'NONE' } }));
      const { y } = await end.run(x);
      const matrix = (await lin.weights.toTensor()) as tf.Tensor2D;
      const sum = matrix
        .matMul(x.reshape([4, 1]))
        .flatten()
        .add(lin.bias.flatten());
      const error = sum.sub(y.flatten()).abs().max().arraySync() as number;
      assert.ok(error <= TOLERANCE, `W·x + b is off by ${error}: ${sum.toString()} for ${y.toString()}`);
      const slope = await slopeOf(end, X, V);
      const along = [...(await (await lin.weights.apply(tf.tensor(V))).data<'float32'>())];
      const wrong = Math.max(...slope.map((number, i) => Math.abs(number - along[i])));
      assert.ok(wrong <= SLOPE_TOLERANCE, `W·v is off by ${wrong}: ${along.join()} for ${slope.join()}`);
      const u = along.map((_, i) => Math.sin(7.3 * i + 1));
      const back = [...(await (await lin.weights.applyTranspose(tf.tensor(u))).data<'float32'>())];
      assert.ok(Math.abs(dot(u, along) - dot(back, V)) <= TOLERANCE, '⟨u, W·v⟩ and ⟨Wᵀ·u, v⟩ differ');
      lin.dispose();
      for (const each of new Set([net, end])) each.dispose();
    });
  }

  it('gives the two classes of a single row of coefficients as onnxruntime does', async () => {
    const net = await loadOnnx(bytesOf(classifier(1, 2, 'LOGISTIC')));
    const { y } = await net.run(tf.tensor(X));
    const score = X.reduce((sum, v, i) => sum + v * COEFFICIENTS[i], 0.1);
    const second = 1 / (1 + Math.exp(-score));
    const [a, b] = (await y.data()) as Float32Array;
    assert.ok(Math.max(Math.abs(a - (1 - second)), Math.abs(b - second)) <= TOLERANCE, `${a}, ${b}`);
    net.dispose();
  });
});
