import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Constant } from '../capture/kernel-call';
import { depthwiseTranspose } from './depthwise-transpose';
import { needed, type Graph, type Node, type Op } from '../plan/graph';
import { inversePermutation } from '../plan/inverse-permutation';
import type { ConvolutionPadding } from '../rules/rule';
import {
  asIs,
  asStored,
  broadcast,
  concatenated,
  elementwise,
  filled,
  inOrder,
  permuted,
  type Permuted,
  reshaped,
  summed,
} from './permuted';

type Kernel = (inputs: Tensor[], node: Node) => Tensor;

/** Operations to which the order of the axes does not matter. */
const withoutOrder: Partial<Record<Op, Kernel>> = {
  add: ([a, b]) => tf.add(a, b),
  multiply: ([a, b]) => tf.mul(a, b),
  greater: ([a, b]) => tf.cast(tf.greater(a, b), 'float32'),
  divide: ([a, b]) => tf.div(a, b),
  power: ([a, b]) => tf.pow(a, b),
  maximum: ([a, b]) => tf.maximum(a, b),
  oneMinus: ([a]) => tf.sub(1, a),
  clip: ([a], { attrs }) => tf.clipByValue(a, attrs.low!, attrs.high!),
  function: ([a], { attrs }) => tf[attrs.fn!](a),
};

/** Operations that carry a permutation of their inputs on to their result. */
const withAxes: Partial<Record<Op, (inputs: Permuted[], node: Node) => Permuted>> = {
  permute: ([a], { attrs }) => permuted(a, attrs.permutation!),
  broadcast: ([a], { shape }) => broadcast(a, shape),
  reshape: ([a], { shape }) => reshaped(a, shape),
  concat: (parts, { attrs }) => concatenated(parts, attrs.axis!),
  reduceSum: ([a], { attrs }) => summed(a, attrs.axes!),
  pad: ([{ tensor, permutation }], { attrs }) => ({
    tensor: tf.pad(tensor, asStored(permutation, attrs.paddings!) as [number, number][]),
    permutation,
  }),
  slice: ([{ tensor, permutation }], { attrs, shape }) => ({
    tensor: tf.slice(tensor, asStored(permutation, attrs.begin!), asStored(permutation, shape)),
    permutation,
  }),
};

/** Operations for which a value need not repeat along its axes yet. */
const anyLength = new Set<Op>([...(Object.keys(withoutOrder) as Op[]), 'permute', 'broadcast']);

/** Operations on values with their axes in order. */
const kernels: Partial<Record<Op, Kernel>> = {
  softmax: ([a]) => tf.softmax(a),
  firstMaximum: ([a], { attrs }) => firstMaximum(a, attrs.axis!),
  matMul: ([a, b], { attrs }) => tf.matMul(a as Tensor2D, b as Tensor2D, false, attrs.transposeB),
  batchMatMul: ([a, b], { attrs }) => tf.matMul(a, b, false, attrs.transposeB),
  conv2d: ([x, w, b], { attrs }) => {
    const { image, pad } = padded(x, attrs.pad!);
    return plus(
      byGroup(attrs.groups, image, w, (x, w) => tf.conv2d(x, w, [...attrs.strides!], pad)),
      b,
    );
  },
  conv2dTranspose: ([u, w], { attrs, shape }) =>
    cropped(shape, attrs.pad!, ([n, height, width], pad) =>
      byGroup(attrs.groups, u, w, (u, w) =>
        tf.conv2dTranspose(u, w, [n, height, width, w.shape[2]], [...attrs.strides!], pad),
      ),
    ),
  depthwise: ([x, w, b], { attrs }) => {
    const { image, pad } = padded(x, attrs.pad!);
    return plus(tf.depthwiseConv2d(image as Tensor4D, w as Tensor4D, [...attrs.strides!], pad), b);
  },
  depthwiseTranspose: ([u, w], { attrs, shape }) =>
    cropped(shape, attrs.pad!, (full, pad) =>
      depthwiseTranspose(u, w, { strides: attrs.strides!, pad }, full),
    ),
  gather: ([a], { attrs }) => tf.gather(a, tf.tensor1d([...attrs.indices!], 'int32'), attrs.axis),
};

const plus = (y: Tensor, b: Tensor | undefined) => (b === undefined ? y : tf.add(y, b));

type NamedPadding = 'same' | 'valid';

/** Not every backend knows padding by side: the zeros are put around the image first. */
function padded(image: Tensor, pad: ConvolutionPadding): { image: Tensor; pad: NamedPadding } {
  if (typeof pad === 'string') return { image, pad };
  const [rows, columns] = pad;
  return { image: tf.pad(image, [[0, 0], [...rows], [...columns], [0, 0]]), pad: 'valid' };
}

/** The transpose of `padded`: an image of a shape is cut out of the whole one. */
function cropped(
  shape: readonly number[],
  pad: ConvolutionPadding,
  enlarge: (shape: readonly number[], pad: NamedPadding) => Tensor,
): Tensor {
  if (typeof pad === 'string') return enlarge(shape, pad);
  const around = [[0, 0], ...pad, [0, 0]];
  const whole = enlarge(
    shape.map((length, i) => around[i][0] + length + around[i][1]),
    'valid',
  );
  return tf.slice(
    whole,
    around.map(([before]) => before),
    [...shape],
  );
}

/** TensorFlow.js has no groups: each is a convolution by itself. */
function byGroup(
  groups = 1,
  images: Tensor,
  filter: Tensor,
  convolve: (images: Tensor4D, filter: Tensor4D) => Tensor,
): Tensor {
  if (groups === 1) return convolve(images as Tensor4D, filter as Tensor4D);
  const parts = tf.split(images, groups, 3) as Tensor4D[];
  const filters = tf.split(filter, groups, 3) as Tensor4D[];
  return tf.concat(
    parts.map((part, i) => convolve(part, filters[i])),
    3,
  );
}

function firstMaximum(a: Tensor, axis: number): Tensor {
  const along = a.shape.map((d, i) => (i === axis ? d : 1));
  const positions = tf.tensor(
    Int32Array.from({ length: a.shape[axis] }, (_, i) => i),
    along,
    'int32',
  );
  const kept = a.shape.map((d, i) => (i === axis ? 1 : d));
  return tf.cast(tf.equal(tf.reshape(tf.argMax(a, axis), kept), positions), 'float32');
}

/** A constant as a tensor of its own, which shares the numbers of the model where it can. The caller disposes it. */
export function constantTensor(constant: Constant): Tensor {
  if ('values' in constant) return tf.tensor(constant.values, constant.shape, 'float32');
  const { tensor, shape } = constant;
  if (tensor.dtype === 'float32') return tf.reshape(tensor, shape);
  return tf.tidy(() => tf.reshape(tf.cast(tensor, 'float32'), shape));
}

/**
 * Computes some nodes of a graph, and of the others only what they need. Each intermediate is freed after its last use.
 *
 * @param feeds tensors for inputs and for any node that is known already; they stay the caller's.
 * @param nodeDone called after each node; if it throws, so does the run, and no tensor is left behind.
 * @returns one tensor for each of `fetches`, which the caller disposes.
 */
export async function run(
  graph: Graph,
  feeds: ReadonlyMap<number, Tensor>,
  fetches: readonly number[],
  nodeDone: () => Promise<void>,
): Promise<Tensor[]> {
  const fed = new Map([...feeds].map(([id, tensor]) => [id, asIs(tensor)]));
  return (await runPermuted(graph, fed, fetches, nodeDone)).map(ordered);
}

/** As `run`, for values whose axes may still have to be permuted. */
export async function runPermuted(
  graph: Graph,
  feeds: ReadonlyMap<number, Permuted>,
  fetches: readonly number[],
  nodeDone: () => Promise<void>,
): Promise<Permuted[]> {
  const ids = needed(graph, new Set(feeds.keys()), fetches);
  const uses = usesOf(graph, feeds, ids, fetches);
  const wanted = wantedPermutations(graph, ids);
  const live = new Map<number, Permuted>();
  const get = (id: number) => feeds.get(id) ?? live.get(id)!;
  /** Gives an intermediate the form that an operation reads, once for all that read it. */
  const settle = (id: number, op: Op): void => {
    const value = live.get(id);
    if (value === undefined || anyLength.has(op)) return;
    const whole = filled(value, graph.shape(id));
    live.set(id, op in kernels ? asIs(ordered(whole)) : whole);
  };
  /** Counts a use; after the last one, this run no longer owns the value. */
  const take = (id: number): Permuted | undefined => {
    const left = uses.get(id)! - 1;
    uses.set(id, left);
    const value = live.get(id);
    if (left > 0 || value === undefined) return undefined;
    live.delete(id);
    return value;
  };
  try {
    for (const id of ids) {
      if (feeds.has(id)) continue;
      const node = graph.nodes[id];
      for (const input of node.inputs) settle(input, node.op);
      live.set(id, compute(graph, node, node.inputs.map(get), wanted.get(id) ?? null));
      for (const input of node.inputs) take(input)?.tensor.dispose();
      await nodeDone();
    }
    return fetches.map(id => {
      const { tensor, permutation } = get(id);
      return filled(take(id) ?? { tensor: tf.clone(tensor), permutation }, graph.shape(id));
    });
  } finally {
    for (const { tensor } of live.values()) tensor.dispose();
  }
}

/** A value of one's own as a tensor of one's own. */
export function ordered(value: Permuted): Tensor {
  const tensor = inOrder(value);
  if (tensor !== value.tensor) value.tensor.dispose();
  return tensor;
}

function compute(graph: Graph, node: Node, inputs: Permuted[], wanted: Permuted['permutation']): Permuted {
  if (node.op === 'constant') return asIs(constantTensor(graph.constants[node.attrs.index!]));
  if (node.op === 'input') throw new Error(`the plan's input '${node.attrs.name}' was not fed`);
  let permutation: Permuted['permutation'] = null;
  const tensor = tf.tidy(() => {
    const value = computed(node, inputs, wanted);
    permutation = value.permutation;
    return value.tensor;
  });
  return { tensor, permutation };
}

function computed(node: Node, inputs: Permuted[], wanted: Permuted['permutation']): Permuted {
  const anyOrder = withoutOrder[node.op];
  if (anyOrder !== undefined) return elementwise(inputs, parts => anyOrder(parts, node), wanted);
  const carried = withAxes[node.op]?.(inputs, node);
  return carried ?? asIs(kernels[node.op]!(inputs.map(inOrder), node));
}

const carries = (op: Op) => op in withoutOrder || op === 'pad' || op === 'slice';

/** The permutations that a later one takes back, with nothing between but operations that keep the order of the axes. */
function wantedPermutations(graph: Graph, ids: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const wanted = new Map<number, readonly number[]>();
  for (const id of ids.toReversed()) {
    const { op, inputs, attrs } = graph.nodes[id];
    const found =
      op === 'permute' ? inversePermutation(attrs.permutation!) : carries(op) ? wanted.get(id) : undefined;
    if (found === undefined) continue;
    for (const input of inputs) if (graph.shape(input).length === found.length) wanted.set(input, found);
  }
  return wanted;
}

/** How often each of some nodes is read, by the others and by the caller. */
function usesOf(
  graph: Graph,
  feeds: ReadonlyMap<number, unknown>,
  ids: readonly number[],
  fetches: readonly number[],
) {
  const uses = new Map<number, number>(ids.map(id => [id, 0]));
  const readings = ids.filter(id => !feeds.has(id)).flatMap(id => graph.nodes[id].inputs);
  for (const id of [...readings, ...fetches]) uses.set(id, uses.get(id)! + 1);
  return uses;
}
