import { createHash } from 'node:crypto';
import { needed } from '../plan/graph';
import type { Plan } from '../plan/plan';
import { numbersOf } from '../run/onnx-model';

/** SHA-256 of how a plan computes F(x): its operations and all numbers in them, without the names of layers. */
export function modelHash({ graph, y }: Pick<Plan, 'graph' | 'y'>): string {
  const hash = createHash('sha256');
  const nodes = needed(graph, new Set(), [y]);
  const position = new Map(nodes.map((node, i) => [node, i]));
  for (const id of nodes) {
    const { op, inputs, shape, attrs } = graph.nodes[id];
    const { index, ...rest } = attrs;
    hash.update(JSON.stringify([op, inputs.map(input => position.get(input)), shape, rest]));
    if (index === undefined) continue;
    const numbers = numbersOf(graph.constants[index]);
    hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }
  return hash.digest('hex');
}
