import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import '../backend';
import { captureOnnx, onnxActivations } from '../../kernel-ext/src/capture/record-onnx';
import { DisconnectedError, ModelError, OnnxError } from '../../kernel-ext/src/public-errors';
import { DataType, floats, graph, integers, model, node, value } from '../onnx-file/small-model';
import { assertNothingLeft, captured, read, withModel } from './captured-onnx';

const x = value('x', ['N', 2]);
const y = value('y', ['N', 2]);

describe('captureOnnx', () => {
  assertNothingLeft();

  it('records operators under their names, inputs by position, and attributes', async () => {
    const { calls, input, output, layers } = await captured(
      model(
        graph({
          nodes: [
            node(
              'Conv',
              ['x', 'w'],
              ['c'],
              { pads: [1, 1, 1, 1], auto_pad: 'NOTSET', group: 1 },
              { name: 'conv' },
            ),
            node('Clip', ['c', '', 'six'], ['r'], {}, { name: 'clip' }),
            node('LeakyRelu', ['r'], ['y'], { 'alpha:f': 0.25 }),
            node('Neg', ['r'], ['unused'], {}, { name: 'nobody reads it' }),
          ],
          inputs: [value('x', ['N', 1, 'H', 'W'])],
          outputs: [value('y', ['N', 1, 'H', 'W'])],
          weights: [floats('w', [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]), floats('six', [], [6])],
        }),
        {},
        13,
      ),
      [2, 1, 4, 5],
    );
    assert.deepEqual(
      calls.map(call => [call.kernel, call.layer, call.opset, read(call)]),
      [
        [
          'Conv',
          'conv',
          { domain: '', version: 13 },
          [
            ['0', '# 2,1,4,5'],
            ['1', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
          ],
        ],
        [
          'Clip',
          'clip',
          { domain: '', version: 13 },
          [
            ['0', '# 2,1,4,5'],
            ['2', [6]],
          ],
        ],
        ['LeakyRelu', 'y', { domain: '', version: 13 }, [['0', '# 2,1,4,5']]],
      ],
    );
    assert.deepEqual(calls[0].attrs, { pads: [1, 1, 1, 1], auto_pad: 'NOTSET', group: 1 });
    assert.deepEqual(calls[2].attrs, { alpha: 0.25 });
    assert.deepEqual(
      [input.shape, output.shape],
      [
        [2, 1, 4, 5],
        [2, 1, 4, 5],
      ],
    );
    assert.deepEqual([...layers.keys()], ['conv', 'clip', 'y']);
  });

  it('keeps integers exact, and the ends of int64', async () => {
    const ends = [2 ** 24 + 1, -(2 ** 53)];
    const { calls } = await captured(
      model(
        graph({
          nodes: [
            node('Slice', ['x', 'starts', 'ends', 'axes'], ['s']),
            node('Add', ['s', 'large'], ['y']),
            node('Cast', ['ids'], ['large'], { to: DataType.FLOAT }),
          ],
          inputs: [x],
          outputs: [y],
          weights: [
            integers('starts', [0]),
            integers('ends', [2n ** 63n - 1n]),
            integers('axes', [1]),
            integers('ids', ends),
          ],
        }),
      ),
      [1, 2],
    );
    assert.deepEqual(read(calls[0]).slice(1), [
      ['1', [0]],
      ['2', [2 ** 63]],
      ['3', [1]],
    ]);
    // The file has its nodes in another order.
    assert.deepEqual(
      calls.map(({ kernel }) => kernel),
      ['Slice', 'Add'],
    );
    assert.deepEqual(read(calls[1])[1], ['1', ends.map(Math.fround)]);
  });

  it('takes from onnxruntime what is computed from shapes and constants', async () => {
    const { calls } = await captured(
      model(
        graph({
          nodes: [
            node('Shape', ['x'], ['shape']),
            node('Gather', ['shape', 'first'], ['n']),
            node('Constant', [], ['rest'], { value: integers('', [4]) }),
            node('Concat', ['n', 'rest'], ['to'], { axis: 0 }),
            node('Reshape', ['x', 'to'], ['y']),
          ],
          inputs: [value('x', ['N', 2, 2])],
          outputs: [value('y', ['N', 4])],
          weights: [integers('first', [0])],
        }),
      ),
      [3, 2, 2],
    );
    assert.deepEqual(
      calls.map(call => [call.kernel, read(call)]),
      [
        [
          'Reshape',
          [
            ['0', '# 3,2,2'],
            ['1', [3, 4]],
          ],
        ],
      ],
    );
  });

  it('hands on what an Identity, a dropout and a cast between floats leave as it is, under their names', async () => {
    const { calls, layers, output, random } = await captured(
      model(
        graph({
          nodes: [
            node('Relu', ['x'], ['a'], {}, { name: 'relu' }),
            node('Dropout', ['a'], ['b', 'mask'], {}, { name: 'dropout' }),
            node('Cast', ['b'], ['c'], { to: DataType.DOUBLE }, { name: 'cast' }),
            node('Cast', ['c'], ['d'], { to: DataType.FLOAT }),
            node('Neg', ['d'], ['e'], {}, { name: 'neg' }),
            node('Identity', ['e'], ['y'], {}, { name: 'end' }),
          ],
          inputs: [x],
          outputs: [y],
        }),
      ),
      [1, 2],
    );
    assert.deepEqual(
      calls.map(({ kernel }) => kernel),
      ['Relu', 'Neg'],
    );
    assert.equal(layers.get('end'), output.value);
    for (const name of ['dropout', 'cast']) assert.equal(layers.get(name), layers.get('relu'), name);
    assert.deepEqual(random, []);
  });

  it('records a cast to integers and back, and a dropout that is left on', async () => {
    const { calls, random } = await captured(
      model(
        graph({
          nodes: [
            node('Cast', ['x'], ['whole'], { to: DataType.INT32 }),
            node('Cast', ['whole'], ['back'], { to: DataType.FLOAT }),
            node('Dropout', ['back', 'half', 'on'], ['y'], {}, { name: 'drop' }),
          ],
          inputs: [x],
          outputs: [y],
          weights: [
            floats('half', [], [0.5]),
            Object.assign(integers('on', [1], []), { dataType: DataType.BOOL, rawData: Uint8Array.of(1) }),
          ],
        }),
      ),
      [1, 2],
    );
    assert.deepEqual(
      calls.map(({ kernel }) => kernel),
      ['Cast', 'Cast', 'Dropout'],
    );
    assert.deepEqual(random, ['drop']);
  });

  it('tells apart outputs that move, outputs that do not, and labels', async () => {
    const bytes = model(
      graph({
        nodes: [
          node('Relu', ['x'], ['a']),
          node('Neg', ['a'], ['b']),
          node('ArgMax', ['a'], ['label'], { axis: 1 }),
          node('Abs', ['w'], ['c']),
        ],
        inputs: [x],
        outputs: [
          value('label', ['N', 1], DataType.INT64),
          value('a', ['N', 2]),
          value('b', ['N', 2]),
          value('c', [2]),
        ],
        weights: [floats('w', [2], [-1, 2])],
      }),
    );
    const { outputs, layers } = await captured(bytes, [1, 2]);
    assert.deepEqual([[...outputs!.moving.keys()], outputs!.constant], [['a', 'b'], ['c']]);
    assert.equal(outputs!.moving.get('a')!.value, layers.get('a'));
    const only = (name: string, type: number) =>
      model(
        graph({
          nodes: [node('Shape', ['x'], ['s']), node('Cast', ['s'], ['f'], { to: DataType.FLOAT })],
          inputs: [x],
          outputs: [value(name, [2], type)],
        }),
      );
    await assert.rejects(captured(only('f', DataType.FLOAT), [1, 2]), DisconnectedError);
    await assert.rejects(captured(only('s', DataType.INT64), [1, 2]), ModelError);
  });

  for (const [type, bits] of [
    ['FLOAT16', [0x3c00, 0xc000]],
    ['DOUBLE', [1, -2]],
  ] as const)
    it(`reads the constants and activations of a model of ${type}`, async () => {
      const elemType = DataType[type];
      const numbers = type === 'DOUBLE' ? Float64Array.from(bits) : Uint16Array.from(bits);
      const w = Object.assign(floats('w', [2], []), {
        dataType: elemType,
        rawData: new Uint8Array(numbers.buffer),
      });
      const bytes = model(
        graph({
          nodes: [node('Add', ['x', 'w'], ['y'])],
          inputs: [value('x', ['N', 2], elemType)],
          outputs: [value('y', ['N', 2], elemType)],
          weights: [w],
        }),
      );
      await withModel(bytes, async of => {
        const at = tf.tensor([[0.5, 0.25]]);
        const { calls, output } = await captureOnnx(of, at, { moving: 'x', held: {} });
        assert.deepEqual(read(calls[0]), [
          ['0', '# 1,2'],
          ['1', [1, -2]],
        ]);
        const [end] = await onnxActivations(of, at, { moving: 'x', held: {} }, [output.value]);
        assert.deepEqual(await end.array(), [[1.5, -1.75]]);
        tf.dispose([at, end]);
      });
    });

  it('refuses weights that are NaN, and names who reads them', async () => {
    const bytes = model(
      graph({
        nodes: [node('Add', ['x', 'w'], ['y'], {}, { name: 'sum' })],
        inputs: [x],
        outputs: [y],
        weights: [floats('w', [2], [1, NaN])],
      }),
    );
    await assert.rejects(captured(bytes, [1, 2]), (error: OnnxError) => {
      assert.ok(error instanceof OnnxError);
      assert.deepEqual([error.node, error.operator], ['sum', 'Add']);
      return /'w', which is NaN at 1/.test(error.reason);
    });
  });

  it('lets lists be refused by name', async () => {
    const bytes = model(
      graph({
        nodes: [node('SplitToSequence', ['x'], ['s'], { axis: 1 }), node('SequenceAt', ['s', 'i'], ['y'])],
        inputs: [x],
        outputs: [value('y', ['N', 1])],
        weights: [integers('i', [1], [])],
      }),
    );
    const { calls } = await captured(bytes, [1, 2]);
    assert.deepEqual(
      calls.map(({ kernel }) => kernel),
      ['SplitToSequence', 'SequenceAt'],
    );
  });
});
