import { compact, outputColors, roundTicks } from 'piecewise/payload';
import { heightOf, linePath, PLANE, reachOf, tickPath } from '../figures/path-lines';
import { cssColor } from '../figures/color-scale';
import type { PathChange, PathModel } from './path-model';
import { element } from '../parts/element';
import { EVEN, stretched, svg } from '../parts/svg';

const MOST_TICKS = 6;

/** The outputs as lines over t, decisions as dots, and below them every breakpoint as a tick, one strip per layer. */
export class PathLinesView {
  readonly node = element('div', 'pw-path-chart');
  private readonly lines: SVGPathElement[];
  private readonly cursor = element('span', 'pw-path-cursor');

  constructor(private readonly model: PathModel) {
    const { path } = model;
    const range = reachOf(path);
    const colors = outputColors(path.labels, path.shown);
    this.lines = path.shown.map((_, k) => {
      const line = svg('path', { ...EVEN, d: linePath(path, k, range), class: 'pw-path-line' });
      line.style.stroke = cssColor(colors[k]);
      return line;
    });
    const plane = element(
      'div',
      'pw-path-plane',
      stretched(PLANE.width, PLANE.height, this.label(), ...this.lines),
    );
    plane.append(...this.axis(), ...this.dots());
    const strips = path.layers.map((layer, i) => strip(layer, tickPath(path, i)));
    const field = element('div', 'pw-path-field', this.cursor);
    this.node.append(plane, ...strips.flat(), field);
    this.listen(field);
    this.update('output');
  }

  update(change: PathChange): void {
    const { t, output } = this.model;
    this.cursor.style.left = `${100 * t}%`;
    if (change !== 'output') return;
    this.lines.forEach((line, k) => {
      line.classList.toggle('pw-mod-subject', k === output);
      line.setAttribute('opacity', k === output ? '1' : '0.6');
    });
  }

  private label(): string {
    const { labels, shown, regions } = this.model.path;
    return `Outputs ${shown.map(c => labels[c]).join(', ')} from x to x′, through ${regions} linear regions`;
  }

  /** Round values in equal steps. */
  private axis(): HTMLElement[] {
    const range = reachOf(this.model.path);
    return roundTicks(range.low, range.high, MOST_TICKS).map(value => {
      const node = element('span', 'pw-path-tick', compact(value));
      node.style.top = `${100 * heightOf(value, range)}%`;
      if (value === 0) node.classList.add('pw-mod-zero');
      return node;
    });
  }

  private dots(): HTMLElement[] {
    const { path } = this.model;
    const range = reachOf(path);
    return path.decisions.flatMap(({ t, from, to }) => {
      const k = path.shown.indexOf(to);
      if (k < 0) return [];
      const node = element('span', 'pw-path-dot');
      node.title = `from ${path.labels[from]} to ${path.labels[to]} at t = ${t.toFixed(4)}`;
      node.style.left = `${100 * t}%`;
      node.style.top = `${100 * heightOf(this.model.valueAt(t, k), range)}%`;
      return [node];
    });
  }

  /** The slider offers the same for the keyboard. */
  private listen(field: HTMLElement): void {
    const move = (event: PointerEvent) => {
      const { left, width } = field.getBoundingClientRect();
      this.model.moveTo((event.clientX - left) / width);
    };
    field.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      field.setPointerCapture(event.pointerId);
      move(event);
    });
    field.addEventListener('pointermove', event => {
      if ((event.buttons & 1) === 1) move(event);
    });
  }
}

/** A layer's name and its ticks, which are stretched with the chart. */
function strip(layer: string, ticks: string): HTMLElement[] {
  const name = element('span', 'pw-path-layer', layer);
  name.title = layer;
  const line = svg('path', { ...EVEN, d: ticks, class: 'pw-path-ticks', opacity: '0.35' });
  return [
    name,
    element('div', 'pw-path-strip', stretched(PLANE.width, 1, `Where units of ${layer} switch`, line)),
  ];
}
