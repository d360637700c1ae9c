import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '../backend';
import { npy } from '../../kernel-ext/src/data/npy';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import { InputNamesError, OnnxError, RaggedInputError } from '../../kernel-ext/src/public-errors';
import { DataType, floats, graph, model, node, value } from './small-model';

const fixtures = path.join(__dirname, '../fixtures/onnx');

interface Network {
  file: string;
  network: string;
  output: number[];
  float32?: number;
}

/** float32 against float64: 1e-7 of the largest number is usual for these networks, and 1e-6 was seen. */
const ROUNDING = 1e-5;

describe('loadOnnx', () => {
  const networks = ['networks', 'others'].flatMap(
    name => JSON.parse(readFileSync(path.join(fixtures, `${name}.json`), 'utf8')) as Network[],
  );

  for (const name of ['resnet.dynamo.onnx', 'swin.torchscript.onnx', 'keras.onnx', 'jax.onnx'])
    it(`runs ${name} as its framework does in float64`, async () => {
      const { network, output } = networks.find(({ file }) => file === name)!;
      const loaded = await loadOnnx(path.join(fixtures, name));
      const before = tf.memory().numTensors;
      const [{ shape }] = loaded.inputs;
      const rows = await npy(path.join(fixtures, `${network}.npy`));
      const x = tf.tidy(() => rows.slice([0, 0], [1, -1]).reshape(shape.slice(1) as number[]));
      const result = (await loaded.run(x))[loaded.outputs[0].name];
      const largest = Math.max(...output.map(Math.abs));
      assert.deepEqual(result.shape, [1, output.length]);
      result.dataSync().forEach((y, i) => assert.ok(Math.abs(y - output[i]) < ROUNDING * largest));
      tf.dispose([rows, x, result]);
      assert.equal(tf.memory().numTensors, before);
      loaded.dispose();
      await assert.rejects(loaded.run(tf.ones([1])), OnnxError);
    });

  it('lists inputs and outputs with their types and axes', async () => {
    const bytes = model(
      graph({
        nodes: [node('MatMul', ['x', 'w'], ['y']), node('ArgMax', ['y'], ['label'], { axis: 1 })],
        inputs: [value('x', ['N', 2]), value('w', [2, 3])],
        outputs: [value('y', ['N', 3]), value('label', ['', 1], DataType.INT64)],
        weights: [floats('w', [2, 3], [1, 2, 3, 4, 5, 6])],
      }),
    );
    const loaded = await loadOnnx(bytes);
    // w is a weight, although a file of an older version lists it among the inputs.
    assert.deepEqual(loaded.inputs, [{ name: 'x', type: 'float32', shape: ['N', 2] }]);
    assert.deepEqual(loaded.outputs, [
      { name: 'y', type: 'float32', shape: ['N', 3] },
      { name: 'label', type: 'int64', shape: ['?', 1] },
    ]);
    const { y, label } = await loaded.run([[1, -1]]);
    assert.deepEqual([await y.array(), await label.array(), label.dtype], [[[-3, -3, -3]], [[0]], 'int32']);
    tf.dispose([y, label]);
    loaded.dispose();
  });

  for (const [type, dtype] of [
    ['FLOAT16', 'float16'],
    ['DOUBLE', 'float64'],
    ['INT64', 'int64'],
    ['INT32', 'int32'],
    ['BOOL', 'bool'],
  ] as const)
    it(`feeds and reads ${dtype}`, async () => {
      const elemType = DataType[type];
      const bytes = model(
        graph({
          nodes: [node('Identity', ['x'], ['y'])],
          inputs: [value('x', [3], elemType)],
          outputs: [value('y', [3], elemType)],
        }),
      );
      const loaded = await loadOnnx(bytes);
      assert.equal(loaded.inputs[0].type, dtype);
      const numbers = type === 'BOOL' ? [1, 0, 1] : [1, -2, 300];
      const { y } = await loaded.run(numbers);
      assert.deepEqual(Array.from(y.dataSync()), numbers);
      y.dispose();
      loaded.dispose();
    });

  it('takes several inputs by name, integers among them', async () => {
    const bytes = model(
      graph({
        nodes: [node('Gather', ['table', 'ids'], ['rows']), node('Add', ['rows', 'x'], ['y'])],
        inputs: [value('ids', ['N'], DataType.INT64), value('x', ['N', 2])],
        outputs: [value('y', ['N', 2])],
        weights: [floats('table', [3, 2], [0, 1, 10, 11, 20, 21])],
      }),
    );
    const loaded = await loadOnnx(bytes);
    const x = [[0.5, 0.25]];
    const { y } = await loaded.run({ ids: [2], x });
    assert.deepEqual(await y.array(), [[20.5, 21.25]]);
    y.dispose();
    await assert.rejects(loaded.run({ ids: [2] }), InputNamesError);
    await assert.rejects(
      loaded.run({ ids: [1, 2], x }),
      /the axis 'N' has the length 2 in the input 'ids' and 1 in 'x'/,
    );
    await assert.rejects(loaded.run({ ids: [0.5], x }), /takes integers, and x has 0.5/);
    await assert.rejects(loaded.run({ ids: [2 ** 24 + 2], x }), /Pass large integers as a tensor/);
    await assert.rejects(loaded.run({ ids: [2], x: [[1, 2], [3]] }), RaggedInputError);
    await assert.rejects(
      loaded.run({ ids: [2], x: [[1, 2, 3]] }),
      /takes the shape \[N, 2\], and x has \[1, 3\]/,
    );
    loaded.dispose();
  });

  it('normalizes an input by channel, wherever the channels are', async () => {
    const identity = (shape: (number | string)[]) =>
      model(
        graph({
          nodes: [node('Identity', ['x'], ['y'])],
          inputs: [value('x', shape)],
          outputs: [value('y', shape)],
        }),
      );
    const normalize = { mean: [1, 2], std: [2, 4], scale: 10 };
    const x = tf.tensor([1, 2, 3, 4, 5, 6], [1, 2, 1, 3]);
    const first = await loadOnnx(identity(['N', 2, 1, 3]), { normalize });
    assert.deepEqual((await first.run(x)).y.dataSync(), Float32Array.of(4.5, 9.5, 14.5, 9.5, 12, 14.5));
    const last = await loadOnnx(identity(['N', 1, 3, 2]), { normalize });
    assert.deepEqual(
      (await last.run(x.reshape([1, 1, 3, 2]))).y.dataSync(),
      Float32Array.of(4.5, 4.5, 14.5, 9.5, 24.5, 14.5),
    );
    const both = identity(['N', 2, 5, 2]);
    await assert.rejects(loadOnnx(both, { normalize }), /leaves a choice; tell it with \{layout/);
    (await loadOnnx(both, { normalize, layout: 'NHWC' })).dispose();
    await assert.rejects(
      loadOnnx(both, { normalize: { mean: [1, 2, 3], std: 1 } }),
      /one for each channel of an input/,
    );
    await assert.rejects(loadOnnx(both, { normalize: { mean: 0, std: 0 } }), /normalize/);
    x.dispose();
  });

  it('reads what a ZipMap makes a dictionary of', async () => {
    const { network, output } = networks.find(({ file }) => file === 'sklearn-pipeline.onnx')!;
    const loaded = await loadOnnx(path.join(fixtures, 'sklearn-pipeline.onnx'));
    const rows = await npy(path.join(fixtures, `${network}.npy`));
    const { output_label, output_probability } = await loaded.run(rows.slice([0, 0], [1, -1]));
    const probability = (await output_probability.data())[1];
    assert.ok(Math.abs(probability - 1 / (1 + Math.exp(-output[1]))) < 1e-6);
    assert.equal(output_label.dtype, 'int32');
    loaded.dispose();
  });
});
