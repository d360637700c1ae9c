import { graphsOf } from './graph';
import type { GraphProto, NodeProto } from './onnx_pb';

/** The names of the values that a node reads, those among them that only the graphs inside it read. */
export function readsOf(node: NodeProto): Set<string> {
  const read = new Set(node.input);
  for (const graph of graphsOf(node)) for (const name of freeNames(graph)) read.add(name);
  read.delete('');
  return read;
}

/** The names that a graph reads and does not define. */
function freeNames(graph: GraphProto): Set<string> {
  const free = new Set(graph.output.map(({ name }) => name));
  for (const node of graph.node) for (const name of readsOf(node)) free.add(name);
  for (const name of definedIn(graph)) free.delete(name);
  return free;
}

/** The names that a graph defines by itself: inputs, weights, outputs of nodes. */
export function definedIn(graph: GraphProto): string[] {
  return [
    ...graph.input.map(({ name }) => name),
    ...graph.initializer.map(({ name }) => name),
    ...graph.sparseInitializer.map(({ values }) => values?.name ?? ''),
    ...graph.node.flatMap(({ output }) => output),
  ];
}
