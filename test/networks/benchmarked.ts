import * as tf from '@tensorflow/tfjs';
import { mnistCnn } from '../bench/mnist-cnn';
import { nsfw } from './nsfw';
import { autoencoder, mlp, tsneEncoder } from './perceptrons';
import { resnet20 } from './resnet20';
import { vgg } from './vgg';

/** A network of the speed benchmark. */
export interface Benchmarked {
  name: string;
  model(): Promise<tf.LayersModel>;
  /** Instances that are linearized at once; default 1. */
  instances?: number;
}

/** A vision transformer of the speed benchmark: a function, not a layers model. */
export const vitTiny = {
  name: 'ViT-tiny 32×32×3',
  image: [32, 32, 3] as [number, number, number],
  side: 4,
  width: 192,
  heads: 3,
  hidden: 768,
  blocks: 12,
  outputs: 10,
};

export const benchmarked: readonly Benchmarked[] = [
  { name: 'MLP 784-512-512-10', model: async () => mlp() },
  { name: 'MNIST CNN', model: async () => (await mnistCnn()).model },
  { name: 'VGG-like 32×32×3', model: async () => vgg() },
  { name: 'ResNet-20 32×32×3', model: async () => resnet20() },
  { name: 'MobileNetV2 224×224×3', model: async () => (await nsfw('mobilenet_v2')) as tf.LayersModel },
  { name: 'autoencoder 784…32…784', model: async () => autoencoder() },
  { name: '784-500-500-2000-2, 10,000 ×', model: async () => tsneEncoder(), instances: 10_000 },
];
