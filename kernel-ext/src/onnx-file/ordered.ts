import { OnnxError } from '../errors';
import type { OnnxNode } from './graph';
import { readsOf } from './reads-of';

/**
 * The nodes, each after those that it reads; nodes of a file in order keep it.
 * @param known the values that no node gives: inputs and weights.
 * @throws OnnxError for a circle, a value that two nodes give, or one that nothing gives
 */
export function ordered(
  nodes: readonly OnnxNode[],
  known: ReadonlySet<string>,
  file: string,
): readonly OnnxNode[] {
  const makers = makersOf(nodes, known, file);
  const result: OnnxNode[] = [];
  const state = new Map<OnnxNode, 'waiting' | 'done'>();
  for (const root of nodes) {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.at(-1)!;
      if (state.get(node) === 'done') stack.pop();
      else if (state.get(node) === 'waiting') {
        state.set(node, 'done');
        result.push(node);
        stack.pop();
      } else {
        state.set(node, 'waiting');
        for (const value of readsOf(node.proto)) {
          if (known.has(value)) continue;
          const maker = makers.get(value);
          if (maker === undefined) throw missing(value, node, file);
          if (state.get(maker) === 'waiting') throw circle(value, node, file);
          stack.push(maker);
        }
      }
    }
  }
  return result;
}

function makersOf(
  nodes: readonly OnnxNode[],
  known: ReadonlySet<string>,
  file: string,
): ReadonlyMap<string, OnnxNode> {
  const makers = new Map<string, OnnxNode>();
  for (const node of nodes)
    for (const value of node.proto.output) {
      if (value === '') continue;
      if (makers.has(value) || known.has(value))
        throw errorAt(node, file, `it gives '${value}', which is given elsewhere already`);
      makers.set(value, node);
    }
  return makers;
}

const missing = (value: string, node: OnnxNode, file: string) =>
  errorAt(
    node,
    file,
    `it reads '${value}', which is no input, no weight, and no output of a node. The file is incomplete: export it again`,
  );

const circle = (value: string, node: OnnxNode, file: string) =>
  errorAt(
    node,
    file,
    `it reads '${value}', which depends on the node itself. A graph must not contain a circle`,
  );

const errorAt = ({ label, proto }: OnnxNode, file: string, reason: string) =>
  new OnnxError(file, reason, { node: label, operator: proto.opType });
