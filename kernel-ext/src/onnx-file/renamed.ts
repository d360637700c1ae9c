import { clone } from '@bufbuild/protobuf';
import { graphsOf } from './graph';
import { shallowCopy } from './shallow-copy';
import { type GraphProto, type NodeProto, NodeProtoSchema } from './onnx_pb';

/** How a value is called after its node has moved to another graph. */
export type Naming = (value: string) => string;

/** A copy of a node with other names for its values, in the graphs inside it, too. A value without a name is none. */
export function renamed(node: NodeProto, naming: Naming, prefix: string): NodeProto {
  const copy = shallow(node);
  rename(copy, value => (value === '' ? '' : naming(value)));
  copy.name = node.name === '' ? '' : prefix + node.name;
  return copy;
}

/** Numbers are shared; only what names values is copied. */
function shallow(node: NodeProto): NodeProto {
  const inside = graphsOf(node).length > 0;
  return inside ? clone(NodeProtoSchema, node) : shallowCopy(node, {});
}

function rename(node: NodeProto, naming: Naming): void {
  node.input = node.input.map(naming);
  node.output = node.output.map(naming);
  for (const graph of graphsOf(node)) renameGraph(graph, naming);
}

function renameGraph(graph: GraphProto, naming: Naming): void {
  for (const value of [...graph.input, ...graph.output, ...graph.initializer])
    value.name = naming(value.name);
  for (const { values } of graph.sparseInitializer)
    if (values !== undefined) values.name = naming(values.name);
  graph.valueInfo = [];
  for (const node of graph.node) rename(node, naming);
}
