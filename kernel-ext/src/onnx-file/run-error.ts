import { OnnxError } from '../errors';
import type { OnnxNode } from './graph';

/** How onnxruntime names a node in its messages. */
const NODES = [
  /running (?<operator>\w+) node\. Name:'(?<node>[^']*)'/,
  /implementation for (?<operator>[\w.:]+)\(-?\d+\) node with name '(?<node>[^']*)'/,
  /Node \((?<node>[^)]*)\) Op \((?<operator>[^)]*)\)/,
  /In Node, \("(?<node>[^"]*)", (?<operator>\w+), /,
  /error: (?:[\w.]*:)?(?<operator>\w+)\(-?\d+\) is not a registered/,
];

/** What onnxruntime reports, as an error that names the file and the node. */
export function runError(file: string, error: unknown, nodes: readonly OnnxNode[]): unknown {
  if (error instanceof OnnxError || !(error instanceof Error)) return error;
  const text = error.message;
  const { node, operator } =
    NODES.map(form => form.exec(text)?.groups).find(found => found !== undefined) ?? {};
  // onnxruntime reports a node without a name as ''.
  const label = node || nodes.find(({ proto }) => proto.opType === operator)?.label;
  const place = operator === undefined ? {} : { node: label ?? operator, operator };
  return new OnnxError(file, `onnxruntime cannot run it: ${sentenceOf(text)}`, place, { cause: error });
}

/** What precedes the cause in a message of onnxruntime: places in its source code, and the node once more. */
const BEFORE_CAUSE =
  /^.*(?:Status Message: |was false\. |\) , Error |\[ShapeInferenceError\] |\.(?:cc|h):\d+ )/s;

/** The signature of the C++ function that failed. */
const SIGNATURE = /^[^'"]*?\bonnxruntime::\w+[^(]*\([^)]*\)\s*(?:\[[^\]]*\]\s*)?/;

function sentenceOf(text: string): string {
  return text
    .replace(BEFORE_CAUSE, '')
    .replace(SIGNATURE, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 400);
}
