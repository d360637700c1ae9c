import assert from 'node:assert/strict';
import '../backend';
import { captured } from '../capture/captured-onnx';
import { graph, model, node, value } from './small-model';

const x = value('x', ['N', 2]);
const y = value('y', ['N', 2]);

describe('names of layers in ONNX files', () => {
  it("names layers as PyTorch's exporter does in its metadata", async () => {
    const scopes = (...path: string[]) => ({
      'pkg.torch.onnx.name_scopes': `[${path.map(p => `'${p}'`).join(', ')}]`,
    });
    const { calls } = await captured(
      model(
        graph({
          nodes: [
            node(
              'Relu',
              ['x'],
              ['a'],
              {},
              { name: 'node_relu_1', metadata: scopes('', 'layer1', 'layer1.0', 'layer1.0.relu', 'relu_1') },
            ),
            node(
              'Add',
              ['a', 'x'],
              ['b'],
              {},
              { name: 'node_add_2', metadata: scopes('', 'layer1', 'layer1.0', 'add_2') },
            ),
            node('Neg', ['b'], ['c'], {}, { name: 'node_neg', metadata: scopes('', 'neg') }),
            node(
              'Abs',
              ['c'],
              ['d'],
              {},
              { metadata: { namespace: ': a.Net/layer2: a.Block/layer2.0: a.Abs/abs: aten.abs.default' } },
            ),
            node('Relu', ['d'], ['y'], {}, { name: 'own' }),
          ],
          inputs: [x],
          outputs: [y],
        }),
      ),
      [1, 2],
    );
    assert.deepEqual(
      calls.map(({ layer }) => layer),
      ['layer1.0.relu', 'layer1.0.add_2', 'neg', 'layer2.0', 'own'],
    );
  });
});
