import { outputColors, decimalsFor, plain } from 'piecewise/payload';
import { cssColor } from '../figures/color-scale';
import type { PathChange, PathModel } from './path-model';
import { button, element } from '../parts/element';

/** The shown outputs with their values at t, as buttons that choose the one to explain. */
export class PathOutputsView {
  readonly node = element('div', 'pw-path-outputs');
  private readonly buttons: HTMLButtonElement[];
  private readonly numbers: HTMLElement[];
  private readonly decimals: number;

  constructor(private readonly model: PathModel) {
    const { labels, shown, values } = model.path;
    this.decimals = decimalsFor(values.reduce((most, v) => Math.max(most, Math.abs(v)), 0));
    this.numbers = shown.map(() => element('span', 'pw-number'));
    const colors = outputColors(labels, shown);
    this.buttons = shown.map((c, k) => {
      const node = button('', () => model.look(k));
      const swatch = element('span', 'pw-path-swatch');
      swatch.style.background = cssColor(colors[k]);
      node.append(swatch, element('span', 'pw-path-label', labels[c]), this.numbers[k]);
      return node;
    });
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', 'Outputs');
    const rest = labels.length - shown.length;
    const note = rest > 0 ? [element('div', 'pw-quiet', `and ${rest} others`)] : [];
    this.node.append(...this.buttons, ...note);
    this.update('output');
  }

  update(change: PathChange): void {
    if (change === 'piece') return;
    const { values, decision, output, path } = this.model;
    this.buttons.forEach((node, k) => {
      this.numbers[k].textContent = plain(values[k], this.decimals);
      node.classList.toggle('pw-mod-largest', path.shown[k] === decision);
      node.setAttribute('aria-pressed', String(k === output));
    });
  }
}
