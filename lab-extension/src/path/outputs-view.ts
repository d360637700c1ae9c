import { decimalsFor, plain } from '../figures/format';
import { classColor } from '../figures/point-colors';
import type { WayChange, WayModel } from './path-model';
import { button, element } from '../parts/element';
import { rgb } from '../embedding/legend-view';

/** The shown outputs with their values at t; one of them is looked at. */
export class WayOutputsView {
  readonly node = element('div', 'pw-way-outputs');
  private readonly buttons: HTMLButtonElement[];
  private readonly numbers: HTMLElement[];
  private readonly decimals: number;

  constructor(private readonly model: WayModel) {
    const { labels, shown, values } = model.way;
    this.decimals = decimalsFor(values.reduce((most, v) => Math.max(most, Math.abs(v)), 0));
    this.numbers = shown.map(() => element('span', 'pw-number'));
    this.buttons = shown.map((c, k) => {
      const node = button('', () => model.look(k));
      const swatch = element('span', 'pw-way-swatch');
      swatch.style.background = rgb(classColor(k, shown.length));
      node.append(swatch, element('span', 'pw-way-label', labels[c]), this.numbers[k]);
      return node;
    });
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', 'Outputs');
    const rest = labels.length - shown.length;
    const note = rest > 0 ? [element('div', 'pw-quiet', `and ${rest} others`)] : [];
    this.node.append(...this.buttons, ...note);
    this.update('output');
  }

  update(change: WayChange): void {
    if (change === 'segment') return;
    const { values, decision, output, way } = this.model;
    this.buttons.forEach((node, k) => {
      this.numbers[k].textContent = plain(values[k], this.decimals);
      node.classList.toggle('pw-mod-largest', way.shown[k] === decision);
      node.setAttribute('aria-pressed', String(k === output));
    });
  }
}
