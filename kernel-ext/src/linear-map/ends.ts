import { endAt } from '../capture/capture';
import { isConstant, type Capture } from '../capture/kernel-call';
import { DisconnectedError, EmptyActivationError, LayerNameError, PolicyError } from '../errors';
import { POLICIES, type PolicyChoice } from '../rules/policy';

/** Names of the ends where they are not layers. */
export const INPUT = 'input';
export const LOGITS = 'logits';

/** A policy for a layer that does not exist is a mistake. @throws PolicyError, LayerNameError */
export function assertPolicy(policy: PolicyChoice | undefined, { calls }: Capture): void {
  if (policy === undefined) return;
  const named = typeof policy === 'string' ? [policy] : Object.values(policy);
  for (const name of named) if (!POLICIES.includes(name)) throw new PolicyError(name, POLICIES);
  if (typeof policy === 'string') return;
  const layers = new Set(calls.map(call => call.layer));
  for (const name of Object.keys(policy)) {
    if (!layers.has(name)) throw new LayerNameError(name, [...layers]);
  }
}

/** @throws EmptyActivationError */
export function assertNotEmpty({ calls }: Capture): void {
  const empty = calls.find(call => call.outputs.some(({ shape }) => shape.includes(0)));
  if (empty !== undefined)
    throw new EmptyActivationError(empty.layer, empty.outputs.find(({ shape }) => shape.includes(0))!.shape);
}

/** The name of the activation at which a capture ends. */
export function nameOfEnd({ layers, output }: Capture): string {
  const named = [...layers].find(([, value]) => value === output.value);
  return named === undefined ? INPUT : named[0];
}

/** The part of a capture that leads to an output or a layer. @throws LayerNameError, DisconnectedError */
export function endAtLayer(captured: Capture, to: string): Capture {
  const named = captured.outputs?.moving.get(to);
  if (named !== undefined) return endAt(captured, named);
  if (captured.outputs?.constant.includes(to)) throw new DisconnectedError(to);
  const value = captured.layers.get(to);
  const output = captured.calls.flatMap(call => call.outputs).find(o => o.value === value);
  if (output === undefined) throw new LayerNameError(to, [...captured.layers.keys()]);
  return endAt(captured, output);
}

/** The first layer that looks numbers up by integers, as an embedding of tokens does; undefined if there is none with a name. */
export function embeddingOf({ calls, layers }: Capture): string | undefined {
  const lookup = calls.find(({ kernel, inputs }) => {
    const [table, ids] = [inputs['0'], inputs['1']];
    if (kernel !== 'Gather' || table === undefined || Array.isArray(table)) return false;
    return isConstant(table) && table.shape.length > 1 && ids !== undefined;
  });
  return [...layers].find(([, value]) => value === lookup?.outputs[0].value)?.[0];
}
