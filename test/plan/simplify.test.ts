import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearize';
import { sourceOf } from '../../kernel-ext/src/capture/source';
import { Compiled } from '../../kernel-ext/src/linear-map/compiled';
import { needed } from '../../kernel-ext/src/plan/graph';
import { simplified } from '../../kernel-ext/src/plan/simplify';
import { wholeMapProgram } from '../../kernel-ext/src/plan/whole-map';
import { numbersOf } from '../../kernel-ext/src/run/onnx-model';
import { useBackend } from '../backend';

/** Float32 sums of a few dozen products, in another order. */
const TOLERANCE = 1e-5;

/** A strided depthwise convolution behind padding and batch normalization with ReLU6 before and after: MobileNet's block. */
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

  it('multiplies rows once a gate, and cuts nothing off', () => {
    const { plan } = new Compiled(sourceOf(block(2)), tf.zeros([1, 8, 8, 2]), 1);
    const w = wholeMapProgram(plan)!;
    const part = { graph: plan.graph, inputs: { x: plan.x }, outputs: { w } };
    const simple = simplified(part, index => numbersOf(plan.graph.constants[index]));
    const ids = needed(simple.graph, new Set([simple.inputs.x]), [simple.outputs.w]);
    const nodes = ids.map(id => simple.graph.nodes[id]);
    const ofRows = nodes.filter(({ shape }) => shape[0] === plan.outputs).map(({ op }) => op);
    assert.equal(ofRows.filter(op => op === 'multiply').length, 2);
    assert.equal(ofRows.includes('slice'), false);
  });
});
