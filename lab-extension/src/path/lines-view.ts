import { compact } from '../figures/format';
import { heightOf, linePath, PLANE, reachOf, tickPath } from '../figures/path-lines';
import { classColor } from '../figures/point-colors';
import type { WayChange, WayModel } from './path-model';
import { element } from '../parts/element';
import { rgb } from '../embedding/legend-view';

const SVG = 'http://www.w3.org/2000/svg';

/** Pictures are stretched to their place, their strokes are not. */
const EVEN = { 'vector-effect': 'non-scaling-stroke' };

/** The outputs as lines over t, decisions as dots, and below them every crossing as a tick, a strip a layer. */
export class WayLinesView {
  readonly node = element('div', 'pw-way-chart');
  private readonly lines: SVGPathElement[];
  private readonly cursor = element('span', 'pw-way-cursor');

  constructor(private readonly model: WayModel) {
    const { way } = model;
    const range = reachOf(way);
    this.lines = way.shown.map((_, k) => {
      const line = svg('path', { ...EVEN, d: linePath(way, k, range), class: 'pw-way-line' });
      line.style.stroke = rgb(classColor(k, way.shown.length));
      return line;
    });
    const plane = element('div', 'pw-way-plane', picture(PLANE.height, this.label(), ...this.lines));
    plane.append(...this.axis(), ...this.dots());
    const strips = way.layers.map((layer, i) => strip(layer, tickPath(way, i)));
    const field = element('div', 'pw-way-field', this.cursor);
    this.node.append(plane, ...strips.flat(), field);
    this.listen(field);
    this.update('output');
  }

  update(change: WayChange): void {
    const { t, output } = this.model;
    this.cursor.style.left = `${100 * t}%`;
    if (change !== 'output') return;
    this.lines.forEach((line, k) => {
      line.classList.toggle('pw-mod-subject', k === output);
      line.setAttribute('opacity', k === output ? '1' : '0.6');
    });
  }

  private label(): string {
    const { labels, shown, regions } = this.model.way;
    return `Outputs ${shown.map(c => labels[c]).join(', ')} from x to x′, through ${regions} linear regions`;
  }

  /** Zero and both ends, as far as they do not lie on each other. */
  private axis(): HTMLElement[] {
    const range = reachOf(this.model.way);
    const inside = [0.06, 0.5, 0.94].map(share => range.high - share * (range.high - range.low));
    const zero = range.low < 0 && range.high > 0;
    const far = inside.filter(value => !zero || Math.abs(heightOf(value, range) - heightOf(0, range)) > 0.09);
    return [...far, ...(zero ? [0] : [])].map(value => {
      const node = element('span', 'pw-way-tick', compact(Number(value.toPrecision(2))));
      node.style.top = `${100 * heightOf(Number(value.toPrecision(2)), range)}%`;
      if (value === 0) node.classList.add('pw-mod-zero');
      return node;
    });
  }

  private dots(): HTMLElement[] {
    const { way } = this.model;
    const range = reachOf(way);
    return way.decisions.flatMap(({ t, from, to }) => {
      const k = way.shown.indexOf(to);
      if (k < 0) return [];
      const node = element('span', 'pw-way-dot');
      node.title = `from ${way.labels[from]} to ${way.labels[to]} at t = ${t.toFixed(4)}`;
      node.style.left = `${100 * t}%`;
      node.style.top = `${100 * heightOf(this.model.valueAt(t, k), range)}%`;
      return [node];
    });
  }

  /** The slider does the same for the keyboard. */
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
  const name = element('span', 'pw-way-layer', layer);
  name.title = layer;
  const line = svg('path', { ...EVEN, d: ticks, class: 'pw-way-ticks', opacity: '0.35' });
  return [name, element('div', 'pw-way-strip', picture(1, `Where units of ${layer} switch`, line))];
}

function picture(height: number, label: string, ...children: SVGElement[]): SVGSVGElement {
  const node = svg('svg', {
    viewBox: `0 0 ${PLANE.width} ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
  });
  node.append(...children);
  return node;
}

function svg<Tag extends 'svg' | 'path'>(
  tag: Tag,
  attributes: Record<string, string>,
): SVGElementTagNameMap[Tag] {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
