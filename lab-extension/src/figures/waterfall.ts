import { foldedBias, type LayerBias } from 'piecewise/payload';
import type { Selection } from './selection';
import type { Subject } from './subject';
import type { Part } from './parts';

export type StepKind = 'bias' | 'part' | 'residual' | 'logit';

/** One bar of the waterfall, from the sum before it to the sum after it. */
export interface Step {
  kind: StepKind;
  name: string;
  value: number;
  start: number;
  end: number;
  selection: Selection | null;
}

export interface Waterfall {
  steps: Step[];
  low: number;
  high: number;
  /** How many layers cancel, so that one bar shows what they leave; 0: none. */
  canceling: number;
}

/** At most this many bars show b by layer; all but the largest layers share one. */
const MOST_LAYERS = 5;

/**
 * From b to the logit: b by layer, then the parts of W·x, then the logit of the network. A visible difference between the sum
 * and that logit gets a bar of its own instead of being hidden. As long as the network has not answered for an edited x′, the
 * sum ends at W·x′ + b.
 * @param parts of W∘x; null while the row is missing, so that W·x is one bar
 * @param isOpen whether layers whose parts of b cancel have bars of their own
 */
export function waterfall(subject: Subject, parts: readonly Part[] | null, isOpen = false): Waterfall {
  const steps: Step[] = [];
  let level = 0;
  const add = (kind: StepKind, name: string, value: number, selection: Selection | null = null) => {
    steps.push({ kind, name, value, start: level, end: level + value, selection });
    level += value;
  };
  const whole = Math.max(
    ...[subject.output, subject.linear, subject.bias].map(value => Math.abs(value ?? 0)),
  );
  const { folded, parts: layers } = foldedBias(subject.biasByLayer, whole);
  for (const { layer, value } of layersOf(subject, isOpen ? subject.biasByLayer : layers))
    add('bias', layer, value);
  for (const part of parts ?? wholeOf(subject)) add('part', part.name, part.sum, part.selection);
  const output = subject.output ?? level;
  const gap = output - level;
  if (Math.abs(gap) >= 0.005 * Math.max(1, Math.abs(output))) add('residual', 'residual', gap);
  steps.push({ kind: 'logit', name: subject.name, value: output, start: 0, end: output, selection: null });
  const ends = steps.flatMap(step => [step.start, step.end]);
  return { steps, low: Math.min(...ends), high: Math.max(...ends), canceling: folded.length };
}

function wholeOf({ linear }: Subject): Part[] {
  return linear === null ? [] : [{ name: 'all of x', sum: linear, before: null, selection: null }];
}

function layersOf(subject: Subject, layers: readonly LayerBias[]): readonly LayerBias[] {
  if (layers.length === 0) return [{ layer: 'all layers', value: subject.bias }];
  if (layers.length <= MOST_LAYERS) return layers;
  const largest = [...layers].sort((p, q) => Math.abs(q.value) - Math.abs(p.value)).slice(0, MOST_LAYERS - 1);
  const others = layers.filter(part => !largest.includes(part));
  const value = others.reduce((sum, part) => sum + part.value, 0);
  return [
    ...layers.filter(part => largest.includes(part)),
    { layer: `${others.length} other layers`, value },
  ];
}
