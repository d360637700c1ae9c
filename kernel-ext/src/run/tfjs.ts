import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Constant } from '../capture/kernel-call';
import { depthwiseTranspose } from './depthwise-transpose';
import { needed, type Graph, type Node, type Op } from '../plan/graph';
import type { ConvolutionPadding } from '../rules/rule';

/** How TensorFlow.js computes each operation of a plan. Results are fresh tensors. */
const kernels: Record<Exclude<Op, 'input' | 'constant'>, (inputs: Tensor[], node: Node) => Tensor> = {
  add: ([a, b]) => tf.add(a, b),
  multiply: ([a, b]) => tf.mul(a, b),
  greater: ([a, b]) => tf.cast(tf.greater(a, b), 'float32'),
  divide: ([a, b]) => tf.div(a, b),
  power: ([a, b]) => tf.pow(a, b),
  maximum: ([a, b]) => tf.maximum(a, b),
  oneMinus: ([a]) => tf.sub(1, a),
  clip: ([a], { attrs }) => tf.clipByValue(a, attrs.low!, attrs.high!),
  function: ([a], { attrs }) => tf[attrs.fn!](a),
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
  reshape: ([a], { shape }) => tf.reshape(a, [...shape]),
  broadcast: ([a], { shape }) => tf.broadcastTo(a, [...shape]),
  permute: ([a], { attrs }) => tf.transpose(a, [...attrs.permutation!]),
  pad: ([a], { attrs }) => tf.pad(a, attrs.paddings as [number, number][]),
  slice: ([a], { attrs, shape }) => tf.slice(a, [...attrs.begin!], [...shape]),
  concat: (parts, { attrs }) => tf.concat(parts, attrs.axis),
  gather: ([a], { attrs }) => tf.gather(a, tf.tensor1d([...attrs.indices!], 'int32'), attrs.axis),
  reduceSum: ([a], { attrs }) => tf.sum(a, [...attrs.axes!]),
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
  const ids = needed(graph, new Set(feeds.keys()), fetches);
  const uses = usesOf(graph, feeds, ids, fetches);
  const live = new Map<number, Tensor>();
  const get = (id: number) => feeds.get(id) ?? live.get(id)!;
  /** Counts a use; after the last one, this run no longer owns the tensor. */
  const take = (id: number): Tensor | undefined => {
    const left = uses.get(id)! - 1;
    uses.set(id, left);
    const tensor = live.get(id);
    if (left > 0 || tensor === undefined) return undefined;
    live.delete(id);
    return tensor;
  };
  try {
    for (const id of ids) {
      if (feeds.has(id)) continue;
      const node = graph.nodes[id];
      live.set(id, compute(graph, node, node.inputs.map(get)));
      for (const input of node.inputs) take(input)?.dispose();
      await nodeDone();
    }
    return fetches.map(id => {
      const tensor = get(id);
      return take(id) ?? tf.clone(tensor);
    });
  } finally {
    for (const tensor of live.values()) tensor.dispose();
  }
}

function compute(graph: Graph, node: Node, inputs: Tensor[]): Tensor {
  if (node.op === 'constant') return constantTensor(graph.constants[node.attrs.index!]);
  if (node.op === 'input') throw new Error(`the plan's input '${node.attrs.name}' was not fed`);
  return tf.tidy(() => kernels[node.op as keyof typeof kernels](inputs, node));
}

/** How often each of some nodes is read, by the others and by the caller. */
function usesOf(
  graph: Graph,
  feeds: ReadonlyMap<number, Tensor>,
  ids: readonly number[],
  fetches: readonly number[],
) {
  const uses = new Map<number, number>(ids.map(id => [id, 0]));
  const readings = ids.filter(id => !feeds.has(id)).flatMap(id => graph.nodes[id].inputs);
  for (const id of [...readings, ...fetches]) uses.set(id, uses.get(id)! + 1);
  return uses;
}
