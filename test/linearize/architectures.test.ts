import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';

/** Measured up to 6e-7 on these networks. */
const TOLERANCE = 1e-5;

const random = 'glorotNormal';
const bias = 'randomNormal';

function conv(filters: number, options: object = {}) {
  return tf.layers.conv2d({
    filters,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    kernelInitializer: random,
    biasInitializer: bias,
    ...options,
  });
}

const dense = (units: number, options: object = {}) =>
  tf.layers.dense({ units, kernelInitializer: random, biasInitializer: bias, ...options });

function sequential(): tf.LayersModel {
  return tf.sequential({
    layers: [
      conv(6, { inputShape: [12, 10, 2], name: 'conv1' }),
      tf.layers.maxPooling2d({ poolSize: 2, name: 'pool1' }),
      conv(8, { strides: 2, useBias: false, activation: 'linear', name: 'conv2' }),
      tf.layers.batchNormalization({
        name: 'norm',
        movingMeanInitializer: 'randomNormal',
        betaInitializer: 'randomNormal',
      }),
      tf.layers.reLU({ name: 'relu' }),
      tf.layers.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same', name: 'mean' }),
      tf.layers.dropout({ rate: 0.5, name: 'dropout' }),
      tf.layers.flatten({ name: 'flatten' }),
      dense(12, { activation: 'relu', name: 'hidden' }),
      dense(5, { activation: 'softmax', name: 'classes' }),
    ],
  });
}

/** Residual blocks and a dense block, as in ResNet and DenseNet. */
function skips(): tf.LayersModel {
  const input = tf.input({ shape: [8, 8, 3] });
  let x = conv(6).apply(input) as tf.SymbolicTensor;
  const inner = conv(6, { activation: 'linear' }).apply(conv(6).apply(x)) as tf.SymbolicTensor;
  x = tf.layers.reLU().apply(tf.layers.add().apply([x, inner])) as tf.SymbolicTensor;
  x = tf.layers.concatenate().apply([x, conv(4).apply(x) as tf.SymbolicTensor]) as tf.SymbolicTensor;
  x = tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(x) as tf.SymbolicTensor;
  x = tf.layers.globalAveragePooling2d({}).apply(x) as tf.SymbolicTensor;
  return tf.model({
    inputs: input,
    outputs: dense(4, { activation: 'softmax' }).apply(x) as tf.SymbolicTensor,
  });
}

/** One layer used twice, and one ReLU for both: other tools silently go wrong here (captum#1082). */
function shared(): tf.LayersModel {
  const input = tf.input({ shape: [6] });
  const twice = dense(6, { name: 'twice' });
  const relu = tf.layers.reLU();
  const once = relu.apply(twice.apply(input)) as tf.SymbolicTensor;
  const again = relu.apply(twice.apply(once)) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: dense(3).apply(again) as tf.SymbolicTensor });
}

function nested(): tf.LayersModel {
  const inner = tf.sequential({
    layers: [dense(7, { inputShape: [6], activation: 'relu', name: 'inside' })],
  });
  return tf.sequential({ layers: [inner, dense(1, { activation: 'sigmoid', name: 'probability' })] });
}

function mobile(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.zeroPadding2d({
        inputShape: [9, 9, 3],
        padding: [
          [0, 1],
          [0, 1],
        ] as never,
      }),
      conv(8, { strides: 2, padding: 'valid', activation: 'relu6' }),
      tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', biasInitializer: bias }),
      tf.layers.leakyReLU({ alpha: 0.1 }),
      tf.layers.separableConv2d({ filters: 6, kernelSize: 3, padding: 'same', biasInitializer: bias }),
      tf.layers.prelu({ alphaInitializer: 'randomNormal' }),
      tf.layers.permute({ dims: [2, 1, 3] }),
      tf.layers.globalMaxPooling2d({}),
      dense(3),
    ],
  });
}

function signal(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv1d({
        inputShape: [20, 2],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        biasInitializer: bias,
      }),
      tf.layers.maxPooling1d({ poolSize: 2 }),
      tf.layers.globalAveragePooling1d(),
      dense(3),
    ],
  });
}

/** Channels first: TensorFlow.js transposes images before and after each layer. */
function channelsFirst(): tf.LayersModel {
  const dataFormat = 'channelsFirst';
  return tf.sequential({
    layers: [
      conv(6, { inputShape: [3, 8, 10], dataFormat }),
      tf.layers.maxPooling2d({ poolSize: 2, dataFormat }),
      tf.layers.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same', dataFormat }),
      tf.layers.batchNormalization({ axis: 1, movingMeanInitializer: 'randomNormal' }),
      tf.layers.upSampling2d({ size: [2, 2], dataFormat }),
      tf.layers.globalAveragePooling2d({ dataFormat }),
      dense(3),
    ],
  });
}

const architectures: [string, () => tf.LayersModel, 'softmax' | 'sigmoid' | null][] = [
  ['convolution, pooling, batch norm, dropout, dense', sequential, 'softmax'],
  ['residual sums and concatenations', skips, 'softmax'],
  ['a layer and a ReLU used twice', shared, null],
  ['a model within a model', nested, 'sigmoid'],
  ['depthwise and separable convolutions, leaky activations', mobile, null],
  ['a signal in one dimension', signal, null],
  ['channels first', channelsFirst, null],
];

describe('linearize(model, x) for whole architectures', () => {
  useBackend('tensorflow');

  for (const [name, build, cut] of architectures) {
    it(`gives W·x + b = F(x) for ${name}`, async () => {
      const model = build();
      const x = tf.randomNormal(model.inputs[0].shape.slice(1) as number[], 0, 1, 'float32', 5);
      const lin = await linearize(model, x);
      assert.equal(lin.cut, cut);
      const { relative } = await lin.residual({ every: true });
      assert.ok(relative <= TOLERANCE, `relative residual ${relative}`);

      const probabilities = model.apply(x.expandDims()) as tf.Tensor;
      const logits = lin.output.expandDims();
      const expected =
        cut === 'softmax' ? tf.softmax(logits) : cut === 'sigmoid' ? tf.sigmoid(logits) : logits;
      assert.ok(
        (probabilities.sub(expected).abs().max().arraySync() as number) < 1e-6,
        'the outputs are the logits',
      );
      assert.equal(lin.exact, true);
      lin.dispose();
    });

    it(`gives each instance of a batch its own map for ${name}`, async () => {
      const model = build();
      const batch = tf.randomNormal([3, ...(model.inputs[0].shape.slice(1) as number[])], 0, 1, 'float32', 6);
      const together = await linearize(model, batch);
      assert.ok((await together.residual({ every: true })).relative <= TOLERANCE);
      const rows = await together.row(0);
      for (const [i, x] of tf.unstack(batch).entries()) {
        const alone = await linearize(model, x);
        const difference = (await alone.row(0)).sub(tf.unstack(rows)[i]).abs().max().arraySync() as number;
        assert.ok(difference < 1e-5, `row of instance ${i} differs by ${difference}`);
        alone.dispose();
      }
      together.dispose();
    });
  }
});

describe('linearize(model, x, options)', () => {
  useBackend('tensorflow');

  it('ends the map at the layer named by `to`', async () => {
    const model = sequential();
    const x = tf.randomNormal([12, 10, 2], 0, 1, 'float32', 5);
    const lin = await linearize(model, x, { to: 'pool1' });
    assert.deepEqual([lin.to, lin.weights.shape], ['pool1', [6 * 5 * 6, 240]]);
    assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
    const until = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer('pool1').output as tf.SymbolicTensor,
    });
    const expected = (until.apply(x.expandDims()) as tf.Tensor).flatten();
    assert.ok((expected.sub(lin.output).abs().max().arraySync() as number) < 1e-6);
    lin.dispose();
  });

  it('names the layers that parts of b come from', async () => {
    const lin = await linearize(sequential(), tf.ones([12, 10, 2]));
    const layers = (await lin.biasByLayer()).map(part => part.layer);
    assert.deepEqual(layers, ['conv1', 'norm', 'hidden', 'classes']);
    lin.dispose();
  });

  it('splits stacks so that they respect the memory budget, with the same rows', async () => {
    const model = sequential();
    const x = tf.randomNormal([12, 10, 2], 0, 1, 'float32', 5);
    const [roomy, tight] = [await linearize(model, x), await linearize(model, x, { memory: 20_000 })];
    const difference = (await roomy.weights.rows([4, 0, 2])).sub(await tight.weights.rows([4, 0, 2]));
    assert.ok((difference.abs().max().arraySync() as number) < 1e-6);
    assert.deepEqual(
      (await roomy.biasByLayer()).map(part => part.layer),
      (await tight.biasByLayer()).map(part => part.layer),
    );
    roomy.dispose();
    tight.dispose();
  });

  it('sees new weights after training, and keeps the old map as it was', async () => {
    const model = sequential();
    const x = tf.randomNormal([12, 10, 2], 0, 1, 'float32', 5);
    const before = await linearize(model, x);
    const row = await taken(before.row(1));
    model.setWeights(model.getWeights().map(w => w.mul(1.5)));
    const after = await linearize(model, x);
    assert.ok(
      (await after.residual({ every: true })).relative <= TOLERANCE,
      'the new map is that of the new weights',
    );
    assertClose('row', await taken(before.row(1)), row);
    before.dispose();
    after.dispose();
  });

  it('takes nested arrays as x', async () => {
    const lin = await linearize(shared(), [0.5, -1, 2, 0, 1, -0.25]);
    assert.deepEqual(lin.input.shape, [6]);
    lin.dispose();
  });

  it('is exact at ties of max-pooling, at pre-activations of 0, and at x = 0', async () => {
    const model = sequential();
    for (const x of [tf.zeros([12, 10, 2]), tf.ones([12, 10, 2])]) {
      const lin = await linearize(model, x);
      assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
      lin.dispose();
    }
    const relu = await linearize(x => tf.relu(x), tf.zeros([4]));
    assert.deepEqual(await relu.residual({ every: true }), { absolute: 0, relative: 0, ulps: 0 });
    relu.dispose();
  });
});
