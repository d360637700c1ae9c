import { decimalsFor, plain, scientific, signed } from './numbers';
import type { LinearizationPayload } from './linearization';

/** One class's numbers as they are written. */
export interface ClassLine {
  index: number;
  label: string;
  logit: string;
  product: string;
  bias: string;
  selected: boolean;
}

/** Tables show this many classes; further ones are counted. */
const MOST_CLASSES = 12;

/**
 * The classes of a table, all with the same decimals: in their own order, or, if they are many, those with the
 * largest outputs and the selected one.
 */
export function classLines(payload: LinearizationPayload): { lines: ClassLine[]; others: number } {
  const { output, bias, positive, negative, labels, selected } = payload;
  const decimals = decimalsFor(Math.max(...output.map(Math.abs)));
  const shown = listedClasses(output, selected);
  const lines = shown.map(index => ({
    index,
    label: labels[index],
    logit: plain(output[index], decimals),
    product: signed(positive[index] + negative[index], decimals),
    bias: signed(bias[index], decimals),
    selected: index === selected,
  }));
  return { lines, others: output.length - lines.length };
}

function listedClasses(output: readonly number[], selected: number): number[] {
  const all = [...output.keys()];
  if (all.length <= MOST_CLASSES) return all;
  const others = all.filter(c => c !== selected).sort((i, j) => output[j] - output[i]);
  return [selected, ...others.slice(0, MOST_CLASSES - 1)].sort((i, j) => output[j] - output[i]);
}

/** What the outputs are: logits if a final activation was cut, outputs otherwise. */
export const outputName = ({ cut, to }: LinearizationPayload): string =>
  cut !== null || to === 'logits' ? 'logit' : 'output';

/** What has to be said about a batch, of which one instance is shown; null for a single input. */
export function batchNote({ instance }: LinearizationPayload): string | null {
  if (!instance) return null;
  const { index, count } = instance;
  return `Input ${index} of a batch of ${count}: plot(…, {instance: i}) shows another. The residual is that of all.`;
}

/** The proof of the formula, its strength, and its span. */
export function claims(payload: LinearizationPayload): string[] {
  const strength = payload.exact
    ? 'exact on its region'
    : `at x only (${payload.policies.map(({ layer, policy }) => `${layer}: ${policy}`).join(', ')})`;
  return [
    `residual ${scientific(payload.residual.relative)}`,
    strength,
    `from ${payload.from} to ${payload.to}`,
  ];
}
