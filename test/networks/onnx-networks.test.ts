import '../backend';
import assert from 'node:assert/strict';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { linearize, loadOnnx } from '../../kernel-ext/src';
import {
  difference,
  largest,
  ONNX_FIXTURES,
  type OnnxReference,
  onnxReferences,
  referenceNumbers,
} from './onnx-references';

/** Relative to the largest number, float32 against the framework's float64. */
const TOLERANCE = 1e-5;

describe('ONNX files of other frameworks', () => {
  for (const index of ['networks', 'others'] as const)
    for (const reference of onnxReferences(ONNX_FIXTURES, index))
      it(`${reference.file} has the W and b that its framework computes in float64`, () =>
        compare(reference));

  it('names the layers as PyTorch does', async () => {
    const [, reference] = onnxReferences(ONNX_FIXTURES, 'networks');
    const model = await loadOnnx(path.join(ONNX_FIXTURES, reference.file));
    const lin = await linearize(model, tf.zeros(reference.shape));
    const names = (await lin.biasByLayer()).map(({ layer }) => layer);
    const { layers = [] } = reference;
    // The exporter has put each batch normalization into the convolution before it, under its own name.
    const expected = layers.filter(name => /bn\d$|downsample\.1$|^fc$/.test(name));
    assert.deepEqual(names.sort(), expected.sort());
    assert.ok(expected.includes('layer1.0.bn1'));
    const { shape } = (await linearize(model, tf.zeros(reference.shape), { from: 'layer1.0.relu' })).input;
    assert.deepEqual(shape.slice(-3), [8, 4, 4]);
  });
});

async function compare(reference: OnnxReference): Promise<void> {
  const { x, weights, biases, largestWeight } = referenceNumbers(ONNX_FIXTURES, reference);
  const tensors = tf.memory().numTensors;
  const model = await loadOnnx(path.join(ONNX_FIXTURES, reference.file));
  const lin = await linearize(model, tf.tensor(x, reference.shape));
  const output = await lin.output.data<'float32'>();
  const bias = await lin.bias.data<'float32'>();
  assert.ok(difference(output, reference.output) < TOLERANCE, 'F(x)');
  const scale = largest(reference.output);
  for (const [c, expected] of weights) {
    const row = await lin.row(c);
    assert.deepEqual(row.shape, reference.shape);
    const wrong = difference(await row.data<'float32'>(), expected, largestWeight);
    assert.ok(wrong < TOLERANCE, `row ${c} of W: ${wrong}`);
    assert.ok(Math.abs(bias[c] - biases.get(c)!) / scale < TOLERANCE, `b of output ${c}`);
    row.dispose();
  }
  assert.ok((await lin.residual()).relative < TOLERANCE, 'residual');
  assert.equal(lin.exact, reference.exact);
  lin.dispose();
  model.dispose();
  assert.equal(tf.memory().numTensors, tensors + 1);
}
