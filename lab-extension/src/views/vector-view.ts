import { largestFeatures, type Feature } from '../figures/features';
import { compact, decimalsFor, signed } from '../figures/format';
import type { Change, ExplorerModel } from '../models/explorer-model';
import { absenceOf } from './absence';
import { element, signClass } from './element';
import type { View } from './view';

const MOST_SHOWN = 20;

/** Inputs that are no images: the entries that contribute most, each with x, w and w·x. */
export class VectorView implements View {
  readonly node = element('section', 'pw-vector');

  constructor(private readonly model: ExplorerModel) {}

  update(change: Change): void {
    if (change === 'pointer') return;
    const { subject, decomposition: d, sign } = this.model;
    const caption = element(
      'div',
      'pw-caption',
      element('strong', '', `What contributes most to ${subject.name}`),
      element('span', '', `${d.input.values.length} inputs`),
    );
    const absence = absenceOf(this.model);
    if (absence !== null || !subject.weights) {
      const text =
        absence === null || absence === 'loading' ? `fetching row ${subject.name} …` : absence.sentence;
      this.node.replaceChildren(caption, element('div', 'pw-refusal', text));
      return;
    }
    const features = largestFeatures(subject.weights, d.input.values, d.input.shape, sign, MOST_SHOWN);
    const table = element('table', 'pw-table pw-features');
    table.append(header(), ...features.shown.map(feature => row(feature, features.limit)));
    this.node.replaceChildren(caption, table);
    if (features.others > 0) {
      const sum = signed(features.othersSum, decimalsFor(features.limit));
      this.node.append(element('div', 'pw-hint', `${features.others} other inputs add up to ${sum}.`));
    }
  }
}

function header(): HTMLElement {
  return element('tr', '', ...['', 'x', 'w', 'w·x', ''].map(name => element('th', '', name)));
}

function row(feature: Feature, limit: number): HTMLElement {
  const share = limit === 0 ? 0 : (50 * Math.abs(feature.contribution)) / limit;
  const bar = element('span', `pw-bar ${feature.contribution < 0 ? 'pw-bar-takes' : 'pw-bar-adds'}`);
  bar.style.left = `${feature.contribution < 0 ? 50 - share : 50}%`;
  bar.style.width = `${share}%`;
  const axis = element('span', 'pw-zero');
  axis.style.left = '50%';
  return element(
    'tr',
    '',
    element('th', '', feature.name),
    element('td', 'pw-number', compact(feature.x)),
    element('td', 'pw-number', signed(feature.w, decimalsFor(feature.w))),
    element('td', signClass(feature.contribution), signed(feature.contribution, decimalsFor(limit))),
    element('td', 'pw-feature-bar', element('span', 'pw-track', bar, axis)),
  );
}
