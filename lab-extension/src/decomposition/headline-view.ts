import { GLOSSARY, listedClasses, outputKind, outputName, type SignFilter } from 'piecewise/payload';
import { chips } from './chips';
import { formula } from './formula';
import type { Change, DecompositionModel } from './decomposition-model';
import { group, menu } from '../parts/choice';
import { button, element } from '../parts/element';
import { explain } from '../parts/explanation';
import type { DecompositionPart } from './decomposition-part';

/** At most this many classes are offered for a contrast, those with the largest outputs. */
const MOST_RIVALS = 100;

const SIGNS: [SignFilter, string, string][] = [
  ['all', 'all', 'Show what adds and what takes away'],
  ['positive', '+', 'Show only what adds'],
  ['negative', '−', 'Show only what takes away'],
];

/** The formula, its residual, where it holds and which part of the network it covers; and buttons and menus. */
export class HeadlineView implements DecompositionPart {
  readonly node = element('div', 'pw-headline');
  /** Buttons and menus; a view may add its own. */
  readonly tools = element('div', 'pw-tools');
  private readonly formula = element('div', 'pw-formula');
  private readonly chips = element('div', 'pw-chips');
  private readonly signButtons: HTMLButtonElement[];
  private readonly contrast: HTMLSelectElement;
  private readonly layer: HTMLSelectElement;

  constructor(private readonly model: DecompositionModel) {
    this.signButtons = SIGNS.map(([sign, word, title]) => button(word, () => model.change({ sign }), title));
    this.contrast = contrastMenu(model);
    this.layer = layerMenu(model);
    const signs = group('Sign of the contributions', ...this.signButtons);
    this.tools.append(signs, this.contrast, this.layer);
    this.node.append(this.formula, this.chips, this.tools);
    this.update('subject');
  }

  update(change: Change): void {
    if (change !== 'subject' && change !== 'numbers' && change !== 'look' && change !== 'channels') return;
    SIGNS.forEach(([sign], i) => {
      this.signButtons[i].setAttribute('aria-pressed', String(sign === this.model.look.sign));
    });
    this.contrast.value = String(this.model.rival ?? '');
    const { answers, decomposition } = this.model;
    const { layer } = answers;
    this.layer.value = layer === null ? '' : String(decomposition.layers.indexOf(layer));
    this.formula.replaceChildren(...formula(this.model));
    this.chips.replaceChildren(...chips(this.model));
  }
}

/** Chooses the class with which the selected one is contrasted: W_i − W_j explains why i and not j. */
function contrastMenu(model: DecompositionModel): HTMLSelectElement {
  const { labels, output } = model.decomposition;
  const rivals = listedClasses(output, model.selected, MOST_RIVALS);
  const node = menu(
    `Contrast with another ${outputKind(model.decomposition).one}`,
    '',
    [['', 'contrast with…'], ...rivals.map(c => [String(c), `against ${labels[c]}`] as const)],
    value => model.contrast(value === '' ? null : Number(value)),
  );
  node.hidden = output.length === 1;
  explain(node, GLOSSARY.contrast);
  return node;
}

/** Chooses a layer, the channels of whose activation are then shown. */
function layerMenu(model: DecompositionModel): HTMLSelectElement {
  const { layers } = model.decomposition;
  const node = menu(
    'Channels of a layer',
    `For any activation: what each of its channels adds to the ${outputName(model.decomposition)}`,
    [['', 'layer…'], ...layers.map((name, i) => [String(i), name] as const)],
    value => model.answers.openLayer(value === '' ? null : layers[Number(value)]),
  );
  node.hidden = layers.length === 0;
  return node;
}
