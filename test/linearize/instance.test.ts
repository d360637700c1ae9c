import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { BatchError, ClassIndexError, DisposedError, InstanceIndexError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { useBackend } from '../backend';
import { assertClose } from '../linear-map/close';
import { residualNet } from '../linear-map/networks';

const COUNT = 5;
const inputs = () => tf.randomNormal([COUNT, 8, 8, 2], 0, 1, 'float32', 5);

/** The size of the largest tensor that a kernel created while some work was done. */
async function largestResult(work: () => Promise<unknown>): Promise<number> {
  const engine = tf.engine();
  const { runKernel } = engine;
  let largest = 0;
  engine.runKernel = function (this: typeof engine, ...call: Parameters<typeof runKernel>) {
    const result = runKernel.apply(this, call);
    for (const t of [result].flat() as tf.Tensor[]) largest = Math.max(largest, t.size);
    return result;
  } as typeof runKernel;
  try {
    await work();
  } finally {
    engine.runKernel = runKernel;
  }
  return largest;
}

describe('lin.instance(n)', () => {
  useBackend('tensorflow');

  for (const options of [
    { executor: 'tfjs' },
    { executor: 'onnx' },
    { executor: 'tfjs', memory: 4096 },
  ] as const) {
    it(`is one instance by itself: ${JSON.stringify(options)}`, async () => {
      const [model, batch] = [residualNet(), inputs()];
      const lin = await linearize(model, batch, options);
      const [x] = batch.slice(3, 1).unstack();
      const before = tf.memory().numTensors;
      const alone = await linearize(model, x);
      const [one, only] = [lin.instance(3), alone.instance(0)];
      assert.deepEqual(
        [one.shape, only.shape],
        [
          [8, 8, 2],
          [8, 8, 2],
        ],
      );
      assert.deepEqual(await one.input(), await x.data());
      assertClose('F(x)', await one.output(), await only.output());
      assertClose('b', await one.bias(), await only.bias());
      const [rows, wanted] = [await one.rows([4, 0]), await only.rows([4, 0])];
      rows.forEach((row, i) => assertClose(`row ${i}`, row, wanted[i]));
      const parts = await only.biasByLayer();
      (await one.biasByLayer()).forEach(({ layer, bias }, i) => {
        assert.equal(layer, parts[i].layer);
        assertClose(layer, bias, parts[i].bias);
      });
      const [found, expected] = [await one.whatIf(x.mul(2)), await only.whatIf(x.mul(2))];
      assertClose('F(x′)', await found.output.data(), await expected.output.data());
      assertClose('W·x′ + b', await found.predicted.data(), await expected.predicted.data());
      assert.deepEqual([found.switched, found.units], [expected.switched, expected.units]);
      assert.deepEqual(found.output.shape, [5]);
      assert.equal((await one.region()).hash, (await alone.region()).hash);
      tf.dispose([found.output, found.predicted, expected.output, expected.predicted]);
      alone.dispose();
      assert.equal(tf.memory().numTensors, before + 2, 'x′ for each');
      lin.dispose();
    });
  }

  it('computes only its own rows', async () => {
    const lin = await linearize(residualNet(), inputs());
    const one = await largestResult(() => lin.instance(1).rows([0, 1, 2, 3, 4]));
    const all = await largestResult(async () => (await lin.weights.rows([0, 1, 2, 3, 4])).dispose());
    assert.ok(COUNT * one <= all, `${one} numbers at once, ${all} for all instances`);
    lin.dispose();
  });

  it('refuses an instance or output that does not exist, and explains how to ask a batch', async () => {
    const lin = await linearize(residualNet(), inputs());
    for (const n of [-1, COUNT, 0.5]) assert.throws(() => lin.instance(n), InstanceIndexError);
    await assert.rejects(lin.instance(0).rows([5]), ClassIndexError);
    for (const question of ['region', 'radius', 'certificate'] as const)
      await assert.rejects(lin[question](), BatchError);
    const one = lin.instance(0);
    lin.dispose();
    await assert.rejects(one.rows([0]), DisposedError);
    await assert.rejects(one.output(), DisposedError);
    assert.throws(() => lin.instance(0), DisposedError);
  });
});
