import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { sourceOf } from '../../kernel-ext/src/capture/source';
import { Compiled, type Executor } from '../../kernel-ext/src/linear-map/compiled';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import { sizeOf } from '../../kernel-ext/src/payload/arrays/size-of';
import { useBackend } from '../backend';
import { floats, graph, model, node, value } from '../onnx-file/small-model';

/** Float32 sums of about a hundred products of unit size. */
const TOLERANCE = 5e-6;

interface Convolution {
  title: string;
  operator: 'Conv' | 'ConvTranspose';
  x: number[];
  w: number[];
  /** Output channels. */
  channels: number;
  attributes: Record<string, number | number[] | string>;
}

const cases: Convolution[] = [
  {
    title: 'three groups, two strides',
    operator: 'Conv',
    x: [1, 6, 7, 8],
    w: [9, 2, 3, 3],
    channels: 9,
    attributes: { group: 3, strides: [2, 1], pads: [1, 1, 1, 1] },
  },
  {
    title: 'two groups with more channels than a cache line',
    operator: 'Conv',
    x: [1, 40, 4, 5],
    w: [36, 20, 3, 2],
    channels: 36,
    attributes: { group: 2, pads: [1, 0, 1, 1] },
  },
  {
    title: 'groups with dilation and uneven padding',
    operator: 'Conv',
    x: [1, 4, 9, 8],
    w: [6, 2, 3, 2],
    channels: 6,
    attributes: { group: 2, dilations: [2, 3], pads: [2, 0, 1, 3] },
  },
  {
    title: 'padding by side at two strides',
    operator: 'Conv',
    x: [1, 5, 8, 6],
    w: [3, 5, 3, 3],
    channels: 3,
    attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
  },
  {
    title: 'padding by side at two strides, one group per channel',
    operator: 'Conv',
    x: [1, 5, 8, 8],
    w: [10, 1, 3, 3],
    channels: 10,
    attributes: { group: 5, strides: [2, 2], pads: [1, 2, 0, 1] },
  },
  {
    title: 'padding by side at two lengths of strides, one group per channel',
    operator: 'Conv',
    x: [1, 3, 8, 9],
    w: [3, 1, 3, 2],
    channels: 3,
    attributes: { group: 3, strides: [2, 3], pads: [2, 0, 1, 1] },
  },
  {
    title: 'padding wider than the filter',
    operator: 'Conv',
    x: [1, 6, 3, 4],
    w: [2, 6, 2, 2],
    channels: 2,
    attributes: { pads: [2, 0, 3, 2] },
  },
  {
    title: 'one group per channel, two outputs each',
    operator: 'Conv',
    x: [1, 3, 6, 6],
    w: [6, 1, 3, 3],
    channels: 6,
    attributes: { group: 3, strides: [2, 2], auto_pad: 'SAME_LOWER' },
  },
  {
    title: 'one dimension, two groups',
    operator: 'Conv',
    x: [1, 4, 11],
    w: [4, 2, 3],
    channels: 4,
    attributes: { group: 2, strides: [3], auto_pad: 'SAME_UPPER' },
  },
  {
    title: 'three dimensions, two groups',
    operator: 'Conv',
    x: [1, 4, 5, 4, 6],
    w: [4, 2, 2, 3, 2],
    channels: 4,
    attributes: { group: 2, strides: [2, 1, 2], pads: [1, 1, 0, 0, 1, 1], dilations: [2, 1, 1] },
  },
  {
    title: 'transposed, three groups',
    operator: 'ConvTranspose',
    x: [1, 6, 4, 3],
    w: [6, 2, 3, 2],
    channels: 6,
    attributes: { group: 3, strides: [2, 3], pads: [1, 0, 0, 1], output_padding: [1, 2] },
  },
  {
    title: 'transposed in one dimension, to a given length',
    operator: 'ConvTranspose',
    x: [1, 2, 5],
    w: [2, 3, 4],
    channels: 3,
    attributes: { strides: [3], output_shape: [14] },
  },
];

const numbers = (size: number, seed: number) =>
  Array.from({ length: size }, (_, i) => Math.sin((i + 1) * 12.9898 * seed));

function bytesOf({ operator, x, w, channels, attributes }: Convolution): Uint8Array {
  return model(
    graph({
      nodes: [node(operator, ['x', 'w', 'b'], ['y'], attributes)],
      inputs: [value('x', x)],
      outputs: [
        value(
          'y',
          x.map((_, i) => `y${i}`),
        ),
      ],
      weights: [floats('w', w, numbers(sizeOf(w), 1.7)), floats('b', [channels], numbers(channels, 2.3))],
    }),
  );
}

function close(what: string, actual: tf.Tensor, expected: tf.Tensor): void {
  const scale = expected.abs().max().arraySync() as number;
  const error = actual.flatten().sub(expected.flatten()).abs().max().arraySync() as number;
  assert.ok(error <= TOLERANCE * scale, `${what}: off by ${error} of ${scale}`);
}

describe('convolutions of ONNX files', () => {
  useBackend('tensorflow');

  for (const one of cases) {
    it(`${one.operator}: ${one.title}`, async () => {
      const net = await loadOnnx(bytesOf(one));
      const x = tf.tensor(numbers(sizeOf(one.x), 3.1), one.x.slice(1));
      const [tfjs, onnx] = await Promise.all(
        (['tfjs', 'onnx'] as Executor[]).map(executor => linearize(net, x, { executor })),
      );
      const { y } = await net.run(x);
      for (const lin of [tfjs, onnx]) {
        close('F(x)', lin.output, y);
        const matrix = (await lin.weights.toTensor()) as tf.Tensor2D;
        close(
          'W·x + b',
          matrix
            .matMul(x.reshape([-1, 1]))
            .flatten()
            .add(lin.bias.flatten()),
          y,
        );
        const u = tf.tensor(numbers(matrix.shape[0], 4.7));
        close('Wᵀ·u', await lin.weights.applyTranspose(u), u.reshape([1, -1]).matMul(matrix));
      }
      close('W by onnxruntime', await onnx.weights.toTensor(), await tfjs.weights.toTensor());
      for (const lin of [tfjs, onnx]) lin.dispose();
      net.dispose();
    });
  }

  it('put no zeros around an image in a step of their own', async () => {
    for (const one of cases.filter(({ title }) => title.startsWith('padding'))) {
      const net = await loadOnnx(bytesOf(one));
      const { plan } = await Compiled.of(sourceOf(net), tf.zeros(one.x), 1);
      assert.equal(
        plan.steps.some(({ kind }) => kind === 'pad'),
        false,
        one.title,
      );
      net.dispose();
    }
  });

  it('keep their weights once in a plan', async () => {
    const [grouped] = cases;
    const net = await loadOnnx(bytesOf(grouped));
    const { plan } = await Compiled.of(sourceOf(net), tf.zeros(grouped.x), 1);
    const kept = plan.graph.constants.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    assert.equal(kept, sizeOf(grouped.w) + grouped.channels);
    net.dispose();
  });
});
