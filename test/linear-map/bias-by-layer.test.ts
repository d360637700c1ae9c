import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { ClassIndexError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { randomNet, takeApart } from '../lab/random-net';
import { assertClose } from './close';
import { residualNet } from './networks';
import { tfModel } from './tf-model';

const points = [
  [0.3, -0.5, 1, 0.25, 0, 0.75],
  [-1, 0.5, 0.2, -0.25, 0.4, 0],
];

for (const executor of ['tfjs', 'onnx'] as const)
  describe(`b by layer, by ${executor}`, () => {
    useBackend('tensorflow');

    // Three layers: two outputs are pulled back, forty are reached by pushing the layers forward.
    for (const outputs of [2, 40])
      it(`of ${outputs} outputs is that of float64, for one input and for each of a batch, and for some outputs`, async () => {
        const net = randomNet([6, 8, 5, outputs], 3);
        const model = tfModel(net);
        const expected = points.map(x => takeApart(net, x).biasByLayer);
        const lin = await linearize(model, points, { executor });
        const whole = await lin.biasByLayer();
        assert.deepEqual(
          whole.map(({ layer }) => layer),
          ['dense1', 'dense2', 'dense3'],
        );
        for (const [l, { bias }] of whole.entries())
          assertClose(
            'all',
            bias,
            expected.flatMap(parts => parts[l]),
          );
        for (const [n] of points.entries()) {
          const some = [outputs - 1, 0];
          const parts = await lin.instance(n).biasByLayer(some);
          const both = await lin.instance(n).rowsAndBias(some);
          assert.deepEqual(both.biasByLayer, parts);
          for (const [l, { bias }] of parts.entries())
            assertClose(
              `instance ${n}`,
              bias,
              some.map(c => expected[n][l][c]),
            );
          const { rows } = takeApart(net, points[n]);
          both.rows.forEach((row, i) => assertClose('rows', row, rows[some[i]]));
          await assert.rejects(lin.instance(n).biasByLayer([outputs]), ClassIndexError);
        }
        lin.dispose();
      });

    it('of a convolutional network is the sum of its terms, entry by entry, and leaves no tensor', async () => {
      const model = residualNet();
      const before = tf.memory().numTensors;
      const x = tf.randomNormal([2, 8, 8, 2], 0, 1, 'float32', 5);
      const lin = await linearize(model, x, { executor });
      for (const c of [0, 4]) {
        const { biasByLayer } = await lin.instance(1).rowsAndBias([c]);
        const terms = await lin.biasTerms(c);
        const sums = new Map<string, number>();
        for (const { layer, terms: entries } of terms) {
          const sum = tf.tidy(() => entries.slice(1).sum().dataSync()[0]);
          sums.set(layer, (sums.get(layer) ?? 0) + sum);
          entries.dispose();
        }
        assertClose(
          'b by layer',
          biasByLayer.map(({ bias }) => bias[0]),
          [...sums.values()],
        );
      }
      lin.dispose();
      x.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  });
