import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import {
  FunctionProtoSchema,
  type NodeProto,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProto_DataType as DataType,
} from '../../kernel-ext/src/onnx-file/onnx_pb';
import { countSessions } from './counted-sessions';
import { floats, graph, integers, model, node, value } from './small-model';

const of = (nodes: NodeProto[], weights: TensorProto[] = [], inputs = [value('x', ['N', 2])]) =>
  graph({ nodes, weights, inputs, outputs: [value('y', ['N', 2])] });

/** The last node is to blame, or the one that is given. */
async function refuses(
  nodes: NodeProto[],
  weights: TensorProto[],
  reason: RegExp,
  { opset = 17, at = nodes.at(-1)! } = {},
): Promise<void> {
  const place = { name: 'OnnxError', node: at.name || at.output[0], operator: at.opType };
  await assert.rejects(loadOnnx(model(of(nodes, weights), {}, opset)), { ...place, reason });
}

describe('ONNX nodes that onnxruntime would not survive', () => {
  const sessions = countSessions();
  afterEach(() => assert.equal(sessions.made, 0, 'onnxruntime has not seen the file'));

  const reshape = node('Reshape', ['x', 'lengths'], ['y'], {}, { name: 'shaped' });

  for (const lengths of [[2n ** 31n], [2n ** 28n + 1n, 2n], [2n ** 20n, 2n ** 20n]])
    it(`are refused if they ask for the lengths ${lengths.join(', ')}`, () =>
      refuses([reshape], [integers('lengths', lengths)], /more than a machine can handle/));

  it('are refused if constants ask for the lengths', async () => {
    const constant = node('Constant', [], ['lengths'], { value: integers('', [2n ** 40n]) });
    await refuses([constant, reshape], [], /'lengths' asks for the lengths \[1099511627776\]/);
  });

  it('are refused if the constants are attributes', async () => {
    const list = node('Constant', [], ['lengths'], { value_ints: [2 ** 20, 2 ** 20] });
    await refuses([list, reshape], [], /'lengths' asks for the lengths \[1048576, 1048576\]/);
    const one = node('Constant', [], ['lengths'], { value_int: 2 ** 40 });
    await refuses([one, reshape], [], /'lengths' asks for the lengths \[1099511627776\]/);
  });

  it('are refused in graphs within graphs, with the weights of the outer one', async () => {
    const filled = node('ConstantOfShape', ['lengths'], ['y'], {}, { name: 'filled' });
    const chosen = node('If', ['c'], ['y'], { then_branch: of([filled], [], []) }, { name: 'chosen' });
    const weights = [integers('lengths', [2n ** 20n, 2n ** 20n]), integers('c', [1], [])];
    await refuses([chosen], weights, /more than a machine can handle/, { at: filled });
  });

  for (const axis of [2 ** 31, -(2 ** 33)])
    it(`are refused for the axis ${axis}, of which onnxruntime would keep 32 bits`, () =>
      refuses([node('Softmax', ['x'], ['y'], { axis })], [], new RegExp(`its attribute 'axis' is ${axis}`)));

  it('are refused for zeros by which onnxruntime would divide', async () => {
    const heads = node('Attention', ['x', 'x', 'x'], ['y'], { q_num_heads: 0, kv_num_heads: 1 });
    await refuses([heads], [], /'q_num_heads' is 0, which is not between/, { opset: 23 });
    const frames = node('STFT', ['x', 'step', '', 'length'], ['y']);
    await refuses([frames], [integers('step', [2], []), integers('length', [0], [])], /'length' is 0/);
  });

  it('are refused for a zero that a function gets from its call', async () => {
    const inner = node('GroupNormalization', ['a', 's', 's'], ['c'], { num_groups: 0 });
    const error = { name: 'OnnxError', operator: 'GroupNormalization', reason: /'num_groups' is 0/ };
    await assert.rejects(loadOnnx(functionModel(inner, 'num_groups', { num_groups: 0 })), error);
  });

  it('are refused for more iterations or inputs than there are', async () => {
    const body = of([node('Identity', ['x'], ['y'])], [], []);
    const loop = node('Loop', ['often', '', 'x'], ['y'], { body });
    await refuses([loop], [integers('often', [2n ** 40n], [])], /'often' asks for 1099511627776 iterations/);
    for (const count of [0, 2]) {
      const scan = node('Scan', ['x'], ['y'], { body, num_scan_inputs: count });
      await refuses([scan], [], new RegExp(`'num_scan_inputs' is ${count}`));
    }
  });
});

/** A model whose only node calls a function, whose node takes an attribute from the call. */
function functionModel(inner: NodeProto, attribute: string, given: Record<string, number>): Uint8Array {
  for (const one of inner.attribute) if (one.name === attribute) one.refAttrName = attribute;
  const opsetImport = ['', 'own'].map(domain => create(OperatorSetIdProtoSchema, { domain, version: 18n }));
  const own = { name: 'f', domain: 'own', input: ['a', 's'], output: ['c'], attribute: [attribute] };
  const functions = [create(FunctionProtoSchema, { ...own, node: [inner], opsetImport })];
  const call = node('f', ['x', 'scale'], ['y'], given, { domain: 'own' });
  return model(of([call], [floats('scale', [2], [1, 1])]), { functions, opsetImport });
}

describe('ONNX nodes that look dangerous and are not', () => {
  it('take an attribute from the call of a function', async () => {
    const inner = node('Softmax', ['a'], ['c'], { axis: 0 });
    const groups = node('Concat', ['a', 'a'], ['b'], { axis: 0 });
    for (const one of [inner, Object.assign(groups, { output: ['c'] })]) {
      const file = await loadOnnx(functionModel(one, 'axis', { axis: 1 }));
      file.dispose();
    }
    const heads = node('GroupNormalization', ['a', 's', 's'], ['c'], { num_groups: 0 });
    (await loadOnnx(functionModel(heads, 'num_groups', { num_groups: 1 }))).dispose();
  });

  it('repeat a loop until its body ends it', async () => {
    const body = graph({
      nodes: [node('Less', ['i', 'two'], ['go']), node('Add', ['s', 's'], ['t'])],
      weights: [integers('two', [2], [])],
      inputs: [value('i', [], DataType.INT64), value('c', [], DataType.BOOL), value('s', ['N', 2])],
      outputs: [value('go', [], DataType.BOOL), value('t', ['N', 2])],
    });
    const loop = node('Loop', ['often', '', 'x'], ['y'], { body });
    const file = await loadOnnx(model(of([loop], [integers('often', [2n ** 63n - 1n], [])])));
    const { y } = await file.run([[1, 2]]);
    assert.deepEqual(Array.from(await y.data()), [8, 16]);
    y.dispose();
    file.dispose();
  });
});
