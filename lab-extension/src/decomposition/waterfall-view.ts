import { decimalsFor, entryName, outputName, plain, product, signed, sumChannels } from 'piecewise/payload';
import { imageParts, superpixelParts, vectorParts, type Part } from '../figures/parts';
import { waterfall, type Step, type Waterfall } from '../figures/waterfall';
import type { Change, DecompositionModel } from './decomposition-model';
import { element, signClass } from '../parts/element';
import type { DecompositionPart } from './decomposition-part';

/** From b by layer, through the parts of W·x, to the output. Pointing at a part outlines it in the images. */
export class WaterfallView implements DecompositionPart {
  readonly node = element('section', 'pw-waterfall');
  private readonly list = element('div', 'pw-steps');

  /** 'logit' or 'output'. */
  private readonly word: string;

  constructor(private readonly model: DecompositionModel) {
    this.word = outputName(model.decomposition);
    this.list.setAttribute('role', 'list');
    this.node.append(
      element('div', 'pw-caption', element('strong', '', `From b to the ${this.word}`)),
      this.list,
    );
    this.update('subject');
  }

  update(change: Change): void {
    if (change !== 'subject' && change !== 'look') return;
    const figure = waterfall(this.model.subject, partsOf(this.model));
    const decimals = decimalsFor(Math.max(...figure.steps.map(step => Math.abs(step.value))));
    this.list.replaceChildren(...figure.steps.map(step => this.row(step, figure, decimals)));
  }

  private row(step: Step, figure: Waterfall, decimals: number): HTMLElement {
    const span = figure.high - figure.low || 1;
    const at = (value: number) => `${((100 * (value - figure.low)) / span).toFixed(3)}%`;
    const bar = element('span', `pw-bar ${barClass(step)}`);
    bar.style.left = at(Math.min(step.start, step.end));
    bar.style.width = `${((100 * Math.abs(step.end - step.start)) / span).toFixed(3)}%`;
    const level = element('span', 'pw-level');
    level.style.left = at(step.end);
    const row = element(
      'div',
      `pw-step pw-step-${step.kind}`,
      element('span', 'pw-step-name', this.prefix(step), step.name),
      element('span', 'pw-track', bar, level),
      element(
        'span',
        numberClass(step),
        step.kind === 'logit' ? plain(step.value, decimals) : signed(step.value, decimals),
      ),
    );
    row.setAttribute('role', 'listitem');
    if (step.selection) {
      row.addEventListener('pointerenter', () => this.model.outline(step.selection));
      row.addEventListener('pointerleave', () => this.model.outline(null));
    }
    return row;
  }

  private prefix({ kind }: Step): string {
    return { bias: 'b · ', part: 'Wx · ', unexplained: '', logit: `${this.word} ` }[kind];
  }
}

function partsOf(model: DecompositionModel): Part[] | null {
  const { subject, decomposition: d, shape, isImage, superpixels } = model;
  if (!subject.weights) return null;
  const contributions = product(subject.weights, d.input.values);
  if (!isImage) return vectorParts(contributions, i => entryName(i, d.input.shape, d.features));
  const plane = sumChannels(contributions, shape.channels);
  return superpixels ? superpixelParts(plane, superpixels, shape.width) : imageParts(plane, shape.width);
}

function barClass(step: Step): string {
  if (step.kind === 'logit') return 'pw-bar-logit';
  if (step.kind === 'bias') return 'pw-bar-bias';
  return step.value < 0 ? 'pw-bar-takes' : 'pw-bar-adds';
}

function numberClass(step: Step): string {
  return step.kind === 'part' ? signClass(step.value) : 'pw-number';
}
