import { largestFeatures, type Feature, compact, decimalsFor, signed } from 'piecewise/payload';
import type { Change, DecompositionModel } from './decomposition-model';
import { toggled } from '../figures/selection';
import { absenceOf } from './absence';
import { button, element, signClass } from '../parts/element';
import type { DecompositionPart } from './decomposition-part';

const MOST_SHOWN = 20;

/**
 * For inputs that are no images: the entries that contribute most, each with x, w and w·x. Pointing at one reads it for every
 * class; a click or the space bar adds it to the sum or removes it.
 */
export class VectorView implements DecompositionPart {
  readonly node = element('section', 'pw-vector');
  private readonly rows = new Map<number, HTMLTableRowElement>();
  private most = MOST_SHOWN;

  constructor(private readonly model: DecompositionModel) {}

  update(change: Change): void {
    if (change === 'pointer') this.mark();
    else if (change !== 'channels' && change !== 'answer') this.draw();
  }

  private draw(): void {
    const { subject, decomposition: d, look } = this.model;
    const inputs = d.isText ? 'tokens' : 'inputs';
    const caption = element(
      'div',
      'pw-caption',
      element('strong', '', `What contributes most to ${subject.name}`),
      element('span', '', `${d.input.values.length} ${inputs}`),
    );
    this.rows.clear();
    const absence = absenceOf(this.model);
    if (absence !== null || !subject.weights) {
      const text =
        absence === null || absence === 'loading' ? `fetching row ${subject.name} …` : absence.sentence;
      return this.node.replaceChildren(caption, element('div', 'pw-refusal', text));
    }
    const features = largestFeatures(subject.weights, d, look.sign, this.most);
    const table = element('table', 'pw-table pw-features');
    table.append(header(d.isText), ...features.shown.map(feature => this.row(feature, features.limit)));
    this.node.replaceChildren(caption, table);
    if (features.others > 0) {
      const sum = signed(features.othersSum, decimalsFor(features.limit));
      const more = button('show more', () => this.showMore());
      this.node.append(
        element('div', 'pw-quiet', `${features.others} other ${inputs} add up to ${sum}.`, more),
      );
    }
    this.mark();
  }

  private showMore(): void {
    this.most += 5 * MOST_SHOWN;
    this.draw();
  }

  private row(feature: Feature, limit: number): HTMLElement {
    const { index } = feature;
    const node = featureRow(feature, limit, this.model.decomposition.isText);
    node.tabIndex = 0;
    node.dataset.lmSuppressShortcuts = 'true';
    node.addEventListener('pointerenter', () => this.model.pointAt(index));
    node.addEventListener('pointerleave', () => this.model.pointAt(null));
    node.addEventListener('focus', () => this.model.pointAt(index));
    node.addEventListener('click', () => this.toggle(index));
    node.addEventListener('keydown', event => this.onKey(event, node, index));
    this.rows.set(index, node);
    return node;
  }

  private onKey(event: KeyboardEvent, row: HTMLElement, index: number): void {
    const neighbor = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (neighbor instanceof HTMLElement) neighbor.focus();
    else if (event.key === ' ') this.toggle(index);
    else if (event.key === 'Escape') this.model.brushOver(null);
    else return;
    event.preventDefault();
  }

  private toggle(index: number): void {
    this.model.brushOver(toggled(this.model.brush, index, this.model.shape.width));
  }

  private mark(): void {
    const { cursor, brush } = this.model;
    const chosen = new Set(brush?.pixels);
    for (const [index, row] of this.rows) {
      row.classList.toggle('pw-mod-pointed', index === cursor);
      row.setAttribute('aria-selected', String(chosen.has(index)));
    }
  }
}

/** @param isText whether x is 1 for each token, and w is what the token adds */
function header(isText: boolean): HTMLElement {
  return element(
    'tr',
    '',
    ...(isText ? ['token', 'contribution'] : ['input', 'x', 'w', 'w·x']).map(name => element('th', '', name)),
    element('td', ''),
  );
}

function featureRow(feature: Feature, limit: number, isText: boolean): HTMLTableRowElement {
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
    ...(isText
      ? []
      : [
          element('td', 'pw-number', compact(feature.x)),
          element('td', 'pw-number', signed(feature.w, decimalsFor(feature.w))),
        ]),
    element('td', signClass(feature.contribution), signed(feature.contribution, decimalsFor(limit))),
    element('td', 'pw-feature-bar', element('span', 'pw-track', bar, axis)),
  );
}
