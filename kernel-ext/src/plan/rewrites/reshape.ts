import { sizeOf, type Op, type Shape } from '../graph';
import type { Rewrite } from '../rewriter';

const ELEMENTWISE = new Set<Op>(['add', 'multiply', 'greater', 'oneMinus', 'clip']);

/**
 * Leaves out inserted axes of length 1 until the end: onnxruntime runs a matrix product as one kernel if its result is shifted and
 * clipped without a reshape in between.
 */
export const reshapesLast: Rewrite = (node, inputs, { graph }) => {
  if (!ELEMENTWISE.has(node.op)) return undefined;
  const wide = inputs.find(id => {
    const { op, inputs: from, shape } = graph.nodes[id];
    return (
      op === 'reshape' && sizeOf(shape) === sizeOf(node.shape) && isNarrower(graph.shape(from[0]), shape)
    );
  });
  if (wide === undefined) return undefined;
  const narrow = graph.shape(graph.nodes[wide].inputs[0]);
  const parts = inputs.map(id => {
    const shape = narrowed(graph.shape(id), node.shape, narrow);
    const { op, attrs } = graph.nodes[id];
    return op === 'constant'
      ? graph.constant({ ...graph.constants[attrs.index!], shape: [...shape] })
      : graph.reshape(id, shape);
  });
  return graph.reshape(graph.append({ ...node, inputs: parts, shape: narrow }), node.shape);
};

/** Whether a shape differs from another only in lacking axes of length 1. */
function isNarrower(narrow: Shape, wide: Shape): boolean {
  const proper = (shape: Shape) => shape.filter(d => d !== 1);
  return narrow.length < wide.length && proper(narrow).join() === proper(wide).join();
}

/** The shape of an operand that is broadcast to a wide shape, as it is broadcast to the narrow one. */
function narrowed(operand: Shape, wide: Shape, narrow: Shape): Shape {
  const aligned = [...Array<number>(wide.length - operand.length).fill(1), ...operand];
  const proper = aligned.filter((_, axis) => wide[axis] !== 1);
  return narrow.map(d => (d === 1 ? 1 : proper.shift()!));
}
