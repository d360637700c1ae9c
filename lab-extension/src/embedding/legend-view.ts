import { scalarColor } from '../figures/point-colors';
import { classColor, compact } from 'piecewise/payload';
import { cssColor } from '../figures/color-scale';
import type { EmbeddingChange, EmbeddingModel } from './embedding-model';
import { element } from '../parts/element';
import type { EmbeddingPart } from './embedding-part';

/** At most this many classes are listed. */
const MOST_LISTED = 60;

/** The classes, each a switch that shows or hides its points; or the scale of the column that colors them. */
export class LegendView implements EmbeddingPart {
  readonly node = element('div', 'pw-legend');

  constructor(private readonly model: EmbeddingModel) {}

  update(change: EmbeddingChange): void {
    if (change !== 'data' && change !== 'look') return;
    const focused = [...this.node.querySelectorAll('button')].indexOf(
      document.activeElement as HTMLButtonElement,
    );
    const { column, embedding } = this.model;
    this.node.replaceChildren(
      ...(column ? [scaleOf(column.low, column.high)] : []),
      ...(embedding.classes ? this.classes() : []),
    );
    this.node.querySelectorAll('button')[focused]?.focus();
  }

  private classes(): HTMLElement[] {
    const { names, of } = this.model.embedding.classes!;
    const counts = new Uint32Array(names.length + 1);
    of.forEach(c => counts[c]++);
    const listed = names.slice(0, MOST_LISTED).map((name, c) => this.entry(name, c, counts[c]));
    if (counts[names.length] > 0) listed.push(this.entry('no class', names.length, counts[names.length]));
    const more = names.length - MOST_LISTED;
    const hint = `${more > 0 ? `and ${more} more · ` : ''}click to hide or show a class, Shift-click to show it alone`;
    const list = element('div', 'pw-legend-list', ...listed);
    list.setAttribute('role', 'group');
    list.setAttribute('aria-label', 'Classes');
    return [list, element('div', 'pw-quiet pw-idle', hint)];
  }

  private entry(name: string, c: number, count: number): HTMLElement {
    const swatch = element('span', 'pw-swatch');
    if (!this.model.column)
      swatch.style.background = cssColor(classColor(c, this.model.embedding.classes!.names.length));
    const node = element('button', 'pw-legend-entry', swatch, name);
    node.type = 'button';
    node.title = `${name}: ${count} points`;
    node.setAttribute('aria-pressed', String(!this.model.hidden.has(c)));
    node.setAttribute('aria-label', `${name}, ${count} points`);
    node.addEventListener('click', event =>
      event.detail > 1 || event.shiftKey ? this.model.only(c) : this.model.toggle(c),
    );
    return node;
  }
}

function scaleOf(low: number, high: number): HTMLElement {
  const bar = element('div', 'pw-color-bar');
  const stops = Array.from({ length: 11 }, (_, i) => cssColor(scalarColor(i / 10)));
  bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
  const ends = element(
    'div',
    'pw-color-ends',
    element('span', '', compact(low)),
    element('span', ''),
    element('span', '', compact(high)),
  );
  return element('div', 'pw-scalar', bar, ends);
}
