import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { endsChannelsFirst, isChannelsFirst } from '../../kernel-ext/src/capture/channels-first';
import type { Capture, KernelCall } from '../../kernel-ext/src/capture/kernel-call';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';
import { twinNetworks } from './twin-networks';

describe('images with channels first', () => {
  useBackend('tensorflow');

  it('have the contributions by channel, by superpixel and by layer that they have with channels last', async () => {
    const { first, last } = twinNetworks();
    const x = tf.randomNormal([2, 5, 4, 3], 0, 1, 'float32', 7);
    const mask = tf.range(0, 20, 1, 'int32').reshape([5, 4]).mod(tf.scalar(4, 'int32'));
    for (const from of [undefined, 'conv']) {
      const a = await linearize(first, x.transpose([0, 3, 1, 2]), { from });
      const b = await linearize(last, x, { from });
      assert.equal(a.input.shape.at(-1) === b.input.shape.at(-1), false);
      for (const c of [0, 2])
        assertClose(
          'by channel',
          await taken(a.contributionByChannel(c)),
          await taken(b.contributionByChannel(c)),
        );
      if (from === undefined)
        assertClose(
          'by superpixel',
          await taken(a.contributionBySuperpixel(1, mask)),
          await taken(b.contributionBySuperpixel(1, mask)),
        );
      const views = [a, b].map(lin => lin.instance(1));
      if (from === undefined) {
        const [p, q] = await Promise.all(
          views.map(view => view.channels({ layer: 'conv', index: 1, rival: 2, most: 2 })),
        );
        assert.deepEqual([p.shape, p.shown], [q.shape, q.shown]);
        assertClose('sums', p.sums, q.sums);
        p.planes.forEach((plane, i) => assertClose('plane', plane, q.planes[i]));
      }
      a.dispose();
      b.dispose();
    }
  });

  it('have b by channel and by position that they have with channels last', async () => {
    for (const filters of [4, 1]) {
      const build = (channels: 'First' | 'Last', inputShape: number[]) => {
        const axis = channels === 'First' ? 1 : -1;
        const dataFormat = `channels${channels}` as const;
        return tf.sequential({
          layers: [
            tf.layers.conv2d({ inputShape, filters, kernelSize: 2, dataFormat, name: 'conv' }),
            tf.layers.batchNormalization({ axis, name: 'bn' }),
            tf.layers.globalAveragePooling2d({ dataFormat }),
            tf.layers.dense({ units: 2, name: 'dense' }),
          ],
        });
      };
      const [first, last] = [build('First', [3, 5, 6]), build('Last', [5, 6, 3])];
      const weights = first.getWeights().map((w, i) => tf.randomUniform(w.shape, 0.5, 1, 'float32', i));
      for (const model of [first, last]) model.setWeights(weights);
      const x = tf.randomNormal([2, 5, 6, 3], 0, 1, 'float32', 9);
      const [a, b] = [await linearize(first, x.transpose([0, 3, 1, 2])), await linearize(last, x)];
      for (const by of ['biasByChannel', 'biasByPosition'] as const) {
        const [p, q] = [await a[by](1), await b[by](1)];
        assert.deepEqual(
          p.map(({ layer, bias }) => `${layer} ${bias.length}`),
          q.map(({ layer, bias }) => `${layer} ${bias.length}`),
          by,
        );
        p.forEach(({ layer, bias }, i) => assertClose(`${by} of ${layer}`, bias, q[i].bias));
      }
      a.dispose();
      b.dispose();
    }
  });

  it('have the names and targets of a segmentation that they have with channels last', async () => {
    const build = (channels: 'First' | 'Last', inputShape: number[], pooled: boolean) => {
      const dataFormat = `channels${channels}` as const;
      return tf.sequential({
        layers: [
          tf.layers.conv2d({ inputShape, filters: 4, kernelSize: 3, padding: 'same', dataFormat }),
          pooled
            ? tf.layers.maxPooling2d({ poolSize: 2, strides: 1, padding: 'same', dataFormat })
            : tf.layers.reLU(),
        ],
      });
    };
    const mask = tf.range(0, 30, 1, 'int32').reshape([5, 6]).mod(tf.scalar(2, 'int32'));
    for (const pooled of [false, true]) {
      const [first, last] = [build('First', [3, 5, 6], pooled), build('Last', [5, 6, 3], pooled)];
      last.setWeights(first.getWeights());
      const x = tf.randomNormal([5, 6, 3], 0, 1, 'float32', 9);
      const labels = ['sky', 'tree', 'road', 'car'];
      const [a, b] = [
        await linearize(first, x.transpose([2, 0, 1]), { labels }),
        await linearize(last, x, { labels }),
      ];
      const byName = async (lin: typeof a) => {
        const outputs = await lin.output.data();
        return lin.labels.map((name, i) => [name, outputs[i]] as const).sort(([p], [q]) => (p < q ? -1 : 1));
      };
      const [p, q] = [await byName(a), await byName(b)];
      assert.deepEqual(
        p.map(([name]) => name),
        q.map(([name]) => name),
      );
      assert.equal(a.labels[31], '(0, 1) · tree');
      const values = (list: typeof p) => list.map(([, value]) => value);
      assertClose('outputs by name', values(p), values(q));
      for (const target of [{ class: 'road', mask }, { class: 1 }]) {
        const [u, v] = [await a.total(target), await b.total(target)];
        assertClose('total', await taken(u.output), await taken(v.output));
        assertClose('b', await taken(u.bias), await taken(v.bias));
        const [r, s] = [await a.row(target), await b.row(target)];
        assertClose('row', await taken(r.transpose([1, 2, 0])), await taken(s));
        r.dispose();
      }
      a.dispose();
      b.dispose();
    }
  });

  it('are recognized by the operators of ONNX that read and make them', () => {
    for (const [expected, kernels] of [
      [true, ['Conv', 'Relu']],
      [true, ['Sub', 'Div', 'Pad', 'MaxPool']],
      [true, ['BatchNormalization', 'Conv']],
      [false, ['MatMul', 'Conv']],
      [false, ['Transpose 0,3,1,2', 'Conv']],
      [false, ['Flatten', 'Gemm']],
    ] as const)
      assert.equal(isChannelsFirst(onnxChain(kernels), 0), expected, kernels.join());
    for (const [expected, kernels] of [
      [true, ['Conv', 'Sigmoid']],
      [true, ['Conv', 'Resize', 'Softmax']],
      [false, ['Conv', 'Transpose 0,2,3,1']],
      [false, ['Conv', 'Flatten', 'Gemm']],
    ] as const)
      assert.equal(endsChannelsFirst(onnxChain(kernels)), expected, kernels.join());
  });
});

/** Operators that read one another in a row; `Transpose` with its order of axes. */
function onnxChain(kernels: readonly string[]): Capture {
  const shape = [1, 3, 8, 8];
  const calls = kernels.map((name, i): KernelCall => {
    const [kernel, perm] = name.split(' ');
    return {
      kernel,
      opset: { domain: '', version: 17 },
      layer: name,
      ordinal: i,
      inputs: { 0: { value: i, shape } },
      attrs: { perm: perm?.split(',').map(Number) },
      outputs: [{ value: i + 1, shape }],
    };
  });
  const [input, output] = [0, kernels.length].map(value => ({ value, shape }));
  return { input, output, calls, random: [], layers: new Map() };
}
