import type { Constant } from '../capture/kernel-call';
import type { ConvolutionPadding, ElementaryFunction } from '../rules/rule';
import { ConstantPool } from './constant-pool';

export { sizeOf } from '../payload/arrays/size-of';

/**
 * The operations that executors implement. Everything is float32; shapes are static.
 *
 * | op | inputs | attrs | result |
 * | --- | --- | --- | --- |
 * | input | | name | fed at run time |
 * | constant | | index | graph.constants[index] |
 * | add, multiply, greater | a, b | | elementwise with broadcasting; greater gives 0 or 1 |
 * | divide, power, maximum | a, b | | elementwise with broadcasting |
 * | oneMinus | a | | 1 − a |
 * | clip | a | low, high | min(max(a, low), high) |
 * | function | a | fn | an elementary function of each entry |
 * | softmax | a | | along the last axis |
 * | firstMaximum | a | axis | 1 at the first maximum along the axis, else 0 |
 * | matMul | a, b | transposeB | [M, K]·[K, N] |
 * | batchMatMul | a, b | transposeB | [G, M, K]·[G, K, N]; a may have further leading axes |
 * | conv2d, depthwise | x, filter, b | strides, pad, groups | NHWC convolution; b, one number per channel, may be missing |
 * | conv2dTranspose, depthwiseTranspose | u, filter | strides, pad, groups | its transpose; the node's shape is that of x |
 * | reshape, broadcast | a | | to the node's shape |
 * | permute | a | permutation | axis i of the result is axis permutation[i] |
 * | pad | a | paddings | zeros around |
 * | slice | a | begin | of the node's shape |
 * | concat | a, b, … | axis | |
 * | gather | a | axis, indices | entries along the axis |
 * | reduceSum | a | axes | summed axes disappear |
 */
export type Op =
  | 'input'
  | 'constant'
  | 'add'
  | 'multiply'
  | 'greater'
  | 'divide'
  | 'power'
  | 'maximum'
  | 'oneMinus'
  | 'clip'
  | 'function'
  | 'softmax'
  | 'firstMaximum'
  | 'matMul'
  | 'batchMatMul'
  | 'conv2d'
  | 'conv2dTranspose'
  | 'depthwise'
  | 'depthwiseTranspose'
  | 'reshape'
  | 'broadcast'
  | 'permute'
  | 'pad'
  | 'slice'
  | 'concat'
  | 'gather'
  | 'reduceSum';

export interface Attrs {
  name?: string;
  index?: number;
  axis?: number;
  axes?: readonly number[];
  transposeB?: boolean;
  strides?: readonly [number, number];
  pad?: ConvolutionPadding;
  /** Of the channels of a convolution: 1 where absent. */
  groups?: number;
  permutation?: readonly number[];
  paddings?: readonly (readonly [number, number])[];
  begin?: readonly number[];
  indices?: readonly number[];
  fn?: ElementaryFunction;
  low?: number;
  high?: number;
  /** For a transposed convolution: the whole image, from which the node's shape is cut out at [top, left]. */
  image?: Shape;
  crop?: readonly [number, number];
}

export type Shape = readonly number[];

/** One operation of a plan; inputs are the numbers of earlier nodes. Plain data. */
export interface Node {
  op: Op;
  inputs: readonly number[];
  attrs: Attrs;
  shape: Shape;
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

/** NumPy's broadcasting of two shapes. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const at = (s: Shape, i: number) => s[i - rank + s.length] ?? 1;
  return Array.from({ length: rank }, (_, i) => {
    const [p, q] = [at(a, i), at(b, i)];
    if (p !== q && p !== 1 && q !== 1) throw new Error(`shapes [${a}] and [${b}] do not broadcast`);
    return p === 1 ? q : p;
  });
}

/** A static graph that only grows: nodes are appended in an order in which they can run, and equal nodes are stored once. */
export class Graph {
  readonly nodes: Node[] = [];
  private readonly pool = new ConstantPool();
  private readonly known = new Map<string, number>();

  get constants(): readonly Constant[] {
    return this.pool.constants;
  }

  shape(node: number): Shape {
    return this.nodes[node].shape;
  }

  input(name: string, shape: Shape): number {
    return this.add('input', [], shape, { name });
  }

  constant(constant: Constant): number {
    return this.add('constant', [], constant.shape, { index: this.pool.add(constant) });
  }

  /** Appends a node as it is, unless an equal one exists already. */
  append({ op, inputs, shape, attrs }: Node): number {
    return this.add(op, inputs, shape, attrs);
  }

  number(value: number): number {
    return this.constant({ values: Float32Array.of(value), shape: [] });
  }

  elementwise(
    op: 'add' | 'multiply' | 'greater' | 'divide' | 'power' | 'maximum',
    a: number,
    b: number,
  ): number {
    const shape = broadcastShapes(this.shape(a), this.shape(b));
    const [p, q] = op === 'multiply' ? [this.unbroadcast(a, b), this.unbroadcast(b, a)] : [a, b];
    return this.add(op, [p, q], shape);
  }

  oneMinus(a: number): number {
    const { op, inputs } = this.nodes[a];
    if (op === 'oneMinus') return inputs[0];
    return this.add('oneMinus', [a], this.shape(a));
  }

  clip(a: number, low: number, high: number): number {
    return this.add('clip', [a], this.shape(a), { low, high });
  }

  hasClip(a: number, low: number, high: number): boolean {
    return this.known.has(keyOf('clip', [a], this.shape(a), { low, high }));
  }

  firstMaximum(a: number, axis: number): number {
    return this.add('firstMaximum', [a], this.shape(a), { axis });
  }

  matMul(a: number, b: number, transposeB = false): number {
    const columns = this.shape(b)[transposeB ? 0 : 1];
    return this.add('matMul', [a, b], [this.shape(a)[0], columns], { transposeB });
  }

  /** [..., G, M, K]·[G, K, N] */
  batchMatMul(a: number, b: number, transposeB = false): number {
    const columns = this.shape(b).at(transposeB ? -2 : -1)!;
    return this.add('batchMatMul', [a, b], [...this.shape(a).slice(0, -1), columns], { transposeB });
  }

  function(fn: ElementaryFunction, a: number): number {
    return this.add('function', [a], this.shape(a), { fn });
  }

  softmax(a: number): number {
    return this.add('softmax', [a], this.shape(a));
  }

  gather(a: number, indices: readonly number[], axis: number): number {
    const shape = this.shape(a).map((d, i) => (i === axis ? indices.length : d));
    if (indices.every((index, i) => index === i) && sameShape(shape, this.shape(a))) return a;
    return this.add('gather', [a], shape, { axis, indices });
  }

  convolution(op: Op, x: number, filter: number, shape: Shape, attrs: Attrs): number {
    return this.add(op, [x, filter], shape, attrs);
  }

  /** Reshapes of reshapes are one reshape, and one to the same shape is none. */
  reshape(a: number, shape: Shape): number {
    const node = this.nodes[a];
    if (sameShape(node.shape, shape)) return a;
    return node.op === 'reshape' ? this.reshape(node.inputs[0], shape) : this.add('reshape', [a], shape);
  }

  broadcast(a: number, shape: Shape): number {
    return sameShape(this.shape(a), shape) ? a : this.add('broadcast', [a], shape);
  }

  /** Permutations of permutations are one permutation, or none. */
  permute(a: number, permutation: readonly number[]): number {
    if (permutation.every((axis, i) => axis === i)) return a;
    const { op, inputs, attrs } = this.nodes[a];
    if (op === 'permute')
      return this.permute(
        inputs[0],
        permutation.map(axis => attrs.permutation![axis]),
      );
    return this.add(
      'permute',
      [a],
      permutation.map(axis => this.shape(a)[axis]),
      { permutation },
    );
  }

  pad(a: number, paddings: readonly (readonly [number, number])[]): number {
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return a;
    const shape = this.shape(a).map((d, i) => paddings[i][0] + d + paddings[i][1]);
    return this.add('pad', [a], shape, { paddings });
  }

  slice(a: number, begin: readonly number[], shape: Shape): number {
    return sameShape(this.shape(a), shape) ? a : this.add('slice', [a], shape, { begin });
  }

  concat(parts: readonly number[], axis: number): number {
    const shape = [...this.shape(parts[0])];
    shape[axis] = parts.reduce((n, p) => n + this.shape(p)[axis], 0);
    return parts.length === 1 ? parts[0] : this.add('concat', parts, shape, { axis });
  }

  reduceSum(a: number, axes: readonly number[]): number {
    if (axes.length === 0) return a;
    const shape = this.shape(a).filter((_, i) => !axes.includes(i));
    return this.add('reduceSum', [a], shape, { axes });
  }

  /** A factor need not be broadcast before it is multiplied. */
  private unbroadcast(a: number, other: number): number {
    const { op, inputs, shape } = this.nodes[a];
    if (op !== 'broadcast') return a;
    return sameShape(broadcastShapes(this.shape(inputs[0]), this.shape(other)), shape) ? inputs[0] : a;
  }

  private add(op: Op, inputs: readonly number[], shape: Shape, attrs: Attrs = {}): number {
    const key = keyOf(op, inputs, shape, attrs);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const id = this.nodes.push({ op, inputs, attrs, shape }) - 1;
    this.known.set(key, id);
    return id;
  }
}

const keyOf = (op: Op, inputs: readonly number[], shape: Shape, attrs: Attrs) =>
  JSON.stringify([op, inputs, shape, attrs]);

/** The nodes that some others need, themselves included, in an order in which they can be run; not beyond those `known`. */
export function needed(graph: Graph, known: ReadonlySet<number>, wanted: readonly number[]): number[] {
  const found = new Set<number>();
  const queue = [...wanted];
  while (queue.length > 0) {
    const id = queue.pop()!;
    if (found.has(id)) continue;
    found.add(id);
    if (!known.has(id)) queue.push(...graph.nodes[id].inputs);
  }
  return [...found].sort((a, b) => a - b);
}
