import { element } from '../parts/element';
import type { Plate } from './plate';

/** An image with its title, a caption, and its color bar. */
export class Panel {
  readonly node = element('figure', 'pw-plate');
  readonly title = element('strong', '');
  readonly caption = element('span', 'pw-plate-caption');
  readonly veil = element('div', 'pw-veil');
  readonly ends = [element('span', ''), element('span', ''), element('span', '')];

  constructor(
    readonly plate: Plate,
    barClass: string,
  ) {
    this.node.append(
      element('figcaption', 'pw-caption', this.title, this.caption),
      element('div', 'pw-frame', plate.canvas, this.veil),
      element('div', `pw-color-bar ${barClass}`),
      element('div', 'pw-color-ends', ...this.ends),
    );
  }

  label(low: string, middle: string, high: string): void {
    [low, middle, high].forEach((text, i) => (this.ends[i].textContent = text));
  }
}
