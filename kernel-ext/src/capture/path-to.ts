import type { Tensor } from '@tensorflow/tfjs';
import { isConstant, type KernelCall } from './kernel-call';

/** The calls that some values depend on, in order, and all values on the way. */
export function pathTo(
  targets: readonly number[],
  calls: KernelCall[],
): { calls: KernelCall[]; values: ReadonlySet<number> } {
  const values = new Set(targets);
  const kept: KernelCall[] = [];
  for (const call of calls.toReversed()) {
    if (!call.outputs.some(o => values.has(o.value))) continue;
    kept.push(call);
    for (const ref of Object.values(call.inputs).flat()) {
      if (ref !== undefined && !isConstant(ref)) values.add(ref.value);
    }
  }
  return { calls: kept.reverse(), values };
}

/**
 * The names of activations, in the order in which they are made: each layer names what it gave last, or in a model without
 * layers each call what it gave. Further outputs have the names 'name:1', 'name:2', …
 */
export function namesOf(
  calls: readonly KernelCall[],
  layerOutputs: ReadonlyMap<string, readonly Tensor[]>,
): Map<string, number> {
  const made = calls.flatMap(call => call.outputs.map(({ value }) => value));
  const ofCalls = calls
    .filter(call => !layerOutputs.has(call.layer))
    .map(({ layer, outputs }) => [layer, outputs.map(({ value }) => value)] as const);
  const ofLayers = [...layerOutputs].map(([layer, outputs]) => [layer, outputs.map(({ id }) => id)] as const);
  const named = [...ofCalls, ...ofLayers].flatMap(([layer, values]) =>
    values.map((value, i) => [i === 0 ? layer : `${layer}:${i}`, value] as const),
  );
  return new Map(named.sort(([, a], [, b]) => made.indexOf(a) - made.indexOf(b)));
}
