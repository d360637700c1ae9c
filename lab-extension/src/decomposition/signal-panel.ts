import { laneHeight, namedChannels, type Signal } from 'piecewise/payload';
import type { Pixel, Selection } from '../figures/selection';
import { element } from '../parts/element';

/** A signal with its title, a caption, its range, and marks over its lines. */
export class SignalPanel {
  readonly node = element('figure', 'pw-signal-panel');
  readonly title = element('strong', '');
  readonly caption = element('span', 'pw-plate-caption');
  readonly ends = element('span', 'pw-signal-ends');
  readonly veil = element('div', 'pw-veil');
  /** What is pointed at: the lines of all channels. */
  readonly frame = element('div', 'pw-signal-frame');
  private readonly lines = element('div', 'pw-signal-lines');
  private readonly cursor = element('div', 'pw-signal-cursor');
  private readonly brush = element('div', 'pw-signal-brush');
  private readonly highlight = element('div', 'pw-signal-highlight');

  constructor(private readonly signal: Signal) {
    this.frame.style.height = `${signal.channels * laneHeight(signal.channels)}px`;
    this.frame.append(this.lines, this.highlight, this.brush, this.cursor, this.veil);
    this.node.append(
      element('figcaption', 'pw-caption', this.title, this.caption, this.ends),
      element('div', 'pw-signal-row', this.names(), this.frame),
    );
    this.mark(null, null, null);
  }

  /** @param picture absent: there is nothing to show */
  draw(picture?: SVGSVGElement): void {
    this.lines.replaceChildren(...(picture ? [picture] : []));
    this.frame.setAttribute('role', 'group');
    const label = picture?.getAttribute('aria-label') ?? 'Not available';
    this.frame.setAttribute(
      'aria-label',
      `${label}. Arrow keys move the cursor; with Shift, they select a stretch of time.`,
    );
  }

  mark(cursor: Pixel | null, brush: Selection | null, highlight: Selection | null): void {
    const { channels, steps } = this.signal;
    this.cursor.hidden = cursor === null;
    if (cursor) {
      const box = { top: 0, bottom: channels - 1, left: cursor.column, right: cursor.column };
      this.lay(this.cursor, box);
      this.cursor.style.setProperty('--pw-lane-top', `${(100 * cursor.row) / channels}%`);
      this.cursor.style.setProperty('--pw-lane-height', `${100 / channels}%`);
      this.cursor.style.width = `max(1px, ${100 / steps}%)`;
    }
    this.lay(this.brush, brush);
    this.lay(this.highlight, highlight);
  }

  private lay(node: HTMLElement, box: Selection | null): void {
    const { channels, steps } = this.signal;
    node.hidden = box === null;
    if (!box) return;
    node.style.left = `${(100 * box.left) / steps}%`;
    node.style.width = `${(100 * (box.right - box.left + 1)) / steps}%`;
    node.style.top = `${(100 * box.top) / channels}%`;
    node.style.height = `${(100 * (box.bottom - box.top + 1)) / channels}%`;
  }

  /** The names of the channels to the left of their lines. */
  private names(): HTMLElement {
    const { channels, names } = this.signal;
    const shown = namedChannels(this.signal, laneHeight(channels));
    return element(
      'div',
      'pw-signal-names',
      ...shown.map(c => {
        const node = element('span', 'pw-signal-name', names[c]);
        node.title = names[c];
        node.style.top = `${(100 * (c + 0.5)) / channels}%`;
        return node;
      }),
    );
  }
}
