import assert from 'node:assert/strict';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import type { NodeProto, TensorProto } from '../../kernel-ext/src/onnx-file/onnx_pb';
import { countSessions } from './counted-sessions';
import { graph, integers, model, node, value } from './small-model';

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
      refuses([reshape], [integers('lengths', lengths)], /more than a machine can hold/));

  it('are refused if constants ask for the lengths', async () => {
    const constant = node('Constant', [], ['lengths'], { value: integers('', [2n ** 40n]) });
    await refuses([constant, reshape], [], /'lengths' asks for the lengths \[1099511627776\]/);
  });

  it('are refused in graphs within graphs, with the weights of the outer one', async () => {
    const filled = node('ConstantOfShape', ['lengths'], ['y'], {}, { name: 'filled' });
    const chosen = node('If', ['c'], ['y'], { then_branch: of([filled], [], []) }, { name: 'chosen' });
    const weights = [integers('lengths', [2n ** 20n, 2n ** 20n]), integers('c', [1], [])];
    await refuses([chosen], weights, /more than a machine can hold/, { at: filled });
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

  it('are refused for more iterations or inputs than there are', async () => {
    const body = of([node('Identity', ['x'], ['y'])], [], []);
    const loop = node('Loop', ['often', '', 'x'], ['y'], { body });
    await refuses([loop], [integers('often', [2n ** 40n], [])], /'often' asks for the lengths/);
    await refuses([node('Scan', ['x'], ['y'], { body, num_scan_inputs: 2 })], [], /'num_scan_inputs' is 2/);
  });
});
