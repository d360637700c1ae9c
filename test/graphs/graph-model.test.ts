import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import * as errors from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { numbers } from '../rules/case';
import { graphModel, integers, placeholder, text, texts, type GraphNode } from './graph-model';

/** Measured up to 4e-7. */
const TOLERANCE = 5e-6;

const convolution = (op: string, name: string, input: string[], activation: string): GraphNode => ({
  name,
  op,
  input,
  attr: {
    strides: integers(1, 1, 1, 1),
    dilations: integers(1, 1, 1, 1),
    padding: text('SAME'),
    data_format: text('NHWC'),
    fused_ops: texts('BiasAdd', activation),
    num_args: { i: input.length - 2 },
  },
});

/** The kernels that the converter fuses in a MobileNet: convolution, depthwise convolution and dense, each with bias and activation. */
function fused(activation: string): Promise<tf.GraphModel> {
  return graphModel(
    [
      placeholder(-1, 6, 6, 2),
      convolution('_FusedConv2D', 'block/conv', ['x', 'w1', 'b1'], activation),
      convolution('FusedDepthwiseConv2dNative', 'block/depthwise', ['block/conv', 'w2', 'b2'], activation),
      { name: 'flat', op: 'Reshape', input: ['block/depthwise', 'shape'] },
      {
        name: 'dense',
        op: '_FusedMatMul',
        input: ['flat', 'w3', 'b3'],
        attr: { fused_ops: texts('BiasAdd', activation), num_args: { i: 1 } },
      },
      { name: 'logits', op: 'MatMul', input: ['dense', 'w4'] },
      { name: 'probabilities', op: 'Softmax', input: ['logits'] },
    ],
    {
      w1: numbers(tf, [3, 3, 2, 4], 1),
      b1: numbers(tf, [4], 2),
      w2: numbers(tf, [3, 3, 4, 1], 3),
      b2: numbers(tf, [4], 4),
      shape: tf.tensor1d([-1, 144], 'int32'),
      w3: numbers(tf, [144, 5], 5).mul(0.1),
      b3: numbers(tf, [5], 6),
      w4: numbers(tf, [5, 3], 7),
    },
  );
}

describe('linearize(graph model, x)', () => {
  useBackend('tensorflow');

  for (const activation of ['Relu', 'Relu6', 'Elu']) {
    it(`linearizes fused kernels with bias and ${activation}`, async () => {
      const model = await fused(activation);
      const x = tf.randomNormal([6, 6, 2], 0, 1, 'float32', 4);
      const lin = await linearize(model, x);
      assert.equal(lin.cut, 'softmax');
      assert.equal(lin.exact, activation !== 'Elu');
      assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
      const probabilities = model.predict(x.expandDims()) as tf.Tensor;
      const difference = tf.softmax(lin.output).sub(probabilities).abs().max().arraySync() as number;
      assert.ok(difference < 1e-6, `the outputs are the logits: ${difference}`);
      const parts = (await lin.biasByLayer()).map(part => part.layer);
      assert.deepEqual(parts, ['block/conv', 'block/depthwise', 'dense']);
      lin.dispose();
      model.dispose();
    });
  }

  it('ends at the node named by `to`, whatever the kernels are called', async () => {
    const model = await fused('Relu');
    const x = tf.randomNormal([6, 6, 2], 0, 1, 'float32', 4);
    const lin = await linearize(model, x, { to: 'dense' });
    const expected = model.execute(x.expandDims(), 'dense') as tf.Tensor;
    assert.deepEqual(lin.weights.shape, [5, 72]);
    assert.ok((expected.flatten().sub(lin.output).abs().max().arraySync() as number) < 1e-5);
    assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
    lin.dispose();
    model.dispose();
  });

  it('leaves no tensor behind, restores the flags and prints nothing', async () => {
    const model = await fused('Relu');
    const x = tf.ones([6, 6, 2]);
    const flag = tf.env().getBool('KEEP_INTERMEDIATE_TENSORS');
    (await linearize(model, x)).dispose();
    const before = tf.memory().numTensors;
    const { warn } = console;
    console.warn = message => assert.fail(`a warning: ${message}`);
    try {
      const lin = await linearize(model, x, { to: 'dense' });
      await lin.residual({ every: true });
      lin.dispose();
    } finally {
      console.warn = warn;
    }
    assert.equal(tf.memory().numTensors, before);
    assert.equal(tf.env().getBool('KEEP_INTERMEDIATE_TENSORS'), flag);
    model.dispose();
  });
});

describe('linearize of a graph that depends on the values of x', () => {
  useBackend('tensorflow');

  const dynamic: [string, () => Promise<tf.GraphModel>, RegExp][] = [
    [
      'control flow',
      () =>
        graphModel(
          [
            placeholder(-1, 3),
            { name: 'sum', op: 'Sum', input: ['x', 'axes'] },
            { name: 'large', op: 'Greater', input: ['sum', 'zero'] },
            { name: 'cond/switch', op: 'Switch', input: ['x', 'large'] },
            { name: 'cond/twice', op: 'AddV2', input: ['cond/switch:1', 'cond/switch:1'] },
            { name: 'cond/merge', op: 'Merge', input: ['cond/switch', 'cond/twice'] },
          ],
          { axes: tf.tensor1d([0, 1], 'int32'), zero: tf.scalar(0) },
        ),
      /node 'cond\/merge' is a Merge/,
    ],
    [
      'a shape that depends on numbers',
      () => graphModel([placeholder(-1, 3), { name: 'found', op: 'Where', input: ['x'] }]),
      /node 'found' is a Where/,
    ],
  ];

  for (const [what, build, message] of dynamic) {
    it(`rejects ${what} with a DynamicGraphError that names the node, and leaves no tensor behind`, async () => {
      const model = await build();
      const before = tf.memory().numTensors;
      await assert.rejects(linearize(model, [1, 2, 3]), error => {
        assert.ok(error instanceof errors.DynamicGraphError, `${error}`);
        assert.match(error.message, message);
        return true;
      });
      assert.equal(tf.memory().numTensors, before);
      model.dispose();
    });
  }
});
