import { OnnxError } from '../errors';
import type { OnnxNode } from './graph';

/** How onnxruntime names a node in its messages. */
const NODES = [
  /running (?<operator>\w+) node\. Name:'(?<node>[^']*)'/,
  /implementation for (?<operator>[\w.:]+)\(-?\d+\) node with name '(?<node>[^']*)'/,
  /Node \((?<node>[^)]*)\) Op \((?<operator>[^)]*)\)/,
  /Node:\s?(?<node>\S+).*?(?:op|Op)[:\s]+(?<operator>\w+)/,
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

/** The last part of a message, without the places in the source code of onnxruntime that lead to it. */
function sentenceOf(text: string): string {
  const [last = text] = text.split(/\/onnxruntime[^\s]*:\d+ /).slice(-1);
  const message = last.replace(/^.*?(?:Status Message: |\bwas false\. )/s, '').trim();
  return message.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 400);
}
