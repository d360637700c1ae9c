import { beyondText, decimalsFor, plain, type ScaleEnd, signed, type SignedScale } from 'piecewise/payload';
import { button, element } from '../parts/element';
import type { Plate } from './plate';

/** An image with its title, a caption, and its color bar. */
export class Panel {
  readonly node = element('figure', 'pw-plate');
  readonly title = element('strong', '');
  readonly caption = element('span', 'pw-plate-caption');
  readonly veil = element('div', 'pw-veil');
  readonly ends = [element('span', ''), element('span', ''), element('span', '')];
  private readonly beyond = element('span', '');
  /** The same button before and after a click, so that it keeps the focus. */
  private readonly endButton = button('', () => this.choose?.());
  private choose: (() => void) | null = null;

  constructor(
    readonly plate: Plate,
    barClass: string,
  ) {
    this.node.append(
      element('figcaption', 'pw-caption', this.title, this.caption),
      element('div', 'pw-frame', plate.canvas, this.veil),
      element('div', `pw-color-bar ${barClass}`),
      element('div', 'pw-color-ends', ...this.ends),
      element('div', 'pw-scale-note', this.beyond, this.endButton),
    );
  }

  /** Labels a scale that leaves out nothing, or clears the labels. */
  label(low: string, middle: string, high: string): void {
    this.labelEnds(low, middle, high);
    this.beyond.textContent = '';
    this.endButton.hidden = true;
  }

  /**
   * Labels the scale of signed values, and states what it leaves out.
   * @param end where the scale ends; null: this image offers no choice
   * @param choose called with the end that a person chooses
   * @param magnitude whether the image shows magnitudes, without signs
   * @returns both ends in words
   */
  labelSigned(
    { limit, beyond }: SignedScale,
    end: ScaleEnd | null,
    choose: (end: ScaleEnd) => void,
    magnitude = false,
  ): string {
    const decimals = decimalsFor(limit);
    const high = magnitude ? plain(limit, decimals) : signed(limit, decimals);
    const low = magnitude ? plain(0, decimals) : high.replace('+', '−');
    const note = beyondText(beyond);
    this.labelEnds(low, magnitude ? '' : '0', high);
    this.beyond.textContent = note;
    this.offer(end, note !== '', choose);
    return `from ${low} to ${high}${note && `, ${note}`}`;
  }

  private labelEnds(...texts: string[]): void {
    texts.forEach((text, i) => (this.ends[i].textContent = text));
  }

  private offer(end: ScaleEnd | null, isCut: boolean, choose: (end: ScaleEnd) => void): void {
    const isFull = end === 'full';
    this.endButton.hidden = end === null || !(isFull || isCut);
    this.endButton.textContent = isFull ? 'without extremes' : 'full range';
    this.endButton.title = `End the scale at the ${isFull ? '99.5th percentile' : 'largest value'}`;
    this.choose = () => choose(isFull ? 'robust' : 'full');
  }
}
