import { NoRegionError } from '../errors';
import type { Fixed, Value } from '../rules/rule';
import { Freezer } from './freezer';
import type { Graph } from './graph';
import { policiesOf, stepsTo, type Plan } from './plan';
import { fixedOf, type Step } from './step';
import { switchesOf } from './switches';

/**
 * What decides how a gate is set, as an affine function of x on the linear region: a − b for the threshold [a > b], and for
 * a choice of the largest, how far each of its entries is below the chosen one. A unit switches where its margin is 0.
 */
export interface Margin {
  /** Node of the gate; of a choice that several make one after the other, the last. */
  gate: number;
  kind: 'threshold' | 'choice';
  layer: string;
  /** One number per unit; of a choice, one for each entry of each group. */
  value: Value;
  /** The axes along which a choice is made; none of a threshold. */
  axes: readonly number[];
  /** Whether the activation, if it is an image, holds its channels first. */
  channelsFirst: boolean;
  /** How many gates lie one after the other before it: while those of lower levels stay, it is affine in x. */
  level: number;
}

/** The margins of all gates of a plan that x moves, in order, and the frozen steps that lead to them. */
export interface Margins {
  margins: readonly Margin[];
  steps: readonly Step[];
}

/**
 * @throws NoRegionError if F is not affine wherever the gates stay as they are: where a policy froze something, or numbers
 *   are rounded.
 */
export function marginsOf(plan: Plan): Margins {
  if (plan.policies.length > 0) throw policyRefusal(plan.policies);
  const known = knownMargins.get(plan);
  if (known !== undefined) return known;
  const found = new MarginWriter(plan).all();
  knownMargins.set(plan, found);
  return found;
}

const knownMargins = new WeakMap<Plan, Margins>();

const policyRefusal = (policies: Plan['policies']) =>
  new NoRegionError(
    policies.map(({ layer }) => layer),
    `frozen by the policy '${policies[0].policy}', as it is not piecewise linear`,
  );

class MarginWriter {
  private readonly graph: Graph;
  private readonly freezer: Freezer;
  private readonly values = new Map<number, Value>();
  private readonly fixed = new Map<number, boolean>();
  private readonly levels = new Map<number, number>();

  constructor(private readonly plan: Plan) {
    this.graph = plan.graph;
    const first = Math.max(plan.input.id, ...plan.written.map(step => step.output.id)) + 1;
    this.freezer = new Freezer(plan.graph, first);
    for (const value of [plan.input, ...plan.written.map(step => step.output)]) {
      if (!this.values.has(value.node)) this.values.set(value.node, value);
    }
  }

  all(): Margins {
    const { thresholds, choices } = switchesOf(this.plan);
    const margins = [
      ...thresholds.flatMap(gate => this.threshold(gate)),
      ...choices.flatMap(({ gate }) => this.choice(gate)),
    ].sort((a, b) => a.gate - b.gate);
    const steps = stepsTo(
      [...margins.map(({ value }) => value), this.plan.output],
      [...this.plan.written, ...this.freezer.steps],
    );
    this.assertRegion(steps);
    return { margins, steps };
  }

  private threshold(gate: number): Margin[] {
    const { shape, inputs } = this.graph.nodes[gate];
    const layer = (this.freezer.layer = this.layerOf(gate));
    const [a, b] = inputs.map(node => this.moving(node, layer));
    if (a === null && b === null) return [];
    const f = this.freezer;
    const minus = (node: number) => f.times(this.asFixed(node), f.number(-1));
    const left = a === null ? null : f.broadcast(a, shape);
    const right = b === null ? null : f.scale(f.broadcast(b, shape), f.number(-1));
    let value: Value;
    if (left !== null && right !== null) value = f.sum([left, right]);
    else if (left !== null) value = this.isZero(inputs[1]) ? left : f.shift(left, minus(inputs[1]));
    else value = f.shift(right!, this.asFixed(inputs[0]));
    const { channelsFirst } = this.plan;
    return [{ gate, kind: 'threshold', layer, value, axes: [], channelsFirst, level: this.level(gate) - 1 }];
  }

  private choice(gate: number): Margin[] {
    const together = this.plan.choices.find(({ gates }) => gates.includes(gate));
    const { inputs, attrs } = this.graph.nodes[gate];
    const layer = (this.freezer.layer = this.layerOf(gate));
    const f = this.freezer;
    const entries = together?.entries ?? this.moving(inputs[0], layer);
    if (entries === null) return [];
    const { shape } = entries;
    const axes = together?.axes ?? [attrs.axis!];
    const one = shape.map((d, axis) => (axes.includes(axis) ? 1 : d));
    const largest =
      together?.largest ?? f.reshape(f.reduceSum(f.scale(entries, this.asFixed(gate)), axes), one);
    const value = f.sum([f.broadcast(largest, shape), f.scale(entries, f.number(-1))]);
    const { channelsFirst } = this.plan;
    return [{ gate, kind: 'choice', layer, value, axes, channelsFirst, level: this.level(entries.node) }];
  }

  /** A node as an activation; null if x affects it through gates only. */
  private moving(node: number, layer: string): Value | null {
    const known = this.values.get(node);
    if (known !== undefined) return known;
    if (this.isFixed(node)) return null;
    const value = this.written(node, layer);
    this.values.set(node, value);
    return value;
  }

  /** Rules compare activations as they are, moved, or times what is fixed; anything else is no affine function of x. */
  private written(node: number, layer: string): Value {
    const { op, inputs, shape, attrs } = this.graph.nodes[node];
    const f = this.freezer;
    if (op === 'reshape') return f.reshape(this.moving(inputs[0], layer)!, shape);
    if (op === 'broadcast') return f.broadcast(this.moving(inputs[0], layer)!, shape);
    if (op === 'permute') return f.permute(this.moving(inputs[0], layer)!, attrs.permutation!);
    const factor = inputs.find(input => this.isFixed(input));
    if (op !== 'multiply' || factor === undefined)
      throw new NoRegionError([layer], 'switched by a function of x that is not piecewise linear');
    const v = this.moving(inputs[0] === factor ? inputs[1] : inputs[0], layer)!;
    return f.scale(f.broadcast(v, shape), this.asFixed(factor));
  }

  /** Whether x affects a node through gates only, or not at all. */
  private isFixed(node: number): boolean {
    const known = this.fixed.get(node);
    if (known !== undefined) return known;
    const { op, inputs } = this.graph.nodes[node];
    const isGate = op === 'greater' || op === 'firstMaximum';
    const result = op !== 'input' && (isGate || inputs.every(input => this.isFixed(input)));
    this.fixed.set(node, result);
    return result;
  }

  /** The largest number of gates on any path to a node, itself included. */
  private level(node: number): number {
    const known = this.levels.get(node);
    if (known !== undefined) return known;
    const { op, inputs } = this.graph.nodes[node];
    const own = op === 'greater' || op === 'firstMaximum' ? 1 : 0;
    const level = own + inputs.reduce((most, input) => Math.max(most, this.level(input)), 0);
    this.levels.set(node, level);
    return level;
  }

  /** @throws NoRegionError */
  private assertRegion(steps: readonly Step[]): void {
    const policies = policiesOf(steps, this.plan.random);
    if (policies.length > 0) throw policyRefusal(policies);
    for (const step of steps) {
      const taken = fixedOf(step);
      if (taken !== undefined && !this.isFixed(taken))
        throw new NoRegionError(
          [step.layer],
          'computed by rounding numbers, and the steps of rounding are not gates',
        );
    }
  }

  private isZero(node: number): boolean {
    const { op, attrs } = this.graph.nodes[node];
    const constant = op === 'constant' ? this.graph.constants[attrs.index!] : undefined;
    return constant !== undefined && 'values' in constant && constant.values.every(v => v === 0);
  }

  private asFixed(node: number): Fixed {
    return { kind: 'fixed', node, shape: this.graph.shape(node) };
  }

  private layerOf(gate: number): string {
    return this.plan.switches.get(gate)!;
  }
}
