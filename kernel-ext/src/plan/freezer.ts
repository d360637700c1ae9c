import { backend_util } from '@tensorflow/tfjs';
import type { Policy } from '../rules/policy';
import type { ConvolutionGeometry, ElementaryFunction, Fixed, StepWriter, Value } from '../rules/rule';
import { Graph, sameShape, type Shape } from './graph';
import { lawOf } from './laws';
import type { Step, StepKind, StepParameters } from './step';

/** Gates that together choose the largest of some entries. */
export interface Choice {
  /** In the shape of the entries, of length 1 along the axes. */
  largest: Value;
  entries: Value;
  axes: readonly number[];
  gates: readonly number[];
}

/**
 * Writes what the rules describe into a graph: each step is both the value at x (a node) and an entry in the list of
 * frozen steps. Thus F(x) is computed by the same steps whose transposes give W.
 */
export class Freezer implements StepWriter {
  readonly steps: Step[] = [];
  /** The layer of each gate that was written: of a comparison, or of a choice of the largest. */
  readonly switches = new Map<number, string>();
  readonly choices: Choice[] = [];
  /** The layer whose kernel is being frozen. */
  layer = '';
  private policy: Policy | undefined;
  private recording = true;

  /**
   * @param graph what to write into.
   * @param values numbers of values that are taken.
   */
  constructor(
    readonly graph = new Graph(),
    private values = 0,
  ) {}

  value(node: number, shape: Shape): Value {
    return { kind: 'value', id: this.values++, shape, node };
  }

  greater(a: Value | Fixed, b: Value | Fixed): Fixed {
    return this.gate(this.graph.elementwise('greater', a.node, b.node));
  }

  firstMaximum(a: Value | Fixed, axis: number): Fixed {
    return this.gate(this.graph.firstMaximum(a.node, axis));
  }

  chosen(largest: Value, entries: Value, axes: readonly number[], gates: readonly Fixed[]): void {
    if (this.recording) this.choices.push({ largest, entries, axes, gates: gates.map(({ node }) => node) });
  }

  /** Runs a rule on what is fixed at x: values are computed, and no step is recorded. */
  withoutSteps<T>(write: () => T): T {
    this.recording = false;
    try {
      return write();
    } finally {
      this.recording = true;
    }
  }

  under<T>(policy: Policy, write: () => T): T {
    const outer = this.policy;
    this.policy = policy;
    try {
      return write();
    } finally {
      this.policy = outer;
    }
  }

  asGate(v: Value, gating: number): Value {
    return { ...v, gating };
  }

  at(v: Value | Fixed): Fixed {
    return { kind: 'fixed', node: v.node, shape: v.shape };
  }

  not(gate: Value | Fixed): Fixed {
    return this.fixed(this.graph.oneMinus(gate.node));
  }

  times(a: Value | Fixed, b: Value | Fixed): Fixed {
    return this.fixed(this.graph.elementwise('multiply', a.node, b.node));
  }

  plus(a: Value | Fixed, b: Value | Fixed): Fixed {
    return this.fixed(this.graph.elementwise('add', a.node, b.node));
  }

  divide(a: Value | Fixed, b: Value | Fixed): Fixed {
    return this.fixed(this.graph.elementwise('divide', a.node, b.node));
  }

  power(a: Value | Fixed, b: Value | Fixed): Fixed {
    return this.fixed(this.graph.elementwise('power', a.node, b.node));
  }

  map(name: ElementaryFunction, a: Value | Fixed): Fixed {
    return this.fixed(this.graph.function(name, a.node));
  }

  softmax(a: Value | Fixed): Fixed {
    return this.fixed(this.graph.softmax(a.node));
  }

  constant(values: Float32Array, shape: Shape): Fixed {
    return this.fixed(this.graph.constant({ values, shape: [...shape] }));
  }

  number(value: number): Fixed {
    return this.fixed(this.graph.number(value));
  }

  reshapeFixed(a: Fixed, shape: Shape): Fixed {
    const { op, attrs } = this.graph.nodes[a.node];
    if (op !== 'constant') return this.fixed(this.graph.reshape(a.node, shape));
    return this.fixed(this.graph.constant({ ...this.graph.constants[attrs.index!], shape: [...shape] }));
  }

  permuteFixed(a: Fixed, permutation: readonly number[]): Fixed {
    return this.fixed(this.graph.permute(a.node, permutation));
  }

  broadcastFixed(a: Fixed, shape: Shape): Fixed {
    return this.fixed(this.graph.broadcast(a.node, shape));
  }

  padFixed(a: Fixed, paddings: readonly (readonly [number, number])[]): Fixed {
    return this.fixed(this.graph.pad(a.node, paddings));
  }

  sumFixed(a: Fixed, axes: readonly number[]): Fixed {
    return this.fixed(this.graph.reduceSum(a.node, axes));
  }

  scale(v: Value, factor: Fixed): Value {
    return this.step({ kind: 'scale', factor: factor.node }, [v], v.shape);
  }

  shift(v: Value, offset: Fixed): Value {
    return this.step({ kind: 'shift', offset: offset.node }, [v], v.shape);
  }

  sum(values: readonly Value[]): Value {
    return this.step({ kind: 'sum' }, values, values[0].shape);
  }

  contract(v: Value, matrix: Fixed): Value {
    return this.step({ kind: 'contract', matrix: matrix.node }, [v], [v.shape[0], matrix.shape[1]]);
  }

  contractEach(v: Value, matrices: Fixed): Value {
    const shape = [...v.shape.slice(0, -1), matrices.shape.at(-1)!];
    return this.step({ kind: 'contractEach', matrices: matrices.node }, [v], shape);
  }

  convolve(v: Value, filter: Fixed, geometry: ConvolutionGeometry): Value {
    return this.convolution('convolve', v, filter, geometry);
  }

  convolveDepthwise(v: Value, filter: Fixed, geometry: ConvolutionGeometry): Value {
    return this.convolution('convolveDepthwise', v, filter, geometry);
  }

  convolveTranspose(v: Value, filter: Fixed, geometry: ConvolutionGeometry, shape: readonly number[]): Value {
    return this.step({ kind: 'convolveTranspose', filter: filter.node, ...plain(geometry) }, [v], shape);
  }

  reduceSum(v: Value, axes: readonly number[]): Value {
    if (axes.length === 0) return v;
    return this.step(
      { kind: 'reduceSum', axes },
      [v],
      v.shape.filter((_, i) => !axes.includes(i)),
    );
  }

  broadcast(v: Value, shape: Shape): Value {
    return sameShape(v.shape, shape) ? v : this.step({ kind: 'broadcast' }, [v], shape);
  }

  reshape(v: Value, shape: Shape): Value {
    return sameShape(v.shape, shape) ? v : this.step({ kind: 'reshape' }, [v], shape);
  }

  permute(v: Value, permutation: readonly number[]): Value {
    return this.step(
      { kind: 'permute', permutation },
      [v],
      permutation.map(axis => v.shape[axis]),
    );
  }

  pad(v: Value, paddings: readonly (readonly [number, number])[]): Value {
    const shape = v.shape.map((d, i) => paddings[i][0] + d + paddings[i][1]);
    return sameShape(shape, v.shape) ? v : this.step({ kind: 'pad', paddings }, [v], shape);
  }

  slice(v: Value, begin: readonly number[], size: Shape): Value {
    return sameShape(size, v.shape) ? v : this.step({ kind: 'slice', begin }, [v], size);
  }

  concat(values: readonly Value[], axis: number): Value {
    const shape = [...values[0].shape];
    shape[axis] = values.reduce((n, v) => n + v.shape[axis], 0);
    return values.length === 1 ? values[0] : this.step({ kind: 'concat', axis }, values, shape);
  }

  take(v: Value, indices: readonly number[], axis: number): Value {
    const shape = v.shape.map((d, i) => (i === axis ? indices.length : d));
    if (sameShape(shape, v.shape) && indices.every((index, i) => index === i)) return v;
    return this.step({ kind: 'take', axis, indices }, [v], shape);
  }

  private convolution(
    kind: 'convolve' | 'convolveDepthwise',
    v: Value,
    filter: Fixed,
    geometry: ConvolutionGeometry,
  ): Value {
    const { strides, pad } = geometry;
    const depthwise = kind === 'convolveDepthwise';
    const { outShape } = backend_util.computeConv2DInfo(
      v.shape as [number, number, number, number],
      filter.shape as [number, number, number, number],
      strides as [number, number],
      1,
      typeof pad === 'string' ? pad : [[0, 0], [...pad[0]], [...pad[1]], [0, 0]],
      undefined,
      depthwise,
    );
    return this.step({ kind, filter: filter.node, ...plain(geometry) }, [v], outShape);
  }

  private step(parameters: StepParameters, inputs: readonly Value[], shape: Shape): Value {
    const output = { ...this.value(-1, shape), ...gatingOf(parameters.kind, inputs) };
    const policy = this.policy === undefined ? {} : { policy: this.policy };
    const step = { ...parameters, inputs, output, layer: this.layer, ...policy } as Step;
    const linear = lawOf(step.kind).apply(
      this.graph,
      step,
      inputs.map(v => v.node),
      1,
    );
    const node = step.kind === 'shift' ? this.graph.elementwise('add', linear, step.offset) : linear;
    const at = { ...output, node };
    if (this.recording) this.steps.push({ ...step, output: at });
    return at;
  }

  private gate(node: number): Fixed {
    if (!this.switches.has(node)) this.switches.set(node, this.layer);
    return this.fixed(node);
  }

  private fixed(node: number): Fixed {
    return { kind: 'fixed', node, shape: this.graph.shape(node) };
  }
}

/** The geometry alone; a rule may hand over more. */
const plain = ({ strides, pad, groups = 1 }: ConvolutionGeometry): ConvolutionGeometry => ({
  strides,
  pad,
  ...(groups === 1 ? {} : { groups }),
});

/** Steps after which a gate is still a gate. */
const KEEPS_GATING = new Set<StepKind>([
  ...(['scale', 'shift', 'broadcast', 'reshape', 'permute'] as const),
  ...(['slice', 'concat', 'take'] as const),
]);

function gatingOf(kind: StepKind, inputs: readonly Value[]): { gating?: number } {
  const gating = KEEPS_GATING.has(kind) ? Math.min(...inputs.map(v => v.gating ?? 0)) : 0;
  return gating === 0 ? {} : { gating };
}
