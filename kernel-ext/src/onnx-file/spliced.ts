import { create } from '@bufbuild/protobuf';
import { attributeOf, type OnnxNode } from './graph';
import { NodeProtoSchema, type NodeProto, type TensorProto } from './onnx_pb';
import { definedIn } from './reads-of';
import { renamed } from './renamed';
import { shallowCopy } from './shallow-copy';
import type { WriteOut } from './written-out';

/** The nodes and weights that take the place of an If whose condition is known. */
export interface Branch {
  nodes: OnnxNode[];
  weights: TensorProto[];
}

/** One branch of an If, whose values get names of their own; Identity nodes give what the If gave. */
export function branchOf({ proto, label }: OnnxNode, condition: boolean, writeOut: WriteOut): Branch {
  const graph = attributeOf(proto, condition ? 'then_branch' : 'else_branch')!.g!;
  const prefix = `${label}/`;
  const own = new Set(definedIn(graph));
  const naming = (value: string) => (own.has(value) ? prefix + value : value);
  const ends = graph.output.flatMap(({ name }, i): NodeProto[] => {
    const output = proto.output[i] ?? '';
    if (output === '') return [];
    return [create(NodeProtoSchema, { opType: 'Identity', input: [naming(name)], output: [output] })];
  });
  const inner = graph.node.map(node => renamed(node, naming, prefix));
  return {
    nodes: writeOut([...inner, ...ends]),
    weights: graph.initializer.map(weight => shallowCopy(weight, { name: naming(weight.name) })),
  };
}
