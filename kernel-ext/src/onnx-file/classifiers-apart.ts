import { create } from '@bufbuild/protobuf';
import { attributeOf, type OnnxNode } from './graph';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
} from './onnx_pb';
import { shallowCopy } from './shallow-copy';

const AFTER: Readonly<Record<string, string>> = { SOFTMAX: 'Softmax', LOGISTIC: 'Sigmoid' };

/**
 * The nodes of a model, with each LinearClassifier that ends with a softmax or a logistic function as two nodes, so that the
 * logits are a value of their own. A Normalizer of what a softmax gives changes nothing, and hands it on.
 */
export function classifiersApart(
  nodes: readonly OnnxNode[],
  versions: ReadonlyMap<string, number>,
): OnnxNode[] {
  const normal = new Set<string>();
  return nodes.flatMap(node => {
    const { proto, opset } = node;
    if (opset.domain !== 'ai.onnx.ml') return [node];
    if (proto.opType === 'Normalizer' && normal.has(proto.input[0]) && textOf(node, 'norm') === 'L1')
      return [plain(node, 'Identity', proto.input[0], proto.output[0], versions)];
    const after = hasRowForEach(node) ? AFTER[textOf(node, 'post_transform')] : undefined;
    const [label, scores] = proto.output;
    if (after === undefined || !scores) return [node];
    if (after === 'Softmax') normal.add(scores);
    const logits = `${scores}/logits`;
    const attribute = proto.attribute.filter(({ name }) => name !== 'post_transform');
    const first = { ...node, proto: shallowCopy(proto, { attribute, output: [label, logits] }) };
    return [first, plain(node, after, logits, scores, versions)];
  });
}

/**
 * Whether a node is a LinearClassifier with a row of coefficients for each class. A single row may stand for two classes, and the
 * second score is then made of the first one after the logistic function.
 */
function hasRowForEach({ proto }: OnnxNode): boolean {
  if (proto.opType !== 'LinearClassifier') return false;
  const count = (name: string, list: 'floats' | 'ints' | 'strings') =>
    attributeOf(proto, name)?.[list].length ?? 0;
  const labels = count('classlabels_ints', 'ints') || count('classlabels_strings', 'strings');
  return labels > 0 && count('intercepts', 'floats') === labels;
}

/** A node of ONNX's own operators with one input and one output, in place of a part of another. */
function plain(
  { label }: OnnxNode,
  opType: string,
  input: string,
  output: string,
  versions: ReadonlyMap<string, number>,
): OnnxNode {
  const name = `${label}/${opType}`;
  const attribute = opType === 'Softmax' ? [axisOne()] : [];
  const proto = create(NodeProtoSchema, { opType, name, input: [input], output: [output], attribute });
  return { proto, opset: { domain: '', version: versions.get('') ?? 0 }, label: name };
}

const axisOne = (): AttributeProto =>
  create(AttributeProtoSchema, { name: 'axis', type: AttributeProto_AttributeType.INT, i: 1n });

const textOf = ({ proto }: OnnxNode, attribute: string): string =>
  Buffer.from(attributeOf(proto, attribute)?.s ?? '').toString('latin1');
