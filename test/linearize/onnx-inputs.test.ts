import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import { useBackend } from '../backend';
import { floats, graph, model, node, value } from '../onnx-file/small-model';

/** y = V · flatten(x), whose weights do not tell where the channels of x are. */
const flat = (shape: number[], V: readonly number[]) =>
  model(
    graph({
      nodes: [node('Flatten', ['x'], ['f']), node('Gemm', ['f', 'V'], ['y'])],
      inputs: [value('x', ['N', ...shape])],
      outputs: [value('y', ['N', 1])],
      weights: [floats('V', [V.length, 1], V)],
    }),
  );

describe('inputs of ONNX models', () => {
  useBackend('tensorflow');

  const V = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

  for (const [layout, sums] of [
    ['NCHW', [21, 57]],
    ['NHWC', [22, 26, 30]],
  ] as const)
    it(`have their channels where {layout: '${layout}'} tells`, async () => {
      const loaded = await loadOnnx(flat([2, 2, 3], V), { layout });
      const lin = await linearize(loaded, tf.ones([2, 2, 3]));
      const byChannel = await lin.contributionByChannel(0);
      assert.deepEqual([...(await byChannel.data())], [...sums]);
      lin.dispose();
      loaded.dispose();
    });

  it('are normalized as a part of F, so that W acts on what the caller gave', async () => {
    const normalize = { mean: [1, -2], std: [2, 4], scale: 0.5 };
    const loaded = await loadOnnx(flat([2, 2, 3], V), { normalize });
    const x = tf.randomNormal([2, 2, 3], 0, 1, 'float32', 5);
    const lin = await linearize(loaded, x);
    // By hand: F(x) = Σ V (x/2 − mean)/std.
    const [mean, std] = [normalize.mean, normalize.std].map(list => V.map((_, i) => list[i < 6 ? 0 : 1]));
    const W = V.map((v, i) => (v * 0.5) / std[i]);
    const b = V.reduce((sum, v, i) => sum - (v * mean[i]) / std[i], 0);
    const row = await (await lin.weights.rows([0])).data();
    W.forEach((w, i) => assert.ok(Math.abs(row[i] - w) < 1e-6));
    assert.ok(Math.abs((await lin.bias.data())[0] - b) < 1e-5);
    assert.ok((await lin.residual()).relative < 1e-6);
    const { y } = await loaded.run(x);
    assert.ok(Math.abs((await y.data())[0] - (await lin.output.data())[0]) < 1e-5);
    assert.ok((await lin.biasByLayer()).some(({ layer }) => layer === 'normalize'));
    lin.dispose();
    loaded.dispose();
  });
});
