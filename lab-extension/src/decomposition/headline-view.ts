import {
  decimalsFor,
  type Decomposition,
  isSound,
  listedClasses,
  outputName,
  plain,
  scientific,
  signed,
  type SignFilter,
} from 'piecewise/payload';
import type { Change, DecompositionModel } from './decomposition-model';
import { group, menu } from '../parts/choice';
import { button, chip, element, signClass } from '../parts/element';
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
  private readonly signButtons: HTMLButtonElement[];
  private readonly contrast: HTMLSelectElement;
  private readonly layer: HTMLSelectElement;

  constructor(private readonly model: DecompositionModel) {
    this.signButtons = SIGNS.map(([sign, word, title]) => button(word, () => model.change({ sign }), title));
    this.contrast = contrastMenu(model);
    this.layer = layerMenu(model);
    const signs = group('Sign of the contributions', ...this.signButtons);
    this.tools.append(signs, this.contrast, this.layer);
    this.node.append(this.formula, chips(model.decomposition), this.tools);
    this.update('subject');
  }

  update(change: Change): void {
    if (change !== 'subject' && change !== 'look' && change !== 'channels') return;
    SIGNS.forEach(([sign], i) => {
      this.signButtons[i].setAttribute('aria-pressed', String(sign === this.model.look.sign));
    });
    this.contrast.value = String(this.model.rival ?? '');
    const { answers, decomposition } = this.model;
    const { layer } = answers;
    this.layer.value = layer === null ? '' : String(decomposition.layers.indexOf(layer));
    this.formula.replaceChildren(...formula(this.model));
  }
}

function formula(model: DecompositionModel): (Node | string)[] {
  const { name, output, linear, bias, rival } = model.subject;
  const word = outputName(model.decomposition);
  const decimals = decimalsFor(Math.max(Math.abs(output), Math.abs(linear)));
  const number = (value: number, className: string) => element('span', className, signed(value, decimals));
  return [
    element('span', 'pw-subject', name),
    element('span', 'pw-term', rival === null ? `${word} ` : `difference of ${word}s `),
    element('strong', 'pw-logit', plain(output, decimals)),
    element('span', 'pw-term', ' = W·x '),
    number(linear, signClass(linear)),
    element('span', 'pw-term', ' + b '),
    number(bias, 'pw-number pw-bias'),
  ];
}

function chips(d: Decomposition): HTMLElement {
  const { residual } = d;
  const proof = chip(
    `residual ${scientific(residual.relative)}`,
    `max|F(x) − (W·x + b)| = ${scientific(residual.absolute)}, ${scientific(residual.relative)} of max|F(x)|, ` +
      `${Math.round(residual.ulps)} units in the last place of float32`,
  );
  proof.classList.add(isSound(residual) ? 'pw-mod-sound' : 'pw-mod-unsound');
  const cut = d.cut === null ? '' : ` · ${d.cut} cut off`;
  const position = d.instance
    ? [chip(`input ${d.instance.index} of ${d.instance.count}`, 'Position in the batch')]
    : [];
  return element(
    'div',
    'pw-chips',
    ...position,
    proof,
    strength(d),
    chip(`from ${d.from} to ${d.to}${cut}`, 'The part of the network that this linear map covers'),
  );
}

function strength({ exact, policies }: Decomposition): HTMLElement {
  if (exact) {
    return chip('exact on its region', 'The same W and b hold for every input that switches the same units');
  }
  const used = [...new Set(policies.map(use => use.policy))].join(', ');
  return chip(
    used ? `at x only · ${used}` : 'at x only',
    'The linear map reproduces the network at this x, not around it. Frozen: ' +
      (policies.map(use => `${use.layer} (${use.policy})`).join(', ') || 'unknown'),
  );
}

/** Chooses the class with which the selected one is contrasted: W_i − W_j explains why i and not j. */
function contrastMenu(model: DecompositionModel): HTMLSelectElement {
  const { labels, output } = model.decomposition;
  const rivals = listedClasses(output, model.selected, MOST_RIVALS);
  return menu(
    'Contrast with another class',
    'Why this class and not that one: the difference of their rows',
    [['', 'contrast with…'], ...rivals.map(c => [String(c), `against ${labels[c]}`] as const)],
    value => model.contrast(value === '' ? null : Number(value)),
  );
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
