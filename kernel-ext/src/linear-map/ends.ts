import { endAt } from '../capture/capture';
import { isConstant, type Capture, type KernelCall } from '../capture/kernel-call';
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

/**
 * The layer after which the map of a model of integers starts: the one that looks numbers up by them, as an embedding of tokens does,
 * or, where x reaches the output through comparisons alone, the first that turns them into numbers, such as a one-hot; undefined if
 * there is none with a name.
 */
export function layerAfterIntegers(capture: Capture): string | undefined {
  const { layers } = capture;
  const found = longestLookup(capture) ?? afterComparisons(capture);
  const exact = [...layers].find(([, value]) => value === found?.outputs[0].value)?.[0];
  return exact ?? (found !== undefined && layers.has(found.layer) ? found.layer : undefined);
}

/**
 * The call that looks numbers up by integers; of several, the one with the longest table: a network has more words than positions,
 * and more positions than types of segments.
 */
function longestLookup({ calls }: Capture): KernelCall | undefined {
  const lookups = calls.flatMap(call => {
    const [table, ids] = [call.inputs['0'], call.inputs['1']];
    if (call.kernel !== 'Gather' || table === undefined || Array.isArray(table)) return [];
    return isConstant(table) && table.shape.length > 1 && ids !== undefined
      ? [{ call, rows: table.shape[0] }]
      : [];
  });
  const most = Math.max(...lookups.map(({ rows }) => rows));
  return lookups.find(({ rows }) => rows === most)?.call;
}

/** Operators whose results are the same near x. */
const COMPARISONS = new Set([
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Or', 'Xor', 'Not', 'OneHot'],
]);

/** Operators that turn results of comparisons into numbers. */
const TO_NUMBERS = new Set(['Cast', 'OneHot', 'Where']);

/** The first call that turns comparisons into numbers; undefined if x also reaches the output on a path without comparisons. */
function afterComparisons({ calls, input, output }: Capture): KernelCall | undefined {
  const direct = new Set([input.value]);
  let first: KernelCall | undefined;
  for (const call of calls) {
    const refs = Object.values(call.inputs).flat();
    const isDirect = refs.some(ref => ref !== undefined && !isConstant(ref) && direct.has(ref.value));
    if (isDirect && !COMPARISONS.has(call.kernel)) for (const { value } of call.outputs) direct.add(value);
    else if (TO_NUMBERS.has(call.kernel)) first ??= call;
  }
  return direct.has(output.value) ? undefined : first;
}
