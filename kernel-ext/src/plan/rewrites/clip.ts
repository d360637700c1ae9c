import type { Graph, Node } from '../graph';
import type { Rewrite } from '../rewriter';

/** z∘[z > 0] = max(z, 0), and z∘[0 < z ≤ high] + high∘[z > high] = min(max(z, 0), high). */
export const clipped: Rewrite = (node, inputs, { graph }) => {
  if (node.op === 'multiply') {
    for (const [z, gate] of [inputs, inputs.toReversed()]) {
      if (threshold(graph, gate, z) === 0) return graph.clip(z, 0, Infinity);
    }
  } else if (node.op === 'add') {
    for (const [within, beyond] of [inputs, inputs.toReversed()]) {
      const found = clippedBetween(graph, graph.nodes[within], graph.nodes[beyond]);
      if (found !== undefined) return graph.clip(found.z, 0, found.high);
    }
  }
  return undefined;
};

/** Where max(z, 0) is computed anyway, the gate compares that instead of z, so that nothing else needs to read z. */
export const rectifiedFirst: Rewrite = (node, [z, limit], { graph, old }) => {
  if (node.op !== 'greater' || numberAt(graph, limit) !== 0) return undefined;
  if (!old.hasClip(node.inputs[0], 0, Infinity)) return undefined;
  return graph.elementwise('greater', graph.clip(z, 0, Infinity), limit);
};

function clippedBetween(graph: Graph, within: Node, beyond: Node) {
  if (within.op !== 'multiply' || beyond.op !== 'multiply') return undefined;
  for (const [z, inside] of [within.inputs, within.inputs.toReversed()]) {
    for (const [limit, above] of [beyond.inputs, beyond.inputs.toReversed()]) {
      const high = numberAt(graph, limit);
      if (high === undefined || threshold(graph, above, z) !== high) continue;
      const gate = graph.nodes[inside];
      if (gate.op !== 'multiply') continue;
      const isBelow = (id: number) =>
        graph.nodes[id].op === 'oneMinus' && graph.nodes[id].inputs[0] === above;
      const [p, q] = gate.inputs;
      if ((isBelow(p) && threshold(graph, q, z) === 0) || (isBelow(q) && threshold(graph, p, z) === 0))
        return { z, high };
    }
  }
  return undefined;
}

/** t of a gate [z > t]. */
function threshold(graph: Graph, gate: number, z: number): number | undefined {
  const { op, inputs } = graph.nodes[gate];
  return op === 'greater' && inputs[0] === z ? numberAt(graph, inputs[1]) : undefined;
}

function numberAt(graph: Graph, id: number): number | undefined {
  const { op, attrs } = graph.nodes[id];
  if (op !== 'constant') return undefined;
  const { values } = graph.constants[attrs.index!] as { values: Float32Array };
  return values.length === 1 ? values[0] : undefined;
}
