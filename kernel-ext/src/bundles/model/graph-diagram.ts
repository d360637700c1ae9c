import type { GraphModel } from '@tensorflow/tfjs';
import { countText, type Diagram, type DiagramNode, type Family, type ModelView, shapeText } from './diagram';

/** An operation of a graph model, as TensorFlow.js stores it. */
interface Operation {
  name: string;
  op: string;
  category: string;
  inputs: readonly Operation[];
}

const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/^Placeholder/, 'input'],
  [/Conv|MatMul|Einsum/, 'weights'],
  [/Pool|^Mean$|^Max$|^Sum$/, 'pooling'],
  [/Norm/, 'normalization'],
  [/Relu|Softmax|Sigmoid|Tanh|Elu|Prelu/, 'activation'],
  [/^(Add|AddV2|AddN|Sub|Mul|RealDiv|Maximum|Minimum|Concat|ConcatV2)$/, 'merge'],
];

/** Constants feed many operations and would hide how the input becomes the output. */
const isConstant = ({ op }: Operation): boolean => op === 'Const';

/** The operations of a graph model from its inputs to its outputs. Constants count as parameters but are not drawn. */
export function graphDiagram(model: GraphModel, view: ModelView): Diagram {
  const operations = reached(model);
  const weights = Object.values(model.weights).flat();
  const parameters = weights.reduce((sum, weight) => sum + weight.size, 0);
  const edges = new Map<string, [string, string]>();
  for (const operation of operations)
    for (const input of operation.inputs)
      if (!isConstant(input)) edges.set(`${input.name} ${operation.name}`, [input.name, operation.name]);
  return {
    title: view.title ?? 'Graph model',
    caption:
      view.caption ?? `${countText(operations.length, 'operation')}, ${countText(parameters, 'parameter')}`,
    nodes: operations.map(operation => nodeOf(operation, model)),
    edges: [...edges.values()],
  };
}

/** The operations that the outputs depend on, in the order of the graph. */
function reached(model: GraphModel): Operation[] {
  const { graph } = (model as unknown as { executor: { graph: { nodes: Record<string, Operation> } } })
    .executor;
  const seen = new Set<string>();
  const waiting = model.outputNodes
    .map(name => graph.nodes[name.split(':')[0]])
    .filter(node => node !== undefined);
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (seen.has(node.name) || isConstant(node)) continue;
    seen.add(node.name);
    waiting.push(...node.inputs);
  }
  return Object.values(graph.nodes).filter(({ name }) => seen.has(name));
}

function nodeOf({ name, op, inputs }: Operation, model: GraphModel): DiagramNode {
  const constants = inputs.filter(isConstant).flatMap(input => model.weights[input.name] ?? []);
  const kernel = constants.find(({ rank }) => rank > 1);
  const port = [...model.inputs, ...model.outputs].find(each => each.name.split(':')[0] === name);
  return {
    id: name,
    name: name.split('/').slice(-2).join('/'),
    kind: kernel ? `${op}, ${shapeText(kernel.shape)}` : op,
    family: FAMILIES.find(([pattern]) => pattern.test(op))?.[1] ?? 'other',
    shape: shapeText(port?.shape?.slice(1) ?? []),
    parameters: constants.reduce((sum, { size }) => sum + size, 0),
  };
}
