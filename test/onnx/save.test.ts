import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compile } from '../../kernel-ext/src';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import { useBackend } from '../backend';
import { inPython } from '../linearize/python-onnxruntime';
import { difference, ONNX_FIXTURES, onnxReferences, referenceNumbers } from '../networks/onnx-references';

/** Relative to the largest number of each array. The largest seen is 6e-7, of float32 against float64. */
const TOLERANCE = 5e-6;

const references = [...onnxReferences(ONNX_FIXTURES, 'networks'), ...onnxReferences(ONNX_FIXTURES, 'others')];

describe("the file that compile(an OnnxModel).save writes, in Python's onnxruntime", () => {
  useBackend('tensorflow');
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'piecewise-onnx-save-'))));
  after(() => rmSync(folder, { recursive: true }));

  for (const file of ['resnet.dynamo.onnx', 'resnext.dynamo.onnx', 'vit.torchscript.onnx', 'keras.onnx'])
    it(`gives F, b and rows of W that the framework of ${file} computes in float64`, async () => {
      const reference = references.find(one => one.file === file)!;
      const { x, weights, biases } = referenceNumbers(ONNX_FIXTURES, reference);
      const { rows, output, shape } = reference;
      const model = await loadOnnx(path.join(ONNX_FIXTURES, file));
      const saved = path.join(folder, file);
      await (await compile(model, shape)).save(saved, { rows: rows.length });
      model.dispose();
      const u = rows.flatMap(row => output.map((_, c) => (c === row ? 1 : 0)));
      const { y, w, b } = inPython(saved, {
        x: { dims: [1, ...shape], data: Array.from(x) },
        u: { dims: [rows.length, 1, output.length], data: u },
      });
      const largest = Math.max(...output.map(Math.abs));
      assert.ok(difference(y.data, output) <= TOLERANCE, 'F');
      assert.ok(
        difference(
          rows.map(c => b.data[c]),
          rows.map(c => biases.get(c)!),
          largest,
        ) <= TOLERANCE,
        'b',
      );
      const expected = rows.flatMap(c => [...weights.get(c)!]);
      assert.deepEqual(w.dims, [rows.length, 1, ...shape]);
      assert.ok(difference(w.data, expected) <= TOLERANCE, 'W');
    });

  it('takes the picture that a person sees, if loadOnnx was told to normalize it', async () => {
    const reference = references.find(({ file }) => file === 'resnet.dynamo.onnx')!;
    const { x, weights } = referenceNumbers(ONNX_FIXTURES, reference);
    const { rows, output, shape } = reference;
    const [mean, std] = [[0.4, 0.5, 0.6], [0.2, 0.25, 0.5]]; // prettier-ignore
    const channelOf = (i: number) => Math.floor(i / (shape[1] * shape[2]));
    const picture = Array.from(x, (value, i) => value * std[channelOf(i)] + mean[channelOf(i)]);
    const model = await loadOnnx(path.join(ONNX_FIXTURES, reference.file), { normalize: { mean, std } });
    const saved = path.join(folder, 'normalized.onnx');
    await (await compile(model, shape)).save(saved, { rows: 1 });
    model.dispose();
    const u = output.map((_, c) => (c === rows[0] ? 1 : 0));
    const { y, w } = inPython(saved, {
      x: { dims: [1, ...shape], data: picture },
      u: { dims: [1, 1, output.length], data: u },
    });
    const expected = Array.from(weights.get(rows[0])!, (weight, i) => weight / std[channelOf(i)]);
    assert.ok(difference(y.data, output) <= TOLERANCE, 'F');
    assert.ok(difference(w.data, expected) <= TOLERANCE, 'W');
  });
});
