import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs';
import '../backend';
import { captureOnnx, onnxActivations } from '../../kernel-ext/src/capture/record-onnx';
import { AttributeProtoSchema, FunctionProtoSchema } from '../../kernel-ext/src/onnx-file/onnx_pb';
import { DataType, floats, graph, integers, model, node, value } from '../onnx-file/small-model';
import { assertNothingLeft, captured, read, withModel } from './captured-onnx';

const x = value('x', ['N', 2]);
const y = value('y', ['N', 2]);

describe('captureOnnx of graphs that are rewritten', () => {
  assertNothingLeft();

  it('puts in the branches that Ifs take, one within the other', async () => {
    const inner = graph({
      nodes: [node('Mul', ['a', 'two'], ['out'])],
      outputs: [value('out', ['N', 2])],
      weights: [floats('two', [], [2])],
    });
    const never = graph({ nodes: [node('Neg', ['x'], ['out'])], outputs: [value('out', ['N', 2])] });
    const outer = graph({
      nodes: [
        node('Relu', ['x'], ['a']),
        node('If', ['isTwo'], ['r'], { then_branch: inner, else_branch: never }, { name: 'inner' }),
      ],
      outputs: [value('r', ['N', 2])],
    });
    const bytes = model(
      graph({
        nodes: [
          node('Shape', ['x'], ['shape'], { start: 1 }),
          node('Equal', ['shape', 'length'], ['isTwoList']),
          node('Squeeze', ['isTwoList'], ['isTwo']),
          node('If', ['isTwo'], ['y'], { then_branch: outer, else_branch: never }, { name: 'outer' }),
        ],
        inputs: [x],
        outputs: [y],
        weights: [integers('length', [2])],
      }),
    );
    await withModel(bytes, async of => {
      const at = tf.tensor([[1, -3]]);
      const feed = { moving: 'x', held: {} };
      const { calls, output, layers } = await captureOnnx(of, at, feed);
      assert.deepEqual(
        calls.map(call => [call.kernel, call.layer]),
        [
          ['Relu', 'outer/a'],
          ['Mul', 'outer/inner/out'],
        ],
      );
      assert.deepEqual(read(calls[1]), [
        ['0', '# 1,2'],
        ['1', [2]],
      ]);
      const [relu, end] = await onnxActivations(of, at, feed, [layers.get('outer/a')!, output.value]);
      assert.deepEqual([await relu.array(), await end.array()], [[[1, 0]], [[2, 0]]]);
      tf.dispose([at, relu, end]);
    });
  });

  it('leaves an If that x decides to be refused by name, with all that its branches read', async () => {
    const branch = (op: string) =>
      graph({ nodes: [node(op, ['a'], ['out'])], outputs: [value('out', ['N', 2])] });
    const { calls } = await captured(
      model(
        graph({
          nodes: [
            node('Relu', ['x'], ['a']),
            node('ReduceSum', ['x'], ['sum'], { keepdims: 0 }),
            node('Greater', ['sum', 'zero'], ['isLarge']),
            node('If', ['isLarge'], ['y'], { then_branch: branch('Neg'), else_branch: branch('Abs') }),
          ],
          inputs: [x],
          outputs: [y],
          weights: [floats('zero', [], [0])],
        }),
      ),
      [1, 2],
    );
    assert.deepEqual(
      calls.map(({ kernel }) => kernel),
      ['Relu', 'ReduceSum', 'Greater', 'If'],
    );
    assert.deepEqual(read(calls[3]), [
      ['0', '# '],
      ['1', '# 1,2'],
    ]);
  });

  it("writes out a model's own functions, and functions within them", async () => {
    const reference = create(AttributeProtoSchema, { name: 'alpha', refAttrName: 'slope', type: 1 });
    const leaky = Object.assign(node('LeakyRelu', ['v'], ['w']), { attribute: [reference] });
    const of = (name: string, nodes: ReturnType<typeof node>[], output: string) =>
      Object.assign(
        create(FunctionProtoSchema, {
          name,
          domain: 'own',
          input: ['v'],
          output: [output],
          attribute: ['slope'],
          opsetImport: [
            { domain: '', version: 17n },
            { domain: 'own', version: 1n },
          ],
        }),
        { node: nodes },
      );
    const twice = ['v', 'a', 'b'].slice(0, 2).map((from, i) => {
      const inner = node('Leak', [from], [['a', 'b'][i]], {}, { name: `leak${i}`, domain: 'own' });
      return Object.assign(inner, {
        attribute: [create(AttributeProtoSchema, { name: 'slope', type: 1, f: 0.5 })],
      });
    });
    const bytes = model(
      graph({
        nodes: [node('Twice', ['x'], ['y'], {}, { name: 'call', domain: 'own' })],
        inputs: [x],
        outputs: [y],
      }),
      {
        functions: [of('Leak', [leaky], 'w'), of('Twice', twice, 'b')],
        opsetImport: [
          { $typeName: 'onnx.OperatorSetIdProto', domain: '', version: 17n },
          { $typeName: 'onnx.OperatorSetIdProto', domain: 'own', version: 1n },
        ],
      },
    );
    await withModel(bytes, async loaded => {
      const at = tf.tensor([[8, -8]]);
      const feed = { moving: 'x', held: {} };
      const { calls, output } = await captureOnnx(loaded, at, feed);
      assert.deepEqual(
        calls.map(call => [call.kernel, call.attrs]),
        Array(2).fill(['LeakyRelu', { alpha: 0.5 }]),
      );
      const [middle, end] = await onnxActivations(loaded, at, feed, [
        calls[0].outputs[0].value,
        output.value,
      ]);
      assert.deepEqual([await middle.array(), await end.array()], [[[8, -4]], [[8, -2]]]);
      tf.dispose([at, middle, end]);
    });
  });

  it('writes out the functions that a branch calls, also within a loop that stays', async () => {
    const domain = { domain: 'own' };
    const opsetImport = ['', 'own'].map((name, i) => ({
      $typeName: 'onnx.OperatorSetIdProto' as const,
      domain: name,
      version: [17n, 1n][i],
    }));
    const double = Object.assign(
      create(FunctionProtoSchema, {
        name: 'Double',
        domain: 'own',
        input: ['v'],
        output: ['w'],
        opsetImport,
      }),
      { node: [node('Add', ['v', 'v'], ['w'])] },
    );
    const branch = (op: string) =>
      graph({ nodes: [node(op, ['x'], ['out'], {}, domain)], outputs: [value('out', ['N', 2])] });
    const other = graph({ nodes: [node('Neg', ['x'], ['out'])], outputs: [value('out', ['N', 2])] });
    const [yes, no] = [1, 0].map((bit, i) =>
      Object.assign(integers(`c${i}`, [], []), { dataType: DataType.BOOL, rawData: Uint8Array.of(bit) }),
    );
    const bytes = model(
      graph({
        nodes: [
          node('If', ['c0'], ['a'], { then_branch: branch('Double'), else_branch: other }, { name: 'first' }),
          node('ReduceSum', ['a'], ['sum'], { keepdims: 0 }),
          node('Greater', ['sum', 'zero'], ['isLarge']),
          node('If', ['isLarge'], ['b'], { then_branch: branch('Double'), else_branch: other }),
          node('Add', ['a', 'b'], ['y']),
        ],
        inputs: [x],
        outputs: [y],
        weights: [yes, no, floats('zero', [], [0])],
      }),
      { functions: [double], opsetImport },
    );
    const { calls } = await captured(bytes, [1, 2]);
    assert.deepEqual(
      calls.map(({ kernel }) => kernel),
      ['Add', 'ReduceSum', 'Greater', 'If', 'Add'],
    );
  });

  it('cuts several inputs out of x, normalizes one, and holds the others', async () => {
    const bytes = model(
      graph({
        nodes: [
          node('Gather', ['table', 'ids'], ['rows']),
          node('Mul', ['picture', 'rows'], ['scaled']),
          node('ReduceSum', ['scaled', 'axis'], ['s'], { keepdims: 0 }),
          node('Add', ['s', 'x'], ['y']),
        ],
        inputs: [value('picture', ['N', 3, 2]), value('ids', ['N'], DataType.INT64), x],
        outputs: [y],
        weights: [floats('table', [3, 1, 1], [1, 10, 100]), integers('axis', [1])],
      }),
    );
    const options = { normalize: { mean: [0, 1, 2], std: 2 } };
    await withModel(
      bytes,
      async of => {
        const vectors = tf.tensor([
          [1, 2, 3, 4, 5, 6, 7, 8],
          [8, 7, 6, 5, 4, 3, 2, 1],
        ]);
        const ids = tf.tensor([2, 1], [2], 'int32');
        const parts = [
          { name: 'picture', shape: [3, 2], begin: 0, size: 6 },
          { name: 'x', shape: [2], begin: 6, size: 2 },
        ];
        const feed = { moving: parts, held: { ids } };
        const { calls, input, output } = await captureOnnx(of, vectors, feed);
        assert.deepEqual(
          calls.map(call => `${call.kernel} ${call.layer}`),
          [
            'Slice picture',
            'Reshape picture',
            'Mul normalize',
            'Add normalize',
            'Slice x',
            'Reshape x',
            'Mul scaled',
            'ReduceSum s',
            'Add y',
          ],
        );
        assert.deepEqual(read(calls[0]), [
          ['0', '# 2,8'],
          ['1', [0]],
          ['2', [6]],
          ['3', [-1]],
        ]);
        assert.deepEqual(read(calls[2])[1], ['1', [0.5, 0.5, 0.5]]);
        assert.deepEqual(read(calls[3])[1], ['1', [0, -0.5, -1]]);
        assert.deepEqual(read(calls[6])[1], ['1', [100, 10]]);
        const rows = calls.map(call => call.outputs[0].value);
        const [same, picture, end] = await onnxActivations(of, vectors, feed, [
          input.value,
          rows[3],
          output.value,
        ]);
        assert.deepEqual(await same.array(), await vectors.array());
        const pictures = await picture.array();
        assert.deepEqual(pictures, [
          [
            [0.5, 1],
            [1, 1.5],
            [1.5, 2],
          ],
          [
            [4, 3.5],
            [2.5, 2],
            [1, 0.5],
          ],
        ]);
        assert.deepEqual(await end.array(), [
          [307, 458],
          [77, 61],
        ]);
        tf.dispose([vectors, ids, same, picture, end]);
      },
      options,
    );
  });

  it('starts at integers where x is integers', async () => {
    const bytes = model(
      graph({
        nodes: [node('Gather', ['table', 'x'], ['y'], {}, { name: 'embedding' })],
        inputs: [value('x', ['N', 'T'], DataType.INT64)],
        outputs: [value('y', ['N', 'T', 2])],
        weights: [floats('table', [3, 2], [1, 2, 3, 4, 5, 6])],
      }),
    );
    const { calls } = await captured(bytes, [1, 2]);
    assert.deepEqual(
      calls.map(({ kernel }) => kernel),
      ['Gather'],
    );
  });
});
