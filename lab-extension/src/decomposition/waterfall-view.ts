import {
  decimalsFor,
  GLOSSARY,
  nameOfEntry,
  outputName,
  plain,
  product,
  clippableNames,
  signed,
  sumChannels,
} from 'piecewise/payload';
import { imageParts, signalParts, superpixelParts, vectorParts, type Part } from '../figures/parts';
import { waterfall, type Step } from '../figures/waterfall';
import type { Change, DecompositionModel } from './decomposition-model';
import { button, element, signClass } from '../parts/element';
import { explain } from '../parts/explanation';
import { glossaryWord } from '../parts/word';
import type { DecompositionPart } from './decomposition-part';

/** In characters; names that are cut still differ. */
const LONGEST_NAME = 14;

/**
 * From b by layer, through the parts of W·x, to the output; while x is edited, of x′, with the bars at x behind. Pointing at a
 * part outlines it in the images.
 */
export class WaterfallView implements DecompositionPart {
  readonly node = element('section', 'pw-waterfall');
  private readonly list = element('div', 'pw-steps');
  private readonly opener = button('b by layer', () => this.open(!this.isOpen));
  private isOpen = false;

  /** 'logit' or 'output'. */
  private readonly word: string;

  constructor(private readonly model: DecompositionModel) {
    this.word = outputName(model.decomposition);
    this.list.setAttribute('role', 'list');
    const title = element('strong', '', `From b to the ${this.word}`);
    explain(title, GLOSSARY[outputName(model.decomposition)]);
    this.node.append(element('div', 'pw-caption', title, this.opener), this.list);
    this.update('subject');
  }

  update(change: Change): void {
    if (change !== 'subject' && change !== 'numbers' && change !== 'look') return;
    const { model } = this;
    const { subject, ghost } = model;
    const parts = partsOf(model);
    const figure = waterfall(subject, parts, this.isOpen);
    const behind = ghost && waterfall(model.subjectAt(ghost), parts && before(parts), this.isOpen);
    this.offer(figure.canceling);
    const all = [...figure.steps, ...(behind?.steps ?? [])];
    const low = Math.min(figure.low, behind?.low ?? 0);
    const scale = { low, span: Math.max(figure.high, behind?.high ?? 0) - low || 1 };
    const decimals = decimalsFor(Math.max(...all.map(step => Math.abs(step.value))));
    const ghostOf = (step: Step) =>
      behind?.steps.find(({ kind, name }) => kind === step.kind && name === step.name) ?? null;
    const names = clippableNames(
      figure.steps.map(step => step.name),
      LONGEST_NAME,
    );
    this.list.replaceChildren(
      ...figure.steps.map((step, i) => this.row(step, names[i], ghostOf(step), scale, decimals)),
    );
  }

  private open(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.update('subject');
  }

  private offer(canceling: number): void {
    this.opener.hidden = canceling === 0;
    this.opener.setAttribute('aria-expanded', String(this.isOpen));
    this.opener.title = `The parts of b from ${canceling} layers are large and cancel; ${this.isOpen ? 'show their sum' : 'show the largest'}`;
  }

  private row(step: Step, short: string, ghost: Step | null, scale: Scale, decimals: number): HTMLElement {
    const text = (value: number) =>
      step.kind === 'logit' ? plain(value, decimals) : signed(value, decimals);
    const level = element('span', 'pw-level');
    level.style.left = at(step.end, scale);
    const stepName = element('span', 'pw-step-name', this.prefix(step), ...nameOf(step, short));
    stepName.title = step.name;
    const row = element(
      'div',
      `pw-step pw-step-${step.kind}`,
      stepName,
      element(
        'span',
        'pw-track',
        ...(ghost ? [barOf('pw-bar-ghost', ghost, scale)] : []),
        barOf(barClass(step), step, scale),
        level,
      ),
      element('span', numberClass(step), text(step.value)),
    );
    row.setAttribute('role', 'listitem');
    if (ghost) row.title = `${text(step.value)} at x′, ${text(ghost.value)} at x`;
    if (step.selection) {
      row.addEventListener('pointerenter', () => this.model.outline(step.selection));
      row.addEventListener('pointerleave', () => this.model.outline(null));
    }
    return row;
  }

  private prefix({ kind, name: output }: Step): string {
    const { name } = this.model.shown;
    const word = output === this.word ? '' : `${this.word} `;
    return { bias: 'b · ', part: `W${name} · `, residual: '', logit: word }[kind];
  }
}

function partsOf(model: DecompositionModel): Part[] | null {
  const { subject, shown, ghost, decomposition: d, shape, isImage, isLarge, superpixels } = model;
  const { weights } = subject;
  if (!weights) return null;
  if (d.signal) return signalParts(product(weights, shown.input), d.signal);
  if (!isImage) return vectorParts(product(weights, shown.input), i => nameOfEntry(i, d));
  const planeOf = (input: Float32Array) => sumChannels(product(weights, input), shape.channels);
  const plane = planeOf(shown.input);
  const old = ghost && planeOf(ghost.input);
  // Each of some hundred superpixels of a photograph adds too little to be named.
  return superpixels && !isLarge
    ? superpixelParts(plane, superpixels, shape.width, old)
    : imageParts(plane, shape.width, old);
}

/** The residual is a word of the glossary. */
const nameOf = ({ kind }: Step, short: string): (Node | string)[] => [
  kind === 'residual' ? glossaryWord('residual') : short,
];

/** The same parts at x. */
const before = (parts: readonly Part[]): Part[] =>
  parts.map(part => ({ ...part, sum: part.before ?? part.sum, before: null }));

interface Scale {
  low: number;
  span: number;
}

const at = (value: number, { low, span }: Scale) => `${((100 * (value - low)) / span).toFixed(3)}%`;

function barOf(className: string, { start, end }: Step, scale: Scale): HTMLElement {
  const bar = element('span', `pw-bar ${className}`);
  bar.style.left = at(Math.min(start, end), scale);
  bar.style.width = `${((100 * Math.abs(end - start)) / scale.span).toFixed(3)}%`;
  return bar;
}

function barClass(step: Step): string {
  if (step.kind === 'logit') return 'pw-bar-logit';
  if (step.kind === 'bias') return 'pw-bar-bias';
  return step.value < 0 ? 'pw-bar-takes' : 'pw-bar-adds';
}

function numberClass(step: Step): string {
  return step.kind === 'part' ? signClass(step.value) : 'pw-number';
}
