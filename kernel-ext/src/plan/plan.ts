import type { Capture, Constant, KernelCall, Ref } from '../capture/kernel-call';
import { isConstant } from '../capture/kernel-call';
import { UnsupportedKernelError } from '../errors';
import { rules } from '../rules/index';
import type { PolicyUse } from '../rules/policy';
import type { Call, Fixed, Value } from '../rules/rule';
import { Freezer } from './freezer';
import { sizeOf, type Graph, type Shape } from './graph';
import { pushForward } from './push-forward';
import { stacked, type Step } from './step';

/** A network compiled for one input shape: what to compute at x, and the frozen steps between x and F(x). */
export interface Plan {
  graph: Graph;
  /** Shape that the plan runs on, with the axis of instances where the model has one. */
  inputShape: Shape;
  /** N, and C = the number of outputs of one instance. */
  instances: number;
  outputs: number;
  /** Nodes of x, F(x) and b. b is null where no parameter is added anywhere. */
  x: number;
  y: number;
  bias: number | null;
  input: Value;
  output: Value;
  steps: readonly Step[];
  policies: readonly PolicyUse[];
  /** The nodes, fixed at x, that the steps need: the gates. */
  gates: readonly number[];
}

/**
 * Compiles a capture: each kernel call by its rule.
 *
 * @param instances N, the number of instances that the captured shapes hold.
 * @throws UnsupportedKernelError
 */
export function planOf(capture: Capture, instances: number): Plan {
  const freezer = new Freezer();
  const { graph } = freezer;
  const x = graph.input('x', stacked(capture.input.shape, 1));
  const input = freezer.value(x, capture.input.shape);
  const values = new Map([[capture.input.value, input]]);
  let lastWorking: string | null = null;
  for (const call of capture.calls) {
    freezer.layer = call.layer;
    const view = new CallView(call, values, freezer, lastWorking);
    const rule = rules.get(call.kernel) ?? view.refuse('there is no rule for it');
    values.set(call.outputs[0].value, rule.freeze(view, freezer));
    if (capture.layers.get(call.layer) === call.outputs[0].value) lastWorking = call.layer;
  }
  const output = values.get(capture.output.value)!;
  const plan = {
    graph,
    inputShape: capture.input.shape,
    instances,
    outputs: sizeOf(output.shape) / instances,
  };
  const steps = freezer.steps;
  const bias = pushForward({ graph, input, output, steps }, null, { shifts: 'all' });
  return {
    ...plan,
    x,
    y: output.node,
    bias,
    input,
    output,
    steps,
    policies: [],
    gates: gatesOf(graph, steps),
  };
}

/** Nodes that the steps take from the run at x, constants apart. */
function gatesOf(graph: Graph, steps: readonly Step[]): number[] {
  const fixed = steps.flatMap(step => {
    if (step.kind === 'scale') return [step.factor];
    return step.kind === 'shift' ? [step.offset] : [];
  });
  return [...new Set(fixed)].filter(node => graph.nodes[node].op !== 'constant');
}

/** A captured call with its activations replaced by the plan's values. */
class CallView implements Call {
  readonly kernel: string;
  readonly layer: string;
  readonly attrs: KernelCall['attrs'];
  readonly outputShape: Shape;

  constructor(
    private readonly call: KernelCall,
    private readonly values: ReadonlyMap<number, Value>,
    private readonly freezer: Freezer,
    private readonly lastWorking: string | null,
  ) {
    this.kernel = call.kernel;
    this.layer = call.layer;
    this.attrs = call.attrs;
    this.outputShape = call.outputs[0].shape;
  }

  input(name: string): Value | Fixed {
    return this.resolve(this.one(name));
  }

  value(name: string): Value {
    const input = this.input(name);
    return input.kind === 'value' ? input : this.refuse(`its input ${name} does not depend on x`);
  }

  fixed(name: string): Fixed {
    const input = this.input(name);
    return input.kind === 'fixed'
      ? input
      : this.refuse(`its input ${name} depends on x, so it is not piecewise linear`);
  }

  numbers(name: string): Float32Array {
    const constant = this.one(name);
    if (!isConstant(constant))
      return this.refuse(`its input ${name} depends on x, so it is not piecewise linear`);
    return numbersOf(constant);
  }

  inputs(): (Value | Fixed)[] {
    return Object.values(this.call.inputs)
      .flat()
      .filter(ref => ref !== undefined)
      .map(ref => this.resolve(ref));
  }

  has(name: string): boolean {
    return this.call.inputs[name] !== undefined;
  }

  refuse(reason: string): never {
    throw new UnsupportedKernelError(this.kernel, this.layer, this.lastWorking, reason);
  }

  private one(name: string): Ref {
    const ref = this.call.inputs[name];
    if (ref === undefined || Array.isArray(ref)) return this.refuse(`its input ${name} is missing`);
    return ref;
  }

  private resolve(ref: Ref): Value | Fixed {
    if (isConstant(ref)) return { kind: 'fixed', shape: ref.shape, node: this.freezer.graph.constant(ref) };
    return this.values.get(ref.value) ?? this.refuse('it reads the second output of another kernel');
  }
}

function numbersOf(constant: Constant): Float32Array {
  return 'values' in constant ? constant.values : Float32Array.from(constant.tensor.dataSync());
}
