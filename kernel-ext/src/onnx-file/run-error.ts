import { OnnxError } from '../errors';
import { attributeOf, type OnnxGraph } from './graph';
import { TensorProto_DataType } from './onnx_pb';

/** How onnxruntime names a node in its messages. */
const NODES = [
  /running (?<operator>\w+) node\. Name:'(?<node>[^']*)'/,
  /implementation for (?<operator>[\w.:]+)\(-?\d+\) node with name '(?<node>[^']*)'/,
  /Node \((?<node>[^)]*)\) Op \((?<operator>[^)]*)\)/,
  /In Node, \("(?<node>[^"]*)", (?<operator>\w+), /,
  /error: (?:[\w.]*:)?(?<operator>\w+)\(-?\d+\) is not a registered/,
];

/** What onnxruntime reports, as an error that names the file and the node. */
export function runError(file: string, error: unknown, graph: Pick<OnnxGraph, 'nodes' | 'weights'>): unknown {
  if (error instanceof OnnxError || !(error instanceof Error)) return error;
  const text = error.message;
  const { node, operator } =
    NODES.map(form => form.exec(text)?.groups).find(found => found !== undefined) ?? {};
  // onnxruntime reports a node without a name as ''.
  const label = node || graph.nodes.find(({ proto }) => proto.opType === operator)?.label;
  const place = operator === undefined ? placeOfLayout(text, graph) : { node: label ?? operator, operator };
  const reason = `onnxruntime cannot run it: ${sentenceOf(text)}${adviceFor(text, graph)}`;
  return new OnnxError(file, reason, place, { cause: error });
}

/** How onnxruntime refuses a recurrent layer whose first axis is the batch; it does not name it. */
const BATCH_FIRST = /Batchwise recurrent operations \(layout == 1\) are not supported/;

function placeOfLayout(
  text: string,
  { nodes }: Pick<OnnxGraph, 'nodes'>,
): { node?: string; operator?: string } {
  const found = BATCH_FIRST.test(text)
    ? nodes.find(({ proto }) => attributeOf(proto, 'layout')?.i === 1n)
    : undefined;
  return found === undefined ? {} : { node: found.label, operator: found.proto.opType };
}

/** What to do about it, where onnxruntime does not tell. */
function adviceFor(text: string, { nodes, weights }: Pick<OnnxGraph, 'nodes' | 'weights'>): string {
  if (BATCH_FIRST.test(text)) return '. Export it with layout 0, which has the time first';
  const isOfBfloat16 =
    weights.some(({ dataType }) => dataType === TensorProto_DataType.BFLOAT16) ||
    nodes.some(({ proto }) => attributeOf(proto, 'to')?.i === BigInt(TensorProto_DataType.BFLOAT16));
  return isOfBfloat16 && /Could not find an implementation/.test(text)
    ? '. On the CPU it computes nothing in bfloat16: export the model in float32'
    : '';
}

/** What precedes the cause in a message of onnxruntime: places in its source code, and the node once more. */
const BEFORE_CAUSE =
  /^.*(?:Status Message: |was false\. |\) , Error |\[ShapeInferenceError\] |\.(?:cc|h):\d+ )/s;

/** The signature of the C++ function that failed. */
const SIGNATURE = /^[^'"]*?\bonnxruntime::\w+[^(]*\([^)]*\)\s*(?:\[[^\]]*\]\s*)?/;

function sentenceOf(text: string): string {
  const told = BATCH_FIRST.exec(text)?.[0] ?? text;
  return told
    .replace(BEFORE_CAUSE, '')
    .replace(SIGNATURE, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 400);
}
