import { paintOf } from './paint';
import { type Attributes, svgElement } from './svg-element';
import type { Pen } from './vector-canvas';

const BASELINES: Partial<Record<CanvasTextBaseline, string>> = { middle: 'central', top: 'hanging' };
const ANCHORS: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end', end: 'end' };

/** A pen that draws SVG elements instead of pixels. */
export class SvgPen implements Pen {
  font = '10px sans-serif';
  textAlign: CanvasTextAlign = 'start';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  lineJoin: CanvasLineJoin = 'miter';
  lineWidth = 1;
  strokeStyle: Pen['strokeStyle'] = '#000';
  fillStyle: Pen['fillStyle'] = '#000';
  globalAlpha = 1;
  private path = '';
  private dashes: number[] = [];

  /** @param into where the elements go */
  constructor(private readonly into: SVGElement) {}

  beginPath(): void {
    this.path = '';
  }

  closePath(): void {
    this.path += 'Z';
  }

  moveTo(x: number, y: number): void {
    this.path += `M${x.toFixed(2)} ${y.toFixed(2)}`;
  }

  lineTo(x: number, y: number): void {
    this.path += `${this.path ? 'L' : 'M'}${x.toFixed(2)} ${y.toFixed(2)}`;
  }

  /** A whole circle; marks have no other arcs. */
  arc(x: number, y: number, radius: number): void {
    this.moveTo(x + radius, y);
    const half = (end: number) => `A${radius} ${radius} 0 1 1 ${end.toFixed(2)} ${y.toFixed(2)}`;
    this.path += `${half(x - radius)}${half(x + radius)}Z`;
  }

  setLineDash(dashes: Iterable<number>): void {
    this.dashes = [...dashes];
  }

  stroke(): void {
    const dashes = this.dashes.join(' ') || undefined;
    this.into.append(svgElement('path', { d: this.path, ...this.outlined(), 'stroke-dasharray': dashes }));
  }

  fill(): void {
    this.into.append(svgElement('path', { d: this.path, ...this.filled() }));
  }

  strokeText(text: string, x: number, y: number): void {
    this.text(text, x, y, this.outlined());
  }

  fillText(text: string, x: number, y: number): void {
    this.text(text, x, y, this.filled());
  }

  private text(text: string, x: number, y: number, look: Attributes): void {
    const position = {
      x,
      y,
      style: `font: ${this.font}`,
      'text-anchor': ANCHORS[this.textAlign] ?? 'start',
      'dominant-baseline': BASELINES[this.textBaseline] ?? 'auto',
    };
    this.into.append(svgElement('text', { ...position, ...look }, text));
  }

  private outlined(): Attributes {
    const { color, opacity } = paintOf(String(this.strokeStyle));
    return {
      fill: 'none',
      stroke: color,
      'stroke-opacity': opacity * this.globalAlpha,
      'stroke-width': this.lineWidth,
      'stroke-linejoin': this.lineJoin,
    };
  }

  private filled(): Attributes {
    const { color, opacity } = paintOf(String(this.fillStyle));
    return { fill: color, 'fill-opacity': opacity * this.globalAlpha };
  }
}
