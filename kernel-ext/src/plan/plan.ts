import type { Tail } from '../capture/capture';
import { readsChannelsFirst } from '../capture/channels-first';
import type { Capture } from '../capture/kernel-call';
import { policyOf, type PolicyChoice, type PolicyUse } from '../rules/policy';
import type { Output, Value } from '../rules/rule';
import { CallView } from './call-view';
import { Freezer, type Choice } from './freezer';
import { sizeOf, type Graph, type Shape } from './graph';
import { pushForward } from './push-forward';
import { fixedOf, stacked, type Step } from './step';
import { WorkingLayers } from './working-layers';

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
  /** Layers that draw random numbers. */
  random: readonly string[];
  /** The nodes, fixed at x, that the steps need: the gates. */
  gates: readonly number[];
  /** The activations between x and F(x) by layer, in order. */
  layers: ReadonlyMap<string, Value>;
  /** Whether convolutions and poolings read images with their channels first, [C, H, W]. */
  channelsFirst: boolean;
  /** All steps from x, including those that lead only to gates. */
  written: readonly Step[];
  /** The layer of each gate, and which gates make a choice together. */
  switches: ReadonlyMap<number, string>;
  choices: readonly Choice[];
}

/**
 * Compiles a capture: each kernel call by its rule.
 *
 * @param instances N, the number of instances that the captured shapes hold.
 * @param choice how to freeze what is not piecewise linear.
 * @throws UnsupportedKernelError
 */
export function planOf(capture: Capture, instances: number, choice?: PolicyChoice): Plan {
  const freezer = new Freezer();
  const x = freezer.graph.input('x', stacked(capture.input.shape, 1));
  const values = new Map([[capture.input.value, freezer.value(x, capture.input.shape)]]);
  return planned(capture, { x, values, freezer }, instances, choice);
}

/** What a plan begins with: its input node, and what is known there. */
interface Beginning {
  x: number;
  values: ReadonlyMap<number, Output>;
  freezer: Freezer;
}

/**
 * Compiles the part of a capture after an activation a. The input of the plan is one vector: a, and whatever else that part reads,
 * side by side, as the model computes them.
 *
 * @throws UnsupportedKernelError
 */
export function planOfTail({ capture, sides }: Tail, instances: number, choice?: PolicyChoice): Plan {
  const freezer = new Freezer();
  const { graph } = freezer;
  const sizes = [capture.input, ...sides].map(({ shape }) => sizeOf(shape));
  const total = sizes.reduce((a, b) => a + b, 0);
  // Of another rank than a, so that x and a are different nodes.
  const x = graph.input('x', capture.input.shape.length === 1 ? [1, total] : [total]);
  const vector = graph.reshape(x, [1, total]);
  let begin = 0;
  const [a, ...nodes] = [stacked(capture.input.shape, 1), ...sides.map(({ shape }) => shape)].map(
    (shape, i) => {
      const part = graph.slice(vector, [0, begin], [1, sizes[i]]);
      begin += sizes[i];
      return graph.reshape(part, shape);
    },
  );
  const values = new Map<number, Output>([
    [capture.input.value, freezer.value(a, capture.input.shape)],
    ...sides.map(({ value, shape }, i): [number, Output] => [
      value,
      { kind: 'fixed', node: nodes[i], shape },
    ]),
  ]);
  return planned(capture, { x, values, freezer }, instances, choice);
}

function planned(
  capture: Capture,
  { x, values: known, freezer }: Beginning,
  instances: number,
  choice: PolicyChoice | undefined,
): Plan {
  const { graph } = freezer;
  const input = known.get(capture.input.value) as Value;
  const values = frozen(capture, known, freezer, choice);
  const output = values.get(capture.output.value) as Value;
  const plan = {
    graph,
    inputShape: graph.shape(x),
    instances,
    outputs: sizeOf(output.shape) / instances,
  };
  const steps = stepsTo([output], freezer.steps);
  const bias = pushForward({ graph, input, output, steps }, null, { shifts: 'all' });
  return {
    ...plan,
    x,
    y: output.node,
    bias,
    input,
    output,
    steps,
    policies: policiesOf(steps, capture.random),
    random: capture.random,
    gates: fixedAtX(graph, steps),
    layers: layersOf(capture, values),
    channelsFirst: readsChannelsFirst(capture),
    written: freezer.steps,
    switches: freezer.switches,
    choices: freezer.choices,
  };
}

/** Freezes each call by its rule. @returns what each activation became, F(x) among them. */
function frozen(
  capture: Capture,
  known: ReadonlyMap<number, Output>,
  freezer: Freezer,
  choice: PolicyChoice | undefined,
): ReadonlyMap<number, Output> {
  const values = new Map(known);
  const working = new WorkingLayers(capture);
  for (const call of capture.calls) {
    freezer.layer = call.layer;
    const view = new CallView(call, values, freezer, working.before(call), policyOf(choice, call.layer));
    const results = view.freeze();
    results.forEach((result, i) => {
      if (result !== null) values.set(call.outputs[i].value, result);
      else if (call.outputs[i]?.value === capture.output.value) view.refuse('this output of it has no rule');
    });
    if (values.get(capture.output.value)?.kind === 'fixed')
      view.refuse('its output is the same on the whole linear region, so that W is zero and b the output');
    working.add(call, values.get(call.outputs[0].value)?.kind === 'value');
  }
  return values;
}

/** Activations computed from a frozen gate are not values. */
function layersOf({ layers }: Capture, values: ReadonlyMap<number, Output>): Map<string, Value> {
  const found = [...layers].map(([name, value]) => [name, values.get(value)] as const);
  return new Map(found.filter((entry): entry is [string, Value] => entry[1]?.kind === 'value'));
}

/** The steps that lead to some activations, in order: the path to a factor that a policy froze is left out. */
export function stepsTo(values: readonly Value[], steps: readonly Step[]): Step[] {
  const wanted = new Set(values.map(({ id }) => id));
  const kept = steps.toReversed().filter(step => {
    if (!wanted.has(step.output.id)) return false;
    step.inputs.forEach(v => wanted.add(v.id));
    return true;
  });
  return kept.reverse();
}

/** Where a policy was needed, in order; each pair of layer and policy once. */
export function policiesOf(steps: readonly Step[], random: readonly string[]): PolicyUse[] {
  // Random numbers are frozen as they were drawn.
  const uses = new Map(random.map(layer => [layer, { layer, policy: 'gate' } as PolicyUse]));
  for (const { layer, policy } of steps) {
    if (policy !== undefined) uses.set(JSON.stringify([layer, policy]), { layer, policy });
  }
  return [...uses.values()];
}

/** Nodes that the steps take from the run at x, constants apart. */
export function fixedAtX(graph: Graph, steps: readonly Step[]): number[] {
  const fixed = steps.flatMap(step => fixedOf(step) ?? []);
  return [...new Set(fixed)].filter(node => graph.nodes[node].op !== 'constant');
}
