import { broadcastShapes, sameShape, sizeOf, type Graph } from '../graph';
import type { Rewrite } from '../rewriter';

/** (u∘p)∘q = u∘(p∘q), where p and q are smaller than u: gates that the rows share. */
export const sharedFactorsFirst: Rewrite = (node, inputs, { graph, isReadOnce }) => {
  if (node.op !== 'multiply') return undefined;
  const [product, q] = largestFirst(graph, inputs);
  const inner = graph.nodes[product];
  if (inner.op !== 'multiply' || !isReadOnce(product)) return undefined;
  const [u, p] = largestFirst(graph, inner.inputs);
  const size = sizeOf(graph.shape(u));
  const shared = sizeOf(broadcastShapes(graph.shape(p), graph.shape(q)));
  if (size !== sizeOf(node.shape) || shared >= size) return undefined;
  return graph.elementwise('multiply', u, graph.elementwise('multiply', p, q));
};

/** reshape(u∘p)∘q = reshape(u∘(p∘q)) in the same way, where the stack keeps its axis, the first one. */
export const sharedFactorsThroughReshape: Rewrite = (node, inputs, { graph, isReadOnce }) => {
  if (node.op !== 'multiply') return undefined;
  const [reshaped, q] = largestFirst(graph, inputs);
  const { op, inputs: from, shape } = graph.nodes[reshaped];
  if (op !== 'reshape' || !isReadOnce(reshaped)) return undefined;
  const product = graph.nodes[from[0]];
  if (product.op !== 'multiply' || !isReadOnce(from[0])) return undefined;
  const [u, p] = largestFirst(graph, product.inputs);
  if (sizeOf(graph.shape(q)) === 1 && sizeOf(graph.shape(p)) < sizeOf(product.shape)) {
    const factor = graph.elementwise('multiply', p, q);
    return graph.reshape(graph.elementwise('multiply', u, factor), node.shape);
  }
  const isShared = [p, q].every(factor => graph.shape(factor)[0] === 1) && product.shape[0] === shape[0];
  if (!isShared || shape[0] === 1 || sizeOf(graph.shape(q)) * shape[0] !== sizeOf(shape)) return undefined;
  const there = graph.reshape(q, [1, ...product.shape.slice(1)]);
  const factor = graph.elementwise('multiply', p, there);
  return graph.reshape(graph.elementwise('multiply', u, factor), node.shape);
};

/** u∘p + u∘q = u∘(p + q), where p and q are smaller than u: one activation that enters a product twice. */
export const sharedFactorsSummed: Rewrite = (node, inputs, { graph, isReadOnce }) => {
  if (node.op !== 'add') return undefined;
  const products = inputs.map(id => {
    const { op, inputs: from } = graph.nodes[id];
    return isReadOnce(id) && op === 'reshape' && isReadOnce(from[0]) ? from[0] : id;
  });
  const parts = products.map(id => graph.nodes[id]);
  if (!parts.every(({ op }, i) => op === 'multiply' && isReadOnce(products[i]))) return undefined;
  if (inputs.some(id => !sameShape(graph.shape(id), node.shape))) return undefined;
  const [[u, p], [v, q]] = parts.map(part => largestFirst(graph, part.inputs));
  const size = sizeOf(node.shape);
  const shared = sizeOf(broadcastShapes(graph.shape(p), graph.shape(q)));
  if (u !== v || sizeOf(graph.shape(u)) !== size || shared >= size) return undefined;
  const factor = graph.elementwise('add', p, q);
  return graph.reshape(graph.elementwise('multiply', u, factor), node.shape);
};

function largestFirst(graph: Graph, [a, b]: readonly number[]): [number, number] {
  return sizeOf(graph.shape(a)) >= sizeOf(graph.shape(b)) ? [a, b] : [b, a];
}
