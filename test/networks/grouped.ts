import * as tf from '@tensorflow/tfjs';
import { floats, graph, model, node, value } from '../onnx-file/small-model';

/** Sizes of three blocks of ResNeXt (arXiv 1611.05431, figure 3c). */
const [GROUPS, NARROW, WIDE, BLOCKS, CLASSES] = [32, 64, 128, 3, 10];

export const grouped = {
  name: 'ResNeXt blocks 32×32×3',
  image: [32, 32, 3] as [number, number, number],
  outputs: CLASSES,
};

interface Convolution {
  /** Of the file: [output channels, input channels of a group, height, width]. */
  filter: tf.Tensor4D;
  bias: tf.Tensor1D;
  groups: number;
}

/** The convolutions in order: one to begin with, three for each block, and one that gives the classes. The caller disposes them. */
function convolutions(): Convolution[] {
  let seed = 0;
  const convolution = (inputs: number, outputs: number, size: number, groups = 1): Convolution => ({
    filter: tf.randomNormal(
      [outputs, inputs / groups, size, size],
      0,
      Math.sqrt((2 * groups) / (inputs * size * size)),
      'float32',
      ++seed,
    ),
    bias: tf.randomNormal([outputs], 0, 0.1, 'float32', ++seed),
    groups,
  });
  const block = () => [
    convolution(NARROW, WIDE, 1),
    convolution(WIDE, WIDE, 3, GROUPS),
    convolution(WIDE, NARROW, 1),
  ];
  return [
    convolution(3, NARROW, 3),
    ...Array.from({ length: BLOCKS }, block).flat(),
    convolution(NARROW, CLASSES, 1),
  ];
}

/** The network for one image in TensorFlow.js, which has no groups: they are split, convolved one by one and joined. */
export function groupedFunction(): (x: tf.Tensor) => tf.Tensor {
  const [first, ...rest] = convolutions().map(({ filter, bias, groups }) => ({
    filters: tf.split(tf.transpose(filter, [2, 3, 1, 0]), groups, 3) as tf.Tensor4D[],
    bias,
  }));
  const last = rest.pop()!;
  const convolved = (x: tf.Tensor, { filters, bias }: typeof first) => {
    const parts = tf.split(x, filters.length, 3) as tf.Tensor4D[];
    const each = parts.map((part, i) => tf.conv2d(part, filters[i], 1, 'same'));
    return tf.add(tf.concat(each, 3), bias);
  };
  return x => {
    let y = tf.relu(convolved(tf.expandDims(x), first));
    for (let i = 0; i < rest.length; i += 3) {
      const [narrow, wide, joined] = rest.slice(i, i + 3);
      const within = tf.relu(convolved(tf.relu(convolved(y, narrow)), wide));
      y = tf.relu(tf.add(y, convolved(within, joined)));
    }
    return tf.mean(convolved(y, last), [0, 1, 2]);
  };
}

/** The same network as an ONNX file, channels first. */
export function groupedFile(): Uint8Array {
  const found = convolutions();
  const weights = found.flatMap(({ filter, bias }, i) => [
    floats(`w${i}`, filter.shape, filter.dataSync() as unknown as number[]),
    floats(`b${i}`, bias.shape, bias.dataSync() as unknown as number[]),
  ]);
  const conv = (i: number, from: string) => {
    const pads = found[i].filter.shape[2] === 3 ? [1, 1, 1, 1] : [0, 0, 0, 0];
    return node('Conv', [from, `w${i}`, `b${i}`], [`conv${i}`], { group: found[i].groups, pads });
  };
  const relu = (from: string, to: string) => node('Relu', [from], [to]);
  const blocks = Array.from({ length: BLOCKS }, (_, block) => {
    const [narrow, wide, joined] = [1, 2, 3].map(i => 3 * block + i);
    return [
      conv(narrow, `y${block}`),
      relu(`conv${narrow}`, `relu${narrow}`),
      conv(wide, `relu${narrow}`),
      relu(`conv${wide}`, `relu${wide}`),
      conv(joined, `relu${wide}`),
      node('Add', [`y${block}`, `conv${joined}`], [`sum${block}`]),
      relu(`sum${block}`, `y${block + 1}`),
    ];
  }).flat();
  const last = found.length - 1;
  const [height, width, channels] = grouped.image;
  return model(
    graph({
      nodes: [
        conv(0, 'x'),
        relu('conv0', 'y0'),
        ...blocks,
        conv(last, `y${BLOCKS}`),
        node('GlobalAveragePool', [`conv${last}`], ['mean']),
        node('Flatten', ['mean'], ['classes']),
      ],
      inputs: [value('x', ['N', channels, height, width])],
      outputs: [value('classes', ['N', CLASSES])],
      weights,
    }),
  );
}
