import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs';
import '../backend';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import {
  FunctionProtoSchema,
  type GraphProto,
  type NodeProto,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProto_DataLocation as Location,
} from '../../kernel-ext/src/onnx-file/onnx_pb';
import { OnnxError, OptionError } from '../../kernel-ext/src/public-errors';
import { countSessions } from './counted-sessions';
import { DataType, floats, graph, model, node, value } from './small-model';

const x = value('x', ['N', 2]);
const y = value('y', ['N', 2]);
const W = () => floats('w', [2, 2], [1, 2, 3, 4]);
const product = node('MatMul', ['x', 'w'], ['y'], {}, { name: 'product' });

const graphOf = (nodes: NodeProto[], weights: TensorProto[] = [W()], inputs = [x]): GraphProto =>
  graph({ nodes, inputs, outputs: [y], weights });

/** y = w · x with the weight w in another file. */
function external(entries: Record<string, string>, dims = [2n, 2n]): Uint8Array {
  const weight = Object.assign(W(), {
    dims,
    rawData: new Uint8Array(),
    dataLocation: Location.EXTERNAL,
    externalData: Object.entries(entries).map(([key, text]) => ({
      $typeName: 'onnx.StringStringEntryProto',
      key,
      value: text,
    })),
  });
  return model(graphOf([product], [weight]));
}

describe('ONNX files that are wrong', () => {
  const sessions = countSessions();
  let tensors = 0;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'piecewise-onnx-'));
    await mkdir(join(folder, 'model', 'below'), { recursive: true });
    for (const name of ['outside', 'model/w', 'model/below/w'])
      await writeFile(join(folder, name), new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
    await symlink(join(folder, 'outside'), join(folder, 'model', 'link'));
    await symlink(folder, join(folder, 'model', 'up'));
    await symlink(join(folder, 'model', 'w'), join(folder, 'model', 'inner'));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => {
    assert.equal(tf.memory().numTensors, tensors);
    assert.equal(sessions.held, 0);
  });

  const refuses = async (
    source: string | Uint8Array,
    reason: RegExp,
    place: { node?: string; operator?: string } = {},
  ) =>
    assert.rejects(loadOnnx(source), (error: OnnxError) => {
      assert.ok(error instanceof OnnxError, String(error));
      assert.match(error.reason, reason);
      assert.ok(error.message.includes(typeof source === 'string' ? source : 'the given bytes'));
      assert.deepEqual(
        { node: error.node, operator: error.operator },
        { node: undefined, operator: undefined, ...place },
      );
      assert.doesNotMatch(error.message, /onnxruntime_src|\.cc:\d/);
      return true;
    });

  it('loads the model that the faults below are made of', async () => {
    const loaded = await loadOnnx(model(graphOf([product])));
    const result = await loaded.run([[1, 1]]);
    assert.deepEqual(await result.y.array(), [[4, 6]]);
    tf.dispose(result);
    loaded.dispose();
  });

  it('refuses what is no ONNX file, or a part of one', async () => {
    const whole = model(graphOf([product]));
    await refuses(join(folder, 'missing.onnx'), /no such file/);
    for (const path of [folder, '/dev/zero']) await refuses(path, /it is not a file/);
    await refuses(new Uint8Array(), /it is empty/);
    await refuses(Buffer.from('<!DOCTYPE html><title>404</title>'), /no ONNX (file|model)/);
    await refuses(
      await readFile(join(__dirname, '../../kernel-ext/assets/logo-32x32.png')),
      /no ONNX (file|model)/,
    );
    await refuses(Buffer.alloc(1000), /no ONNX (file|model)/);
    for (let length = 1; length < whole.length; length += 5) await refuses(whole.subarray(0, length), /./);
    await assert.rejects(loadOnnx(7 as unknown as string), OptionError);
  });

  it('refuses files larger than protobuf can hold without reading them', async () => {
    const file = join(folder, 'large.onnx');
    await writeFile(file, '');
    await truncate(file, 2 ** 31);
    await refuses(file, /at most 2 GiB. Export it with external data/);
  });

  it('refuses versions that it does not know', async () => {
    const of = graphOf([product]);
    await refuses(model(of, { irVersion: 2n }), /version 2 of the ONNX format/);
    await refuses(model(of, { irVersion: 999n }), /onnxruntime cannot run it: .*IR version/i);
    await refuses(model(of, { opsetImport: [] }), /which opset/);
    await refuses(model(of, {}, 999), /onnxruntime cannot run it: .*opset/i);
  });

  it('names the node that is to blame', async () => {
    const place = { node: 'product', operator: 'MatMul' };
    await refuses(model(graphOf([product], [])), /reads 'w', which is no input/, place);
    await refuses(model(graphOf([product, product])), /gives 'y', which is given elsewhere/, place);
    await refuses(model(graphOf([node('Relu', ['x'], ['z'])])), /nothing in it gives the output 'y'/);
    const circle = [node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b']), node('Relu', ['b'], ['y'])];
    await refuses(model(graphOf(circle)), /depends on the node itself/, { node: 'b', operator: 'Relu' });
    const foreign = node('Swirl', ['x'], ['y'], {}, { name: 'strange', domain: 'my.own' });
    await refuses(model(graphOf([foreign])), /domain 'my.own'/, { node: 'strange', operator: 'Swirl' });
    const unknown = node('Swirl', ['x'], ['y'], {}, { name: 'strange' });
    await refuses(model(graphOf([unknown])), /onnxruntime cannot run it/, {
      node: 'strange',
      operator: 'Swirl',
    });
    const misfit = floats('w', [3, 2], [1, 2, 3, 4, 5, 6]);
    await refuses(model(graphOf([product], [misfit])), /onnxruntime cannot run it/, place);
  });

  it('names the node that onnxruntime has no code for, such as one of bfloat16', async () => {
    const bits = Object.assign(W(), { dataType: DataType.BFLOAT16, rawData: new Uint8Array(8) });
    const of = graph({
      nodes: [product],
      inputs: [value('x', ['N', 2], DataType.BFLOAT16)],
      outputs: [value('y', ['N', 2], DataType.BFLOAT16)],
      weights: [bits],
    });
    const advice = /implementation.*export the model in float32/;
    await refuses(model(of), advice, { node: 'product', operator: 'MatMul' });
    const cast = [
      node('Cast', ['x'], ['z'], { to: DataType.BFLOAT16 }),
      node('Relu', ['z'], ['y'], {}, { name: 'relu' }),
    ];
    const inBetween = graph({ nodes: cast, inputs: [x], outputs: [value('y', null, DataType.BFLOAT16)] });
    await refuses(model(inBetween), advice, { node: 'relu', operator: 'Relu' });
  });

  it('names a recurrent layer whose first axis is the batch', async () => {
    for (const [operator, gates] of [
      ['LSTM', 4],
      ['GRU', 3],
      ['RNN', 1],
    ] as const) {
      const of = graph({
        nodes: [node(operator, ['x', 'w', 'r'], ['y'], { hidden_size: 1, layout: 1 }, { name: 'layer' })],
        inputs: [value('x', ['N', 3, 2])],
        outputs: [value('y', null)],
        weights: [floats('w', [1, gates, 2], Array<number>(2 * gates).fill(1)), floats('r', [1, gates, 1], Array<number>(gates).fill(1))], // prettier-ignore
      });
      await refuses(model(of), /Export it with layout 0/, { node: 'layer', operator });
    }
  });

  it('refuses axes of length 0', async () => {
    await refuses(model(graphOf([product], [W()], [value('x', [0, 2])])), /'x' has an axis of length 0/);
  });

  it('names the node that fails while it runs', async () => {
    const sum = node('Add', ['x', 'v'], ['y'], {}, { name: 'sum' });
    const loaded = await loadOnnx(
      model(graphOf([sum], [floats('v', [3], [1, 2, 3])], [value('x', ['N', 'M'])])),
    );
    await assert.rejects(loaded.run([[1, 2]]), { name: 'OnnxError', node: 'sum', operator: 'Add' });
    loaded.dispose();
  });

  it('allocates nothing that is not there', async () => {
    const claims = (fields: Partial<TensorProto>) => model(graphOf([product], [Object.assign(W(), fields)]));
    const none = { rawData: new Uint8Array() };
    await refuses(
      claims({ dims: [1_000_000n, 1_000_000n] }),
      /1000000000000 numbers, but 16 bytes are there/,
    );
    await refuses(claims({ dims: [1_000_000n, 1_000_000n], ...none }), /but 0 numbers are there/);
    await refuses(
      claims({ dims: [2n ** 62n, 2n ** 62n], ...none, floatData: [1, 2] }),
      /but 2 numbers are there/,
    );
    await refuses(claims({ dims: [-1n, -4n] }), /has the shape \[-1, -4\]/);
    await refuses(claims({ dims: Array<bigint>(1e5).fill(2n ** 60n) }), /has the shape/);
  });

  it('refuses a few functions that would be billions of nodes', async () => {
    const call = (name: string, from: string, to: string) => node(name, [from], [to], {}, { domain: 'own' });
    const opsetImport = ['', 'own'].map(domain => create(OperatorSetIdProtoSchema, { domain, version: 17n }));
    const functions = Array.from({ length: 31 }, (_, i) =>
      create(FunctionProtoSchema, {
        ...{ name: `f${i}`, domain: 'own', input: ['a'], output: ['c'], opsetImport },
        node:
          i === 30
            ? [node('Relu', ['a'], ['c'])]
            : [call(`f${i + 1}`, 'a', 'b'), call(`f${i + 1}`, 'b', 'c')],
      }),
    );
    await refuses(
      model(graphOf([call('f0', 'x', 'y')], []), { functions, opsetImport }),
      /call one another more/,
    );
  });

  it('refuses types that ONNX does not define, and graphs without an output', async () => {
    for (const dataType of [0, 99])
      await refuses(
        model(graphOf([product], [Object.assign(W(), { dataType })])),
        new RegExp(`has the data type ${dataType}`),
      );
    await refuses(model(graph({ nodes: [product], inputs: [x], outputs: [], weights: [W()] })), /no output/);
  });

  it('refuses graphs within graphs without end', async () => {
    let inner = graph({ nodes: [], outputs: [] });
    for (let i = 0; i < 200; i++)
      inner = graph({ nodes: [node('If', ['c'], ['y'], { then_branch: inner })], outputs: [] });
    await refuses(model(inner), /recursion/);
  });

  describe('with external data', () => {
    const written = async (bytes: Uint8Array) => {
      const file = join(folder, 'model', 'model.onnx');
      await writeFile(file, bytes);
      return file;
    };

    for (const location of ['w', 'below/w', 'below/../w', 'inner'])
      it(`reads ${location}, which is in the model's folder`, async () => {
        const loaded = await loadOnnx(await written(external({ location })));
        const result = await loaded.run([[1, 1]]);
        assert.deepEqual(await result.y.array(), [[4, 6]]);
        tf.dispose(result);
        loaded.dispose();
      });

    for (const location of ['../outside', 'link', 'up/outside', '/etc/hosts', '.', '', 'below/../../outside'])
      it(`reads nothing outside the model's folder: '${location}'`, async () => {
        await refuses(await written(external({ location })), /outside the model's folder/);
      });

    it('refuses what is not there, or is shorter than it should be', async () => {
      await refuses(
        await written(external({ location: 'missing' })),
        /is in the file 'missing', which is not there/,
      );
      await refuses(await written(external({ location: 'below' })), /which is not a file/);
      await refuses(
        await written(external({ location: 'w' }, [2n, 3n])),
        /takes 24 bytes, but the file 'w' has 16/,
      );
      await refuses(
        await written(external({ location: 'w', offset: '8' })),
        /takes 16 bytes, but the file 'w' has 8/,
      );
      await refuses(
        await written(external({ location: 'w', length: '12' })),
        /takes 16 bytes, but the file 'w' has 12/,
      );
      await refuses(await written(external({ location: 'w', offset: '-8' })), /has the offset '-8'/);
      await refuses(
        await written(external({ location: 'w' }, [10n ** 12n, 1n])),
        /takes 4000000000000 bytes/,
      );
    });

    it('takes the files of a model from bytes', async () => {
      const bytes = external({ location: 'w' });
      await refuses(bytes, /was not given. Pass it with loadOnnx\(bytes, \{externalData/);
      const w = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
      const loaded = await loadOnnx(bytes, { externalData: { w } });
      const result = await loaded.run([[1, 1]]);
      assert.deepEqual(await result.y.array(), [[4, 6]]);
      tf.dispose(result);
      loaded.dispose();
      await assert.rejects(loadOnnx(bytes, { externalData: { w: w.subarray(4) } }), /takes 16 bytes/);
      await assert.rejects(
        loadOnnx(bytes, { externalData: { w: 'w' as unknown as Uint8Array } }),
        OptionError,
      );
    });
  });
});
