import { isConstant, type Constant, type KernelCall, type Ref } from '../capture/kernel-call';
import { UnsupportedKernelError } from '../errors';
import { finite } from '../rules/finite-constant';
import { ruleFor } from '../rules/index';
import type { Policy } from '../rules/policy';
import { reasonWithoutRule } from '../rules/onnx/refusals';
import { isValue, type Call, type Fixed, type Output, type Rule, type Value } from '../rules/rule';
import type { Freezer } from './freezer';
import type { Shape } from './graph';

/** A captured call with its activations replaced by the plan's values. */
export class CallView implements Call {
  private gatesAsValues = false;
  readonly kernel: string;
  readonly layer: string;
  readonly attrs: KernelCall['attrs'];
  readonly opset: KernelCall['opset'];
  private readonly rule: Rule | undefined;
  readonly outputShape: Shape;
  readonly outputShapes: readonly Shape[];

  constructor(
    private readonly call: KernelCall,
    private readonly values: ReadonlyMap<number, Output>,
    private readonly freezer: Freezer,
    private readonly lastWorking: string | null,
    readonly policy: Policy,
  ) {
    this.kernel = call.kernel;
    this.layer = call.layer;
    this.attrs = call.attrs;
    this.opset = call.opset;
    this.rule = ruleFor(call);
    this.outputShape = call.outputs[0].shape;
    this.outputShapes = call.outputs.map(output => output.shape);
  }

  /** The outputs by the kernel's rule. Where the rule reads only gates, its outputs are gates too. */
  freeze(): readonly (Output | null)[] {
    const rule = this.rule ?? this.refuse(reasonWithoutRule(this.call));
    const { freezer } = this;
    const moves = this.refs().some(ref => !isConstant(ref) && this.values.get(ref.value)?.kind === 'value');
    if (moves) return [rule.freeze(this, freezer)].flat();
    this.gatesAsValues = true;
    const results = freezer.withoutSteps(() => [rule.freeze(this, freezer)].flat());
    return results.map(result => (result !== null && isValue(result) ? freezer.at(result) : result));
  }

  isConstant(name: string): boolean {
    return isConstant(this.one(name));
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

  integers(name: string): number[] {
    const constant = this.one(name);
    const exact = 'integers' in constant ? constant.integers : undefined;
    return exact === undefined ? Array.from(this.numbers(name)) : [...exact];
  }

  inputs(): (Value | Fixed)[] {
    return this.refs().map(ref => this.resolve(isConstant(ref) ? finiteOf(ref) : ref));
  }

  has(name: string): boolean {
    return this.named(name) !== undefined;
  }

  refuse(reason: string): never {
    throw new UnsupportedKernelError(this.kernel, this.layer, this.lastWorking, reason);
  }

  private refs(): Ref[] {
    return Object.values(this.call.inputs)
      .flat()
      .filter(ref => ref !== undefined);
  }

  private one(name: string): Ref {
    const ref = this.named(name);
    if (ref === undefined || Array.isArray(ref)) return this.refuse(`its input ${name} is missing`);
    return ref;
  }

  private named(name: string): Ref | Ref[] | undefined {
    const { inputs } = this.rule ?? {};
    return this.call.inputs[inputs === undefined ? name : inputs.indexOf(name)];
  }

  private resolve(ref: Ref): Value | Fixed {
    if (isConstant(ref)) return this.constant(ref);
    const output = this.values.get(ref.value);
    if (output === undefined)
      return this.refuse('it reads an output of another kernel, and that output has no rule');
    return this.gatesAsValues ? this.freezer.value(output.node, output.shape) : output;
  }

  /** Enters the graph when its node is read: a rule may want the shape alone, or write the numbers in another order. */
  private constant(constant: Constant): Fixed {
    const { graph } = this.freezer;
    return {
      kind: 'fixed',
      shape: constant.shape,
      get node() {
        return graph.constant(constant);
      },
    };
  }
}

function numbersOf(constant: Constant): Float32Array {
  return 'values' in constant ? constant.values : Float32Array.from(constant.tensor.dataSync());
}

/** A constant in which very large numbers replace infinities, since 0 · ∞ is NaN. */
function finiteOf(constant: Constant): Constant {
  const numbers = numbersOf(constant);
  if (numbers.every(Number.isFinite)) return constant;
  return { values: numbers.map(finite), shape: constant.shape };
}
