import { movingNodes } from '../../capture/onnx-source';
import type { OnnxNode } from '../../onnx-file/graph';
import { layerNames } from '../../onnx-file/layer-names';
import { type OnnxModel, partsOf } from '../../onnx-file/onnx-model';
import { sizeOf } from '../../plan/graph';
import { countText, type Diagram, type DiagramNode, type Family, type ModelView, shapeText } from './diagram';

const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/Conv|Gemm|MatMul|Einsum|Linear|LSTM|GRU|RNN/, 'weights'],
  [/Pool|^Reduce/, 'pooling'],
  [/Norm|Dropout|Scaler/, 'normalization'],
  [/[Rr]elu|Softmax|igmoid|Tanh|[Ee]lu|Clip|Erf|Mish|HardSwish|Soft(plus|sign)/, 'activation'],
  [/^(Add|Sub|Mul|Div|Max|Min|Sum|Mean|Concat|Where)$/, 'merge'],
];

/** The operators of an ONNX file through which x goes, from the inputs to the outputs. */
export function onnxDiagram(model: OnnxModel, view: ModelView): Diagram {
  const { graph } = partsOf(model).file;
  const nodes = movingNodes(model);
  const names = layerNames(graph.nodes);
  const shapes = new Map(graph.weights.map(({ name, dims }) => [name, dims.map(Number)]));
  const used = new Set(graph.nodes.flatMap(({ proto }) => proto.input));
  const parameters = [...shapes].filter(([name]) => used.has(name)).map(([, shape]) => sizeOf(shape));
  const inputs = model.inputs.map(({ name, shape }) => inputNode(name, shape));
  const all = nodes.map((node, i) => nodeOf(node, idOf(i), names.get(node)!, shapes));
  const makers = new Map(model.inputs.map(({ name }) => [name, `input ${name}`]));
  nodes.forEach(({ proto }, i) => proto.output.forEach(name => makers.set(name, idOf(i))));
  const edges = nodes.flatMap(({ proto }, i) =>
    [...new Set(proto.input.flatMap(name => makers.get(name) ?? []))].map(from => [from, idOf(i)] as const),
  );
  const total = parameters.reduce((sum, size) => sum + size, 0);
  return {
    title: view.title ?? 'ONNX model',
    caption: view.caption ?? `${countText(nodes.length, 'operator')}, ${countText(total, 'parameter')}`,
    nodes: [...inputs, ...all],
    edges,
  };
}

const idOf = (node: number): string => `node ${node}`;

const inputNode = (name: string, shape: readonly (number | string)[]): DiagramNode => ({
  id: `input ${name}`,
  name,
  kind: 'Input',
  family: 'input',
  shape: shapeText(shape.slice(1).map(length => (typeof length === 'number' ? length : null))),
  parameters: 0,
});

function nodeOf(
  { proto }: OnnxNode,
  id: string,
  name: string,
  shapes: ReadonlyMap<string, readonly number[]>,
): DiagramNode {
  const weights = proto.input.flatMap(input => (shapes.has(input) ? [shapes.get(input)!] : []));
  const kernel = weights.find(({ length }) => length > 1);
  return {
    id,
    name,
    kind: kernel === undefined ? proto.opType : `${proto.opType}, ${shapeText(kernel)}`,
    family: FAMILIES.find(([pattern]) => pattern.test(proto.opType))?.[1] ?? 'other',
    // Known only once the model has run.
    shape: '',
    parameters: weights.reduce((sum, shape) => sum + sizeOf(shape), 0),
  };
}
