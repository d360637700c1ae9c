import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import {
  AttributeProto_AttributeType as Type,
  AttributeProtoSchema,
  type NodeProto,
  type TensorProto,
} from '../../kernel-ext/src/onnx-file/onnx_pb';
import { UnsupportedKernelError } from '../../kernel-ext/src/public-errors';
import { useBackend } from '../backend';
import { assertNothingLeft, withModel } from '../capture/captured-onnx';
import { DataType, floats, graph, integers, model, node, value } from '../onnx-file/small-model';

const named = { name: 'blamed' };
const h = value('h', [3]);

/** Doubles what it gets, three times. */
function loop(): NodeProto {
  const nodes = [node('Identity', ['going'], ['goes']), node('Mul', ['h', 'two'], ['twice'])];
  const inputs = [value('i', [], DataType.INT64), value('going', [], DataType.BOOL), h];
  const outputs = [value('goes', [], DataType.BOOL), value('twice', [3])];
  return node('Loop', ['three', '', 'relu'], ['y'], { body: graph({ nodes, inputs, outputs }) }, named);
}

/** Sums of the rows so far. */
function scan(): NodeProto {
  const nodes = [node('Add', ['h', 'row'], ['sum']), node('Identity', ['sum'], ['each'])];
  const outputs = [value('sum', [3]), value('each', [3])];
  const body = graph({ nodes, inputs: [h, value('row', [3])], outputs });
  return node('Scan', ['zeros', 'relu'], ['last', 'y'], { body, num_scan_inputs: 1 }, named);
}

function branches(): NodeProto[] {
  const branch = (op: string) =>
    graph({ nodes: [node(op, ['relu'], ['out'])], outputs: [value('out', null)] });
  const either = { then_branch: branch('Neg'), else_branch: branch('Abs') };
  return [
    node('ReduceSum', ['relu'], ['sum'], { keepdims: 0 }),
    node('Greater', ['sum', 'one'], ['isLarge']),
    node('If', ['isLarge'], ['y'], either, named),
  ];
}

/** 1 where the first feature is at most 0.5, else 2. */
function tree(): NodeProto {
  const made = node(
    'TreeEnsembleRegressor',
    ['relu'],
    ['y'],
    {
      n_targets: 1,
      ...{ nodes_truenodeids: [1, 0, 0], nodes_falsenodeids: [2, 0, 0], nodes_featureids: [0, 0, 0] },
      ...{ nodes_nodeids: [0, 1, 2], nodes_treeids: [0, 0, 0], 'nodes_values:f': [0.5, 0, 0] },
      ...{ target_ids: [0, 0], target_nodeids: [1, 2], target_treeids: [0, 0], 'target_weights:f': [1, 2] },
    },
    { ...named, domain: 'ai.onnx.ml' },
  );
  const strings = ['BRANCH_LEQ', 'LEAF', 'LEAF'].map(mode => Buffer.from(mode));
  made.attribute.push(create(AttributeProtoSchema, { name: 'nodes_modes', type: Type.STRINGS, strings }));
  return made;
}

const quantized = (): NodeProto[] => [
  node('QuantizeLinear', ['relu', 'one'], ['steps'], {}, named),
  node('DequantizeLinear', ['steps', 'one'], ['y']),
];

const faults: [title: string, nodes: () => NodeProto[], operator: string, reason: RegExp][] = [
  ['loops', () => [loop()], 'Loop', /unrolled/],
  ['scans', () => [scan()], 'Scan', /unrolled/],
  ['branches that x chooses', branches, 'If', /x decides which of its branches runs/],
  ['quantization', quantized, 'QuantizeLinear', /W is zero.*before quantization/],
  ['trees', () => [tree()], 'TreeEnsembleRegressor', /W is zero/],
  ['the determinant', () => [node('Det', ['relu'], ['y'], {}, named)], 'Det', /no rule/],
];

const weights = (): TensorProto[] => [
  ...[floats('two', [], [2]), floats('one', [], [1]), floats('zeros', [3], [0, 0, 0])],
  integers('three', [3], []),
];

describe('operators of ONNX without a map', () => {
  useBackend('tensorflow');
  assertNothingLeft();

  for (const [title, nodes, operator, reason] of faults) {
    it(`refuses ${title} with the reason, and names the last layer that has a map`, async () => {
      const first = node('Relu', ['x'], ['relu'], {}, { name: 'before' });
      const of = graph({
        nodes: [first, ...nodes()],
        inputs: [value('x', [3, 3])],
        outputs: [value('y', null)],
        weights: weights(),
      });
      await withModel(model(of), async net => {
        const x = tf.tensor2d([2, -1, 0.5, 1, 3, -2, 0.3, 0.2, 4], [3, 3]);
        await assert.rejects(linearize(net, x), (error: UnsupportedKernelError) => {
          assert.ok(error instanceof UnsupportedKernelError, String(error));
          assert.deepEqual([error.kernel, error.layer], [operator, 'blamed']);
          assert.match(error.reason, reason);
          assert.match(error.message, /\{to: '(before|sum)'\}/);
          return true;
        });
        const lin = await linearize(net, x, { to: 'before' });
        lin.dispose();
        x.dispose();
      });
    });
  }
});
