import * as tf from '@tensorflow/tfjs';
import { mnistCnn } from '../bench/mnist-cnn';
import { logitsOf } from './logits';
import { nsfw } from './nsfw';
import { resnet20 } from './resnet20';
import { upscaler } from './upscaler';
import { vgg } from './vgg';

type Network = tf.LayersModel | tf.GraphModel;

/** A network for images that people use, and how tf.grad computes the same rows as its W. */
export interface Photographed {
  name: string;
  shape: number[];
  model(): Promise<Network>;
  /** The function of one image whose gradients are compared. */
  slopeOf(model: Network): (x: tf.Tensor) => tf.Tensor;
  /** The outputs that are compared. */
  rows: number[];
  /** Where the softmax cannot be removed, the logarithms of probabilities are compared, as differences from this output. */
  contrasts?: number;
}

const firstOf = (n: number) => [...Array(n).keys()];
const whole = (model: Network) => (x: tf.Tensor) => model.predict(x.expandDims()) as tf.Tensor;
const logits = (model: Network) => {
  const run = logitsOf(model as tf.LayersModel);
  return (x: tf.Tensor) => run(x.expandDims());
};

/** TensorFlow.js has no gradient of batch normalization without a scale; a scale of ones is equivalent. */
function withScales(run: (x: tf.Tensor) => tf.Tensor): (x: tf.Tensor) => tf.Tensor {
  const engine = tf.engine();
  return x => {
    const original = engine.runKernel;
    engine.runKernel = function (this: typeof engine, kernel, inputs, attrs) {
      const bare = kernel === 'FusedBatchNorm' && !inputs.scale;
      const scaled = bare ? { ...inputs, scale: tf.onesLike(inputs.mean) } : inputs;
      return original.call(this, kernel, scaled, attrs);
    } as typeof original;
    try {
      return run(x);
    } finally {
      engine.runKernel = original;
    }
  };
}

/** Side of the image to enlarge; the outputs are three colors for twice as many pixels per side. */
const SIDE = 96;
const pixel = (row: number, column: number, color: number) => (row * 2 * SIDE + column) * 3 + color;

export const photographed: readonly Photographed[] = [
  {
    name: 'MNIST CNN',
    shape: [28, 28, 1],
    model: async () => (await mnistCnn()).model,
    slopeOf: logits,
    rows: firstOf(10),
  },
  { name: 'ResNet-20', shape: [32, 32, 3], model: async () => resnet20(), slopeOf: whole, rows: firstOf(10) },
  { name: 'VGG-like', shape: [32, 32, 3], model: async () => vgg(), slopeOf: whole, rows: firstOf(10) },
  {
    name: 'MobileNetV2 224',
    shape: [224, 224, 3],
    model: () => nsfw('mobilenet_v2'),
    slopeOf: logits,
    rows: firstOf(5),
  },
  {
    name: 'MobileNetV2 224, a graph model',
    shape: [224, 224, 3],
    model: () => nsfw('mobilenet_v2_mid'),
    slopeOf: model => {
      const probabilities = whole(model);
      return x => {
        const log = tf.log(probabilities(x));
        return log.sub(log.slice([0, 4], [1, 1]));
      };
    },
    rows: firstOf(4),
    contrasts: 4,
  },
  {
    name: 'InceptionV3 299',
    shape: [299, 299, 3],
    model: () => nsfw('inception_v3'),
    slopeOf: model => withScales(logits(model)),
    rows: firstOf(5),
  },
  {
    name: `upscaler ${SIDE} → ${2 * SIDE}`,
    shape: [SIDE, SIDE, 3],
    model: upscaler,
    slopeOf: whole,
    rows: [pixel(0, 0, 0), pixel(96, 96, 1), pixel(191, 191, 2), pixel(50, 131, 0)],
  },
];
