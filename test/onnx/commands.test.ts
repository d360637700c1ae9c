import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import * as tf from '@tensorflow/tfjs';
import * as piecewise from '../../kernel-ext/src';
import { verifyFile } from '../../kernel-ext/src/linearization/verify';
import { bundleOf } from '../plot/bundle-of';
import type { OnnxModel } from '../../kernel-ext/src/onnx-file/onnx-model';
import { useBackend } from '../backend';
import { assertClose, taken } from '../linear-map/close';
import { cnn, mlp, mlpBytes } from './networks';

const X = [1, -0.5, 0.3, 2];
const X2 = [-1, 0.7, -2, 0.1];

describe('commands that take an OnnxModel', () => {
  useBackend('tensorflow');
  let model: OnnxModel;
  let folder: string;
  before(async () => {
    model = await mlp();
    folder = mkdtempSync(path.join(tmpdir(), 'onnx-'));
  });
  after(() => {
    model.dispose();
    rmSync(folder, { recursive: true });
  });

  /** F by onnxruntime, on the file as it is. */
  const F = async (x: tf.Tensor | tf.TensorLike) => {
    const { y } = await model.run(x);
    return taken(y);
  };

  it('path: its links give F at every point between', async () => {
    const line = await piecewise.path(model, X, X2);
    assert.ok(line.regions > 1);
    const middle = X.map((v, k) => v + 0.4 * (X2[k] - v));
    assertClose('F', line.outputAt(0.4), await F(middle));
  });

  it('slice: its polygons have W and b of the file', async () => {
    const plane = await piecewise.slice(model, X, X2, [0, 1, 0, -1]);
    assert.ok(plane.regions > 1);
    const lin = await plane.at([0.2, 0.3]);
    assertClose('F', await lin.output.data(), await F(lin.input.arraySync()));
    lin.dispose();
  });

  it('census and atlas: read it in batches', async () => {
    const all = tf.randomNormal([40, 4], 0, 1, 'float32', 4);
    const counted = await piecewise.census(model, all);
    assert.deepEqual([counted.instances, counted.units], [40, 6]);
    const read = await piecewise.atlas(model, all, { k: 2 });
    assert.equal(read.groups[0].directions.length, 2 * 4);
    const images = tf.randomNormal([3, 2, 6, 6], 0, 1, 'float32', 5);
    const oneByOne = await cnn(1);
    assert.equal((await piecewise.census(oneByOne, images)).instances, 3);
    oneByOne.dispose();
    tf.dispose([all, images]);
  });

  it('contrastEdit: finds a point where onnxruntime gives a tie', async () => {
    const { point } = await piecewise.contrastEdit(model, X, 0, 1);
    const [a, b] = await F(point);
    assert.ok(Math.abs(a - b) <= 1e-4 * Math.abs(a), `${a} and ${b}`);
    point.dispose();
  });

  it('radius and certificate: verify reads the file again', async () => {
    const file = path.join(folder, 'mlp.onnx');
    await writeFile(file, mlpBytes());
    const lin = await piecewise.linearize(model, X);
    const radius = await lin.radius();
    assert.ok(radius.lower > 0);
    radius.point?.dispose();
    const certificate = path.join(folder, 'certificate.json');
    await writeFile(certificate, JSON.stringify(await lin.certificate({ model: file })));
    const checks = await verifyFile(certificate);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
    lin.dispose();
  });

  it('save: another runtime computes F, b and rows of W of the network', async () => {
    const file = path.join(folder, 'w.onnx');
    const linearizer = await piecewise.compile(model, [4]);
    await linearizer.save(file);
    const session = await InferenceSession.create(file);
    const { y, w, b } = await session.run({
      x: new OnnxTensor('float32', X, [1, 4]),
      u: new OnnxTensor('float32', [1, 0, 0, 1], [2, 1, 2]),
    });
    const lin = await piecewise.linearize(model, X);
    assertClose('F', y.data as Float32Array, await F(X));
    assertClose('W', w.data as Float32Array, await taken(lin.weights.toTensor()));
    assertClose('b', b.data as Float32Array, await lin.bias.data());
    await session.release();
    lin.dispose();
  });

  it('plot: draws its operators with their weights', async () => {
    const text = String((await bundleOf(model))['text/plain']);
    assert.match(text, /^ONNX model\n3 operators, 44 parameters\n/);
    assert.match(text, /hidden +Gemm, 4 × 6 +30 +x\n/);
  });
});
