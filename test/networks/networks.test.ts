import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import type { Model } from '../../kernel-ext/src/capture/source';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import { logitsOf } from './logits';
import { recurrent } from './recurrent';
import { resnet20 } from './resnet20';
import { textTransformer, visionTransformer } from './transformer';
import { vgg } from './vgg';

/** Relative to the largest number, with float32 on both sides; measured up to 1.3e-6 (the vision transformer). */
const TOLERANCE = 1e-5;

interface Whole {
  name: string;
  /** The model, and the function whose slope W is. */
  build(): Promise<{ model: Model; slopeOf: (x: tf.Tensor) => tf.Tensor; shape: number[] }>;
  /** Whether a policy is needed. */
  smooth?: boolean;
}

const layers = (model: tf.LayersModel) => ({
  model,
  slopeOf: (x: tf.Tensor) => model.apply(x.expandDims()) as tf.Tensor,
  shape: model.inputs[0].shape.slice(1) as number[],
});

const plain = (model: (x: tf.Tensor) => tf.Tensor, shape: number[]) => ({ model, slopeOf: model, shape });

const wholes: Whole[] = [
  {
    name: 'the MNIST CNN that ships',
    async build() {
      const { model } = await mnistCnn();
      const logits = logitsOf(model);
      return { ...layers(model), slopeOf: x => logits(x.expandDims()) };
    },
  },
  { name: 'ResNet-20', build: async () => layers(resnet20()) },
  { name: 'a VGG-like network', build: async () => layers(vgg()) },
  {
    name: 'a vision transformer of 16 patches, 3 blocks and 4 heads',
    smooth: true,
    async build() {
      const sizes = { width: 32, heads: 4, hidden: 64, blocks: 3, outputs: 10 };
      return plain(visionTransformer([16, 16, 3], 4, sizes), [16, 16, 3]);
    },
  },
  {
    name: 'a text transformer of 12 tokens, 2 blocks and 4 heads',
    smooth: true,
    async build() {
      const sizes = { tokens: 12, width: 24, heads: 4, hidden: 48, blocks: 2, outputs: 10 };
      return plain(textTransformer(sizes), [12, 24]);
    },
  },
  { name: 'an LSTM layer', smooth: true, build: async () => layers(recurrent('lstm')) },
  { name: 'a GRU layer', smooth: true, build: async () => layers(recurrent('gru')) },
];

for (const { name, build, smooth } of wholes) {
  describe(`${name}, as a whole`, () => {
    useBackend('tensorflow');

    for (const executor of ['tfjs', 'onnx'] as const) {
      it(`has tf.grads’ rows as W, and F(x) − W·x as b, by ${executor}`, async () => {
        const { model, slopeOf, shape } = await build();
        const x = tf.randomUniform(shape, 0, 1, 'float32', 7);
        const lin = await linearize(model, x, { executor });
        assert.equal(lin.exact, smooth === undefined);
        const y = slopeOf(x).flatten();
        close('F(x)', lin.output, y);
        const rows = (await lin.weights.toTensor()) as tf.Tensor2D;
        for (let c = 0; c < rows.shape[0]; c++) {
          const slope = tf.grad((z: tf.Tensor) => slopeOf(z).flatten().slice([c], [1]).sum())(x);
          close(`row ${c}`, rows.slice([c, 0], [1, x.size]), slope);
        }
        const product = tf.matMul(rows, x.reshape([x.size, 1])).flatten();
        close('b', lin.bias, y.sub(product), largest(rows.abs().matMul(x.reshape([x.size, 1]))));
        assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
        lin.dispose();
      });

      if (smooth) {
        it(`is W·x + b with its factors frozen as well, by ${executor}`, async () => {
          const { model, slopeOf, shape } = await build();
          const x = tf.randomUniform(shape, 0, 1, 'float32', 7);
          const lin = await linearize(model, x, { executor, policy: 'gate' });
          close('F(x)', lin.output, slopeOf(x));
          assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
          assert.ok(lin.policies.some(({ policy }) => policy === 'gate'));
          const parts = (await lin.biasByLayer()).map(({ bias }) => tf.tensor1d(bias));
          close('b by layer', tf.addN(parts), lin.bias, largest(tf.addN(parts.map(part => part.abs()))));
          lin.dispose();
        });
      }
    }
  });
}

const largest = (t: tf.Tensor) => t.abs().max().arraySync() as number;

function close(what: string, actual: tf.Tensor, expected: tf.Tensor, scale = largest(expected)): void {
  const error = largest(actual.flatten().sub(expected.flatten()));
  assert.ok(error <= TOLERANCE * scale, `${what}: off by ${error} at a scale of ${scale}`);
}
