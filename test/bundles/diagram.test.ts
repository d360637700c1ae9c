import assert from 'node:assert/strict';
import '../backend';
import * as tf from '@tensorflow/tfjs';
import type { Diagram } from '../../kernel-ext/src/bundles/model/diagram';
import { diagramLayout } from '../../kernel-ext/src/bundles/model/diagram-layout';
import { graphDiagram } from '../../kernel-ext/src/bundles/model/graph-diagram';
import { layersDiagram } from '../../kernel-ext/src/bundles/model/layers-diagram';
import { modelBundle } from '../../kernel-ext/src/bundles/model/model-bundle';
import { NotPlottableError } from '../../kernel-ext/src/display/errors';
import { graphModel, placeholder } from '../graphs/graph-model';

const { conv2d, add, flatten, dense, dropout } = tf.layers;

function branching(): tf.LayersModel {
  const image = tf.input({ shape: [8, 8, 3], name: 'image' });
  const stem = conv2d({ name: 'stem', filters: 4, kernelSize: 3, strides: 2, activation: 'relu' });
  const a = stem.apply(image) as tf.SymbolicTensor;
  const b = conv2d({ name: 'side', filters: 4, kernelSize: 1 }).apply(a) as tf.SymbolicTensor;
  const sum = add({ name: 'skip' }).apply([a, b]) as tf.SymbolicTensor;
  const flat = flatten({ name: 'flat' }).apply(sum) as tf.SymbolicTensor;
  const end = dense({ name: 'end', units: 2, activation: 'softmax' }).apply(flat) as tf.SymbolicTensor;
  return tf.model({ inputs: image, outputs: end, name: 'branching' });
}

const edgesOf = ({ edges }: Diagram): string[] => edges.map(edge => edge.join(' → ')).sort();

describe('the diagram of a model', () => {
  let model: tf.LayersModel;
  before(() => void (model = branching()));
  after(() => void model.dispose());

  it('shows its layers with their shapes, settings and parameters, and its branches', () => {
    const diagram = layersDiagram(model, {});
    assert.equal(diagram.caption, '5 layers, 206 parameters');
    assert.deepEqual(edgesOf(diagram), [
      'flat → end',
      'image → stem',
      'side → skip',
      'skip → flat',
      'stem → side',
      'stem → skip',
    ]);
    const { id, ...stem } = diagram.nodes[1];
    assert.equal(id, 'stem');
    assert.deepEqual(stem, {
      name: 'stem',
      kind: 'Conv2D 3 × 3, stride 2 × 2, relu',
      family: 'weights',
      shape: '3 × 3 × 4',
      parameters: 3 * 3 * 3 * 4 + 4,
    });
  });

  it('adds the input of a sequential model, and leaves out other models that use its layers', () => {
    const chain = tf.sequential({
      name: 'chain',
      layers: [dropout({ rate: 0.3, inputShape: [4], name: 'drop' }), dense({ units: 1, name: 'last' })],
    });
    const other = tf.input({ shape: [4], name: 'other' });
    const wrapped = tf.model({ inputs: other, outputs: chain.layers[1].apply(other) as tf.SymbolicTensor });
    const diagram = layersDiagram(chain, {});
    assert.deepEqual(edgesOf(diagram), ['drop → last', 'input drop_input → drop']);
    assert.equal(diagram.nodes[1].kind, 'Dropout, 0.3');
    assert.deepEqual(edgesOf(layersDiagram(wrapped, {})), ['other → last']);
    chain.dispose();
  });

  it('draws a model within a model as one node', () => {
    const inner = branching();
    const outer = tf.sequential({ layers: [inner, dense({ units: 1, name: 'head' })] });
    const node = layersDiagram(outer, {}).nodes.find(({ name }) => name === 'branching')!;
    assert.deepEqual([node.family, node.kind], ['model', 'Model, 6 layers']);
    outer.dispose();
  });

  it('places branches side by side, with no overlapping boxes', () => {
    const box = { width: 300, height: 44 };
    const { corners, width, height } = diagramLayout(layersDiagram(model, {}), box);
    const boxes = [...corners.values()];
    for (const a of boxes)
      for (const b of boxes)
        assert.ok(a === b || Math.abs(a.x - b.x) >= box.width || Math.abs(a.y - b.y) >= box.height);
    assert.ok(
      boxes.every(({ x, y }) => x >= 0 && y >= 0 && x + box.width <= width && y + box.height <= height),
    );
  });

  it('is a picture without scripts, and a table with the same numbers', () => {
    const bundle = modelBundle(model, { title: '<b>Net</b>' });
    const svg = bundle['image/svg+xml'] as string;
    assert.match(svg, /<title>&lt;b&gt;Net&lt;\/b&gt;\. 5 layers, 206 parameters<\/title>/);
    assert.match(svg, />Conv2D 3 × 3, stride 2 × 2, relu<\/text>/);
    assert.doesNotMatch(svg, /<script|<style|undefined|NaN/);
    assert.match(bundle['text/plain'] as string, /skip +Add +3 × 3 × 4 +stem, side/);
  });

  it('shows the operations of a graph model and counts its constants', async () => {
    const graph = await graphModel(
      [
        placeholder(-1, 3),
        { name: 'a/dense', op: 'MatMul', input: ['x', 'w'] },
        { name: 'a/relu', op: 'Relu', input: ['a/dense'] },
        { name: 'unused', op: 'Relu', input: ['x'] },
        { name: 'sum', op: 'AddV2', input: ['a/relu', 'a/dense'] },
      ],
      { w: tf.ones([3, 2]) },
    );
    // The converter would name the output; this graph has two candidates.
    Object.defineProperty(graph, 'outputNodes', { value: ['sum'] });
    const diagram = graphDiagram(graph, {});
    assert.equal(diagram.caption, '4 operations, 6 parameters');
    assert.deepEqual(edgesOf(diagram), ['a/dense → a/relu', 'a/dense → sum', 'a/relu → sum', 'x → a/dense']);
    assert.equal(diagram.nodes.find(({ id }) => id === 'a/dense')?.kind, 'MatMul, 3 × 2');
    graph.dispose();
  });

  it('refuses a model without layers', () => {
    assert.throws(() => layersDiagram(tf.sequential({ name: 'empty' }), {}), NotPlottableError);
  });
});
