import { sizeOf, type Node } from '../graph';
import type { Rewrite } from '../rewriter';

const FORWARD = new Set(['conv2d', 'depthwise', 'matMul']);
const TRANSPOSED = new Set(['conv2dTranspose', 'depthwiseTranspose', 'matMul']);

/** γ∘(W·v) = (γ∘W)·v and Wᵀ·(γ∘u) = (γ∘W)ᵀ·u, where γ is one number per channel. */
export const scaleIntoWeights: Rewrite = (node, inputs, r) => {
  if (node.op === 'multiply') {
    for (const [product, scale] of [inputs, inputs.toReversed()]) {
      const { op, inputs: from, attrs, shape } = r.graph.nodes[product];
      const gamma = r.perChannel(scale);
      const isForward = FORWARD.has(op) && attrs.transposeB !== true && r.isReadOnce(product);
      if (!isForward || gamma === null || shape.length !== node.shape.length) continue;
      const weights = r.scaled(from[1], gamma);
      if (weights !== null) return r.graph.append({ op, inputs: [from[0], weights], attrs, shape });
    }
  } else if (TRANSPOSED.has(node.op) && (node.op !== 'matMul' || node.attrs.transposeB === true)) {
    const [u, filter] = inputs;
    const scaling = r.graph.nodes[u];
    if (scaling.op !== 'multiply') return undefined;
    for (const [v, scale] of [scaling.inputs, scaling.inputs.toReversed()]) {
      const gamma = r.perChannel(scale);
      if (gamma === null || sizeOf(r.graph.shape(v)) !== sizeOf(scaling.shape)) continue;
      const weights = r.scaled(filter, gamma);
      if (weights !== null) return r.graph.append({ ...node, inputs: [v, weights] });
    }
  }
  return undefined;
};

/** A convolution can add one number per channel itself, as its bias. */
export const biasIntoConvolution: Rewrite = (node, inputs, { graph, isReadOnce, perChannel }) => {
  if (node.op !== 'add') return undefined;
  for (const [product, offset] of [inputs, inputs.toReversed()]) {
    const { op, inputs: from, attrs, shape } = graph.nodes[product];
    if (op !== 'conv2d' && op !== 'depthwise') continue;
    const values = perChannel(offset);
    if (values === null || from.length > 2 || !isReadOnce(product) || values.length !== shape.at(-1))
      continue;
    const bias = graph.constant({ values, shape: [values.length] });
    return graph.append({ op, inputs: [...from, bias], attrs, shape });
  }
  return undefined;
};

/** Rows and columns that are cut off an image right after it was computed. */
export const crop: Rewrite = (node, [input], r) => {
  if (node.op !== 'slice') return undefined;
  const from = r.graph.nodes[input];
  if (!isTransposedConvolution(from) || from.attrs.image !== undefined || !r.isReadOnce(input))
    return undefined;
  const begin = node.attrs.begin!;
  const filter = r.graph.shape(from.inputs[1]);
  const after = begin.map((b, i) => from.shape[i] - b - node.shape[i]);
  const fits = [1, 2].every(axis => Math.max(begin[axis], after[axis]) < filter[axis - 1]);
  const whole = [0, 3].every(axis => begin[axis] === 0 && after[axis] === 0);
  if (!fits || !whole || from.attrs.pad !== 'valid') return undefined;
  const attrs = { ...from.attrs, image: from.shape, crop: [begin[1], begin[2]] as const };
  return r.graph.append({ ...from, shape: node.shape, attrs });
};

const isTransposedConvolution = ({ op }: Node) => op === 'conv2dTranspose' || op === 'depthwiseTranspose';
