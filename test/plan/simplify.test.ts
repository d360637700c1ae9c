import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { sourceOf } from '../../kernel-ext/src/capture/source';
import { Compiled } from '../../kernel-ext/src/linear-map/compiled';
import { needed } from '../../kernel-ext/src/plan/graph';
import { simplified } from '../../kernel-ext/src/plan/simplify';
import { wholeMapProgram } from '../../kernel-ext/src/plan/whole-map';
import { numbersOf } from '../../kernel-ext/src/run/onnx-model';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import { useBackend } from '../backend';
import { floats, graph, model, node, value } from '../onnx-file/small-model';

/** Float32 sums of a few dozen products, in another order. */
const TOLERANCE = 1e-5;

/** A strided depthwise convolution after padding and batch normalization with ReLU6 before and after: MobileNet's block. */
function block(strides: number): tf.LayersModel {
  const random = (seed: number) => tf.initializers.randomUniform({ minval: 0.5, maxval: 1.5, seed });
  const normalization = () =>
    tf.layers.batchNormalization({ gammaInitializer: random(1), movingVarianceInitializer: random(2) });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 2], filters: 4, kernelSize: 1, useBias: false }),
      normalization(),
      tf.layers.reLU({ maxValue: 6 }),
      tf.layers.zeroPadding2d({
        padding: [
          [0, 1],
          [0, 1],
        ],
      }),
      tf.layers.depthwiseConv2d({ kernelSize: 3, strides, useBias: false }),
      normalization(),
      tf.layers.reLU({ maxValue: 6 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3 }),
    ],
  });
}

describe('a simplified plan', () => {
  useBackend('tensorflow');

  for (const strides of [1, 2]) {
    it(`gives the same F(x), W and b (strides ${strides})`, async () => {
      const model = block(strides);
      const x = tf.randomNormal([8, 8, 2], 0, 3, 'float32', 5);
      const [plain, simple] = [await linearize(model, x), await linearize(model, x, { executor: 'onnx' })];
      const pairs: [tf.Tensor, tf.Tensor][] = [
        [plain.output, simple.output],
        [plain.bias, simple.bias],
        [await plain.weights.toTensor(), await simple.weights.toTensor()],
      ];
      for (const [expected, actual] of pairs) {
        const scale = expected.abs().max().arraySync() as number;
        const error = expected.sub(actual).abs().max().arraySync() as number;
        assert.ok(error <= TOLERANCE * scale, `off by ${error} at a scale of ${scale}`);
      }
      plain.dispose();
      simple.dispose();
    });
  }

  it('multiplies rows once per gate, and cuts nothing off', async () => {
    const { plan } = await Compiled.of(sourceOf(block(2)), tf.zeros([1, 8, 8, 2]), 1);
    const w = wholeMapProgram(plan).w!;
    const part = { graph: plan.graph, inputs: { x: plan.x }, outputs: { w } };
    const simple = simplified(part, index => numbersOf(plan.graph.constants[index]));
    const ids = needed(simple.graph, new Set([simple.inputs.x]), [simple.outputs.w]);
    const nodes = ids.map(id => simple.graph.nodes[id]);
    const ofRows = nodes.filter(({ shape }) => shape[0] === plan.outputs).map(({ op }) => op);
    assert.equal(ofRows.filter(op => op === 'multiply').length, 2);
    assert.equal(ofRows.includes('slice'), false);
  });

  it('clips what gates let through, keeps ties of a pool, and lets the convolution add its bias', async () => {
    const network = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ],
    });
    const { plan } = await Compiled.of(sourceOf(network), tf.zeros([1, 8, 8, 1]), 1);
    const part = { graph: plan.graph, inputs: { x: plan.x }, outputs: { y: plan.y } };
    const simple = simplified(part, index => numbersOf(plan.graph.constants[index]));
    const ids = needed(simple.graph, new Set([simple.inputs.x]), [simple.outputs.y]);
    const nodes = ids.map(id => simple.graph.nodes[id]);
    const count = (op: string) => nodes.filter(node => node.op === op).length;
    assert.deepEqual(
      ['clip', 'maximum', 'greater', 'multiply', 'reduceSum'].map(count),
      [1, 2, 0, 0, 0],
      'F(x) needs no gates',
    );
    assert.equal(nodes.find(({ op }) => op === 'conv2d')!.inputs.length, 3);
    assert.equal(count('add'), 1, 'of the dense layer');
  });

  it('permutes the axes of an ONNX file at its ends alone, and scales its weights', async () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1)));
    const nodes = [
      node('Conv', ['x', 'v'], ['a']),
      node('BatchNormalization', ['a', 'one', 'two', 'one', 'half'], ['b']),
      node('Relu', ['b'], ['c']),
      node('MaxPool', ['c'], ['d'], { kernel_shape: [2, 2], strides: [2, 2] }),
      node('Conv', ['d', 'w'], ['e']),
      node('Add', ['e', 'd'], ['f']),
      node('Concat', ['f', 'd'], ['y'], { axis: 1 }),
    ];
    const weights = [
      floats('v', [6, 3, 3, 3], numbers(162)),
      floats('w', [6, 6, 1, 1], numbers(36)),
      floats('one', [6], numbers(6)),
      floats('two', [6], numbers(6).reverse()),
      floats('half', [6], Array<number>(6).fill(0.5)),
    ];
    const inputs = [value('x', [1, 3, 8, 8])];
    const net = await loadOnnx(
      model(graph({ nodes, inputs, outputs: [value('y', [1, 12, 3, 3])], weights })),
    );
    const { plan } = await Compiled.of(sourceOf(net), tf.zeros([1, 3, 8, 8]), 1);
    const part = { graph: plan.graph, inputs: { x: plan.x }, outputs: { y: plan.y } };
    const simple = simplified(part, index => numbersOf(plan.graph.constants[index]));
    const ids = needed(simple.graph, new Set([simple.inputs.x]), [simple.outputs.y]);
    const ops = ids.map(id => simple.graph.nodes[id].op);
    assert.equal(ops.filter(op => op === 'permute').length, 2);
    assert.equal(ops.includes('multiply'), false);
    const x = tf.tensor(numbers(192), [3, 8, 8]);
    const [plain, permuted] = [await linearize(net, x), await linearize(net, x, { executor: 'onnx' })];
    const pairs = [
      [plain.bias, permuted.bias],
      [await plain.weights.toTensor(), await permuted.weights.toTensor()],
    ];
    for (const [expected, actual] of pairs) {
      const scale = expected.abs().max().arraySync() as number;
      const error = expected.sub(actual).abs().max().arraySync() as number;
      assert.ok(error <= TOLERANCE * scale, `off by ${error} at a scale of ${scale}`);
    }
    for (const lin of [plain, permuted]) lin.dispose();
    net.dispose();
  });

  for (const size of [2, 3]) {
    it(`selects the first of equal maxima in windows of ${size}`, async () => {
      const network = tf.sequential({
        layers: [
          tf.layers.maxPooling2d({ inputShape: [6, 6, 1], poolSize: size, strides: size }),
          tf.layers.flatten(),
        ],
      });
      const x = tf.tensor(
        Array.from({ length: 36 }, (_, i) => Math.floor(i / 12)),
        [6, 6, 1],
      );
      const [plain, simple] = [
        await linearize(network, x),
        await linearize(network, x, { executor: 'onnx' }),
      ];
      const [expected, actual] = [await plain.weights.toTensor(), await simple.weights.toTensor()];
      assert.deepEqual(await actual.data(), await expected.data());
      const perOutput = await expected.sum(1).data();
      assert.deepEqual([...perOutput], Array(perOutput.length).fill(1));
      plain.dispose();
      simple.dispose();
    });
  }
});
