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

  /** The names of layers of a chain of nodes with these names. */
  const layersOf = async (...names: string[]): Promise<string[]> => {
    const values = ['x', ...names.slice(1).map((_, i) => `v${i}`), 'y'];
    const nodes = names.map((name, i) => node('Neg', [values[i]], [values[i + 1]], {}, { name }));
    const { calls } = await captured(model(graph({ nodes, inputs: [x], outputs: [y] })), [1, 2]);
    return calls.map(({ layer }) => layer);
  };

  it("finds PyTorch's modules in the names that its older exporter writes", async () => {
    for (const [name, layer] of [
      ['/conv1/Conv', 'conv1'],
      ['/layer1/layer1.0/relu_1/Relu', 'layer1.0.relu_1'],
      ['/layer1/layer1.0/downsample/downsample.0/Conv', 'layer1.0.downsample.0'],
      ['/features/features.0/features.0.0/Conv', 'features.0.0'],
      ['/model.22/cv2.0/cv2.0.0/act/Mul', 'model.22.cv2.0.0.act'],
      ['/body/a b/Gemm', 'body.a b'],
      ['/bert/encoder/layer.0/attention/self/query/MatMul', 'bert.encoder.layer.0.attention.self.query'],
      ['/Flatten', 'Flatten'],
      ['/0/Conv', '0'],
      ['Conv_0', 'Conv_0'],
      ['/', '/'],
      ['//a//', '//a//'],
    ])
      assert.deepEqual(await layersOf(name), [layer]);
    const block = ['/layer1/layer1.0/conv/Conv', '/layer1/layer1.0/Add', '/layer1/layer1.1/mlp/MatMul'];
    const mlp = ['/layer1/layer1.1/mlp/Add', '/layer1/layer1.1/Add_1', '/layer1/Add', '/Add'];
    assert.deepEqual(
      [...new Set(await layersOf(...block, ...mlp))],
      ['layer1.0.conv', 'layer1.0.Add', 'layer1.1.mlp', 'layer1.1.Add_1', 'layer1.Add', 'Add'],
    );
  });

  it('finds the layers of Keras in the names that tf2onnx writes, without the model around them', async () => {
    const names = ['norm/batchnorm/mul_1', 'relu/Relu', 'sep/separable_conv2d/depthwise', 'sep/Relu'];
    const layers = ['norm.batchnorm', 'relu', 'sep.separable_conv2d', 'sep.Relu'];
    for (const model of ['', 'sequential_1/', 'StatefulPartitionedCall/model/inner/', 'PartitionedCall_1/m/'])
      assert.deepEqual(await layersOf(...names.map(name => model + name)), layers, model);
    assert.deepEqual(await layersOf('sequential/dense/MatMul', 'Identity_1'), ['dense', 'Identity_1']);
    assert.deepEqual(await layersOf('m/a/dense/MatMul', 'm/b/MatMul'), ['a.dense', 'b']);
    assert.deepEqual(await layersOf('dense/MatMul'), ['dense']);
  });
});
