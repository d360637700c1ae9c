import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  LINEARIZATION_MIME,
  type LinearizationPayload,
  MalformedPayloadError,
  readDecomposition,
  UnknownVersionError,
} from '../../kernel-ext/src/payload';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { linearizationHtml } from '../../kernel-ext/src/bundles/linearization/linearization-html';
import { linearizationText } from '../../kernel-ext/src/bundles/linearization/linearization-text';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { linearizationFaults } from '../payload/sum-faults';
import { vectorLinearization } from './mnist-linearization';

const payloadOf = async (lin: Linearization): Promise<LinearizationPayload> =>
  (await linearizationBundle(lin))[LINEARIZATION_MIME] as LinearizationPayload;

describe('the residual in a payload', () => {
  it('is a share of the terms where they cancel to F(x) = 0', async () => {
    const random = (rows: number, columns: number, seed: number) =>
      tf.randomNormal([rows, columns], 0, 1, 'float32', seed) as tf.Tensor2D;
    const [inner, outer, x] = [random(6, 5, 1), random(5, 1, 2), random(1, 6, 3)];
    const net = (z: tf.Tensor) => tf.matMul(tf.matMul(z.reshape([1, 6]) as tf.Tensor2D, inner).relu(), outer);
    const value = net(x);
    const lin = await linearize(z => net(z).sub(value), x.reshape([6]));
    assert.deepEqual([...(await lin.output.data())], [0]);
    const { absolute, relative, ulps } = await lin.residual();
    assert.ok(absolute < 1e-4 && relative < 1e-6 && ulps < 20, `${absolute}, ${relative}, ${ulps} ulps`);
    const payload = await payloadOf(lin);
    const travelled = JSON.parse(JSON.stringify(payload)) as LinearizationPayload;
    assert.deepEqual(linearizationFaults(travelled), []);
    assert.deepEqual(readDecomposition(travelled), readDecomposition(payload));
    assert.doesNotMatch(linearizationText(readDecomposition(payload)), /NaN|Infinity/);
    lin.dispose();
  });

  it('may be infinite: JSON writes null, which the reader takes for Infinity, as in notebooks saved earlier', async () => {
    const lin = await vectorLinearization();
    const payload = await payloadOf(lin);
    lin.dispose();
    for (const size of [Infinity, null]) {
      const residual = { absolute: 0.5, relative: size as number, ulps: size as number };
      const read = readDecomposition(JSON.parse(JSON.stringify({ ...payload, residual })));
      assert.deepEqual(read.residual, { absolute: 0.5, relative: Infinity, ulps: Infinity });
      assert.match(linearizationText(read), /∞ of max\|F\(x\)\|, ∞ ulps/);
      assert.match(linearizationHtml(read), /residual ∞/);
    }
  });
});

describe('the reader of the payload', () => {
  it('refuses missing or wrong fields, and names them', async () => {
    const lin = await vectorLinearization();
    const payload = await payloadOf(lin);
    lin.dispose();
    const refuses = (change: object, field: string) =>
      assert.throws(
        () => readDecomposition({ ...payload, ...change }),
        (error: unknown) => error instanceof MalformedPayloadError && error.field === field,
      );
    refuses({ handle: undefined }, 'handle');
    refuses({ residual: { absolute: -1, relative: 0, ulps: 0 } }, 'residual.absolute');
    refuses({ residual: { absolute: '0', relative: 0, ulps: 0 } }, 'residual.absolute');
    refuses({ labels: ['a'] }, 'labels');
    refuses({ selected: 3 }, 'selected');
    refuses({ input: { ...payload.input, shape: [12] } }, 'input.data');
    refuses({ positive: payload.negative.map(sum => sum - 1) }, 'positive[0]');
    assert.throws(() => readDecomposition({ ...payload, schemaVersion: '2.0' }), UnknownVersionError);
    const wrong: [Partial<LinearizationPayload>, RegExp][] = [
      [{ bias: readDecomposition(payload).bias.map(b => b + 1) }, /W·x \+ b is/],
      [{ rows: payload.rows.slice(1) }, /selected row \d is not stored/],
      [{ biasByLayer: [{ layer: 'a', bias: [1, 1, 1] }] }, /not the sum of its layers/],
    ];
    for (const [change, fault] of wrong)
      assert.match(linearizationFaults({ ...payload, ...change }).join('\n'), fault);
  });
});
