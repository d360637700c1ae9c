import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { CertificateError, NoRegionError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import type { Certificate } from '../../kernel-ext/src/regions/certificate';
import { verify } from '../../kernel-ext/src/linearization/verify';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import { referenceInput, referenceNetwork } from './reference-network';

const root = path.resolve(__dirname, '../..');
const MODEL = path.join(root, 'notebooks/models/mnist-cnn');

const wrong = async (certificate: Certificate, model: tf.LayersModel) =>
  (await verify(certificate, model)).filter(({ ok }) => !ok).map(({ claim }) => claim);

describe('lin.certificate()', () => {
  useBackend('tensorflow');

  it('is plain JSON, made by one executor and confirmed by verify with the other', async () => {
    const model = referenceNetwork();
    const before = tf.memory().numTensors;
    const x = referenceInput(0);
    const lin = await linearize(model, x, { executor: 'onnx' });
    const certificate = JSON.parse(JSON.stringify(await lin.certificate())) as Certificate;
    lin.dispose();
    x.dispose();
    assert.deepEqual(await wrong(certificate, model), []);
    assert.equal(tf.memory().numTensors, before);
    assert.equal(certificate.radius.unit!.layer, 'leaky');
  });

  it('is refuted if a claim is false', async () => {
    const model = referenceNetwork();
    const lin = await linearize(model, referenceInput(0));
    const right = await lin.certificate({ norm: 'linf' });
    const { input, output, bias, weights, residual, radius, region } = right;
    const falsified: [Partial<Certificate>, string][] = [
      [{ input: { ...input, sha256: '0'.repeat(64) } }, 'input'],
      [{ residual: { ...residual, relative: 0.1 } }, 'residual'],
      [{ output: output.map(y => y * 1.01) }, 'F(x)'],
      [{ bias: bias.map(b => b + 0.01) }, 'b'],
      [{ weights: weights.map(w => ({ ...w, norm: w.norm * 1.01 })) }, 'W'],
      [{ radius: { ...radius, distance: radius.distance! * 2 } }, 'radius'],
      [{ region: { ...region, sha256: '0'.repeat(64) } }, 'activation pattern'],
    ];
    for (const [lie, claim] of falsified) assert.deepEqual(await wrong({ ...right, ...lie }, model), [claim]);
    const weight = model.getLayer('logits').weights[1];
    weight.write(tf.tidy(() => weight.read().add(1)));
    assert.deepEqual(await wrong(right, model), ['model', 'F(x)', 'b']);
  });

  it('travels through JSON for a network in which nothing can switch, where the radius is infinite', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
    const lin = await linearize(model, [1, 2, 3, 4]);
    assert.equal((await lin.radius()).distance, Infinity);
    const certificate = JSON.parse(JSON.stringify(await lin.certificate())) as Certificate;
    assert.deepEqual([certificate.radius.distance, certificate.radius.lower], [null, null]);
    assert.deepEqual(await wrong(certificate, model), []);
    const nearer = { ...certificate, radius: { ...certificate.radius, distance: 5 } };
    assert.deepEqual(await wrong(nearer, model), ['radius']);
    const unbounded = { ...certificate.residual, relative: null as never };
    assert.deepEqual(await wrong({ ...certificate, residual: unbounded }, model), ['residual']);
    lin.dispose();
  });

  it('is checked by the command piecewise verify, which finds the model beside it or by --model', async () => {
    const { model, digits } = await mnistCnn();
    const lin = await linearize(model, digits.instance(0));
    // As TensorFlow.js takes it.
    const certificate = await lin.certificate({ ties: 'skip', model: `file://${MODEL}` });
    assert.equal(certificate.model.file, MODEL);
    const folder = mkdtempSync(path.join(tmpdir(), 'piecewise-certificate-'));
    const file = path.join(folder, 'seven.json');
    const run = (...args: string[]) => {
      const cli = path.join(root, 'kernel-ext/lib/cli.js');
      return spawnSync(process.execPath, [cli, 'verify', file, ...args], { encoding: 'utf8' });
    };
    try {
      writeFileSync(file, JSON.stringify(certificate));
      const confirmed = run();
      assert.equal(confirmed.status, 0, confirmed.stderr);
      assert.equal(confirmed.stdout.match(/^ok {4}/gm)?.length, 8, confirmed.stdout);
      const [first, ...rest] = certificate.output;
      writeFileSync(file, JSON.stringify({ ...certificate, output: [first + 1, ...rest] }));
      const refuted = run('--model', `file://${path.join(MODEL, 'model.json')}`);
      assert.equal(refuted.status, 1);
      assert.match(refuted.stdout, /^WRONG F\(x\): .*the certificate says/m);
      writeFileSync(file, '{}');
      assert.match(run('--model', MODEL).stderr, /verify: it has the format undefined/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused if its sizes or types lie, before x is made of them', async () => {
    const network = referenceNetwork();
    const x = referenceInput(0);
    const lin = await linearize(network, x);
    const right = JSON.parse(JSON.stringify(await lin.certificate())) as Certificate;
    lin.dispose();
    const { input, radius } = right;
    const { numTensors } = tf.memory();
    for (const lie of [
      { input: { ...input, shape: [1e9] } },
      { input: { ...input, shape: [-2, -3] } },
      { input: { ...input, base64: 'AAAAAAAAAA==' } },
      { output: { length: 1e9 } },
      { weights: [null] },
      { radius: { ...radius, norm: '__proto__' } },
      { model: { ...right.model, file: {} } },
    ])
      await assert.rejects(verify({ ...right, ...lie } as Certificate, network), CertificateError);
    assert.equal(tf.memory().numTensors, numTensors);
  });

  it('is refused if there is no region, and verify rejects anything that is not a certificate', async () => {
    const lin = await linearize((x: tf.Tensor) => x.tanh(), [1, 2]);
    await assert.rejects(lin.certificate(), NoRegionError);
    await assert.rejects(verify({} as Certificate, referenceNetwork()), CertificateError);
  });
});
