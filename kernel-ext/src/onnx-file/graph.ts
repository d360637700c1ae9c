import type { AttributeProto, NodeProto, TensorProto } from './onnx_pb';

/** The set of ONNX operators that a node is from: the default domain is ''. */
export interface Opset {
  domain: string;
  version: number;
}

/** A node of a graph whose functions are written out. */
export interface OnnxNode {
  readonly proto: NodeProto;
  readonly opset: Opset;
  /** The name in messages: its own, or that of its first output. */
  readonly label: string;
}

/** The nodes of an ONNX model, each after those that it reads. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** Which branches have been put in place of Ifs. */
  readonly choices: string;
  readonly weights: readonly TensorProto[];
  /** The names of all weights. */
  readonly initializers: ReadonlySet<string>;
  /** The names of the inputs that have no default. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export const labelOf = (node: NodeProto): string =>
  node.name || node.output.find(name => name !== '') || node.opType;

export const attributeOf = ({ attribute }: NodeProto, name: string): AttributeProto | undefined =>
  attribute.find(candidate => candidate.name === name);

/** The graphs inside a node, such as the branches of an If. */
export const graphsOf = ({ attribute }: NodeProto) =>
  attribute.flatMap(({ g, graphs }) => (g === undefined ? graphs : [g, ...graphs]));
