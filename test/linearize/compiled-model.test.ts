import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { inputShape, sourceOf } from '../../kernel-ext/src/capture/source';
import { Compiled } from '../../kernel-ext/src/linear-map/compiled';
import { CompiledModel } from '../../kernel-ext/src/linearization/compiled-model';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';
import { residualNet } from '../linear-map/networks';

describe('a compiled model', () => {
  useBackend('tensorflow');

  it('keeps a few variants with other options, and releases the least recently used ones', async () => {
    const source = sourceOf(residualNet());
    const model = await CompiledModel.of(source, inputShape(source, [8, 8, 2]));
    const x = tf.zeros([1, 8, 8, 2]);
    const { release } = Compiled.prototype;
    const released: Compiled[] = [];
    Compiled.prototype.release = function (this: Compiled) {
      released.push(this);
      release.call(this);
    };
    try {
      const first = await model.variant({ from: 'first' }, x);
      assert.equal(await model.variant({ from: 'first' }, x), first);
      for (const from of ['inner', 'block', 'sum', 'pool']) await model.variant({ from }, x);
      assert.deepEqual(released, [first.latest]);
      assert.notEqual(await model.variant({ from: 'first' }, x), first);
    } finally {
      Compiled.prototype.release = release;
    }
    x.dispose();
  });

  it('recreates the sessions that a map still needs after they were released', async () => {
    const x = tf.randomNormal([8, 8, 2], 0, 1, 'float32', 5);
    const lin = await linearize(residualNet(), x, { executor: 'onnx' });
    const row = await taken(lin.row(1));
    const { output } = await lin.whatIf(x);
    const asked = lin.whatIf(x);
    lin.model.release();
    assertClose('a run that was under way', await taken((await asked).output), await taken(output));
    assertClose('row', await taken(lin.row(1)), row);
    lin.dispose();
  });
});
