import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { ModelChangedError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';

/** The warnings that are logged while some work is done. */
async function warnings(during: () => Promise<void>): Promise<string[]> {
  const { warn } = console;
  const logged: string[] = [];
  console.warn = (text: string) => logged.push(text);
  try {
    await during();
  } finally {
    console.warn = warn;
  }
  return logged;
}

const dense = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 6, inputShape: [4], activation: 'relu', biasInitializer: 'randomNormal' }),
      tf.layers.dense({ units: 3 }),
    ],
  });

describe('lin.residual()', () => {
  useBackend('tensorflow');

  it('warns once and names the output that is off if the model computes something else at each call', async () => {
    let calls = 0;
    const restless = (x: tf.Tensor) => x.mul(tf.tensor([1, 2, 3, ++calls]));
    const logged = await warnings(async () => {
      const lin = await linearize(restless, tf.ones([4]));
      const { absolute, relative } = await lin.residual();
      assert.deepEqual([absolute, relative], [1, 1 / 3]);
      await lin.residual();
      lin.dispose();
    });
    assert.equal(logged.length, 1);
    assert.match(logged[0], /Output 3 of input 0 is off by 1\.00.*Do not trust this map/);
  });

  it('logs nothing if the map adds up', async () => {
    const logged = await warnings(async () => {
      const lin = await linearize(dense(), [1, -2, 3, 0.5]);
      const { absolute, relative, ulps } = await lin.residual();
      assert.ok(relative <= 1e-6 && ulps <= 16 && absolute >= 0);
      lin.dispose();
    });
    assert.deepEqual(logged, []);
  });

  for (const [what, change] of [
    ['disposed', (model: tf.LayersModel) => void model.dispose()],
    ['changed', (model: tf.LayersModel) => model.setWeights(model.getWeights().map(w => w.mul(2)))],
  ] as const) {
    it(`is a ModelChangedError after the weights were ${what}, while W and b stay`, async () => {
      const model = dense();
      const lin = await linearize(model, [1, -2, 3, 0.5]);
      const row = await taken(lin.row(1));
      change(model);
      await assert.rejects(lin.residual(), error => {
        assert.ok(error instanceof ModelChangedError);
        assert.equal(error.what, what);
        return true;
      });
      assertClose('row', await taken(lin.row(1)), row);
      lin.dispose();
    });
  }

  it('stays available after the weights change if it was measured before', async () => {
    const model = dense();
    const lin = await linearize(model, [1, -2, 3, 0.5]);
    const before = await lin.residual();
    model.dispose();
    assert.deepEqual(await lin.residual(), before);
    lin.dispose();
  });
});
