import type { Decomposition } from '../decomposition';
import type { LinearizationPayload } from '../linearization';
import type { PolicyUse } from '../policies';
import { decimalsFor, plain, scientific, signed } from './numbers';

/** One class's numbers as text. */
export interface ClassLine {
  index: number;
  label: string;
  output: string;
  product: string;
  bias: string;
  selected: boolean;
}

/** Tables show at most this many classes and state how many more there are. */
export const MOST_LISTED = 12;

/** The classes of a table, all with the same decimals, in the order of `listedClasses`. */
export function classLines({ output, bias, linear, labels, first }: Decomposition): {
  lines: ClassLine[];
  others: number;
} {
  const listed = listedClasses(output, first, MOST_LISTED);
  const decimals = decimalsFor(Math.max(...listed.map(c => Math.abs(output[c]))));
  const lines = listed.map(index => ({
    index,
    label: labels[index],
    output: plain(output[index], decimals),
    product: signed(linear[index], decimals),
    bias: signed(bias[index], decimals),
    selected: index === first,
  }));
  return { lines, others: output.length - lines.length };
}

/** All classes in their own order if there are at most `most`; else those with the largest outputs, including the selected one. */
export function listedClasses(output: readonly number[], selected: number, most: number): number[] {
  const all = [...output.keys()];
  if (all.length <= most) return all;
  const top = all.sort((i, j) => output[j] - output[i]).slice(0, most);
  return top.includes(selected) ? top : [...top.slice(0, -1), selected];
}

/** What the outputs are called: logits if a final activation was cut off or the layer is called so, outputs otherwise. */
export const outputName = ({ cut, to }: Pick<LinearizationPayload, 'cut' | 'to'>): 'logit' | 'output' =>
  cut !== null || to === 'logits' ? 'logit' : 'output';

/** What one output is called, and what several are: classes where they are logits, else outputs. */
export const outputKind = (d: Pick<LinearizationPayload, 'cut' | 'to'>): { one: string; many: string } =>
  outputName(d) === 'logit' ? { one: 'class', many: 'classes' } : { one: 'output', many: 'outputs' };

/**
 * What stands before and after the number of an output: `logit` in `7 logit 12.75`; nothing and the unit in `output 152.1 mg/dl`,
 * where the output has no other name.
 */
export function outputWords(
  d: Pick<LinearizationPayload, 'cut' | 'to' | 'unit'>,
  label: string,
): { word: string; unit: string } {
  const name = outputName(d);
  return { word: label === name ? '' : `${name} `, unit: d.unit ? ` ${d.unit}` : '' };
}

/** Which instance of a batch is shown; null for a single input. */
export function batchNote({ instance }: Pick<LinearizationPayload, 'instance'>): string | null {
  if (!instance) return null;
  const { index, count } = instance;
  return `Input ${index} of a batch of ${count}: plot(…, {instance: i}) shows another. The residual is that of all.`;
}

/** The proof of the formula, its strength, and its span. */
export function claims({
  residual,
  from,
  to,
  ...strength
}: Pick<LinearizationPayload, 'residual' | 'exact' | 'policies' | 'from' | 'to'>): string[] {
  return [`residual ${scientific(residual.relative)}`, strengthOf(strength), `from ${from} to ${to}`];
}

/** Where a linear map holds and, if it holds at x only, what it froze. */
export function strengthOf({ exact, policies }: { exact: boolean; policies: readonly PolicyUse[] }): string {
  if (exact) return 'exact on its region';
  return `at x only (${policies.map(({ layer, policy }) => `${layer}: ${policy}`).join(', ')})`;
}
