import { pngSize } from 'piecewise/payload';
import { paintOf } from './paint';
import { svgElement } from './svg-element';
import { SvgPen } from './svg-pen';
import { textLines } from './text-lines';
import { vectorDrawing } from './vector-canvas';

const SIDES = ['Top', 'Right', 'Bottom', 'Left'] as const;

/**
 * Elements of the page as SVG: boxes with their backgrounds and borders, lines of text as text, canvases as vectors if they have
 * a vector drawing, else as pictures. Positions are those of the layout; nothing is fetched, and no script is carried along.
 */
export class PageToSvg {
  private readonly origin: DOMRect;
  private readonly definitions = svgElement('defs', {});
  /** Identifiers of pictures by their address, and of gradients by their CSS. */
  private readonly defined = new Map<string, string>();
  private readonly measure = new OffscreenCanvas(1, 1).getContext('2d')!;

  /** @param contentOf the canvas that holds the content of a copied one */
  constructor(
    private readonly root: HTMLElement,
    private readonly contentOf: (canvas: HTMLCanvasElement) => HTMLCanvasElement,
  ) {
    this.origin = root.getBoundingClientRect();
  }

  /** An `svg` element of the root's size. */
  drawn(): SVGElement {
    const { width, height } = this.origin;
    const svg = svgElement('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, this.definitions);
    this.draw(this.root, svg, this.origin.right);
    return svg;
  }

  private draw(node: Element, into: SVGElement, right: number): void {
    const style = getComputedStyle(node);
    if (style.display === 'none' || style.visibility !== 'visible' || style.opacity === '0') return;
    const group = style.opacity === '1' ? into : svgElement('g', { opacity: Number(style.opacity) });
    if (group !== into) into.append(group);
    const box = node.getBoundingClientRect();
    if (node instanceof SVGSVGElement) return this.drawing(node, box, group);
    this.background(style, box, group);
    this.borders(style, box, group);
    if (node instanceof HTMLCanvasElement) return this.canvas(this.contentOf(node), box, group);
    const cut = style.overflowX === 'visible' ? right : Math.min(right, box.right);
    for (const child of node.childNodes) {
      if (child instanceof Text) this.text(child, style, group, cut);
      else if (child instanceof Element) this.draw(child, group, cut);
    }
  }

  private boxOf({ left, top, width, height }: DOMRect) {
    return { x: left - this.origin.left, y: top - this.origin.top, width, height };
  }

  private background(style: CSSStyleDeclaration, box: DOMRect, into: SVGElement): void {
    const url = /^url\("(data:image\/png;base64,[^"]+)"\)$/.exec(style.backgroundImage)?.[1];
    if (url) return this.cutOut(url, style, box, into);
    const fill = this.fillOf(style);
    if (fill && box.width > 0 && box.height > 0)
      into.append(svgElement('rect', { ...this.boxOf(box), ...fill, ...rounded(style) }));
  }

  private fillOf({ backgroundImage, backgroundColor }: CSSStyleDeclaration) {
    if (backgroundImage.startsWith('linear-gradient(to right'))
      return { fill: this.gradient(backgroundImage) };
    const { color, opacity } = paintOf(backgroundColor);
    return opacity === 0 ? null : { fill: color, 'fill-opacity': opacity };
  }

  /** A gradient from left to right whose stops are evenly spaced unless they state where they are. */
  private gradient(css: string): string {
    const id = this.define(css, id => {
      const stops = css.slice(0, -1).match(/(?:rgba?|color)\([^)]*\)(?: [\d.]+%)?/g) ?? [];
      const node = svgElement('linearGradient', { id });
      stops.forEach((stop, i) => {
        const [, css, at] = /^(.*\))(?: ([\d.]+)%)?$/.exec(stop)!;
        const { color, opacity } = paintOf(css);
        const offset = at === undefined ? i / (stops.length - 1) : Number(at) / 100;
        node.append(svgElement('stop', { offset, 'stop-color': color, 'stop-opacity': opacity }));
      });
      return node;
    });
    return `url(#${id})`;
  }

  /** The part of a picture that a box shows. */
  private cutOut(url: string, style: CSSStyleDeclaration, box: DOMRect, into: SVGElement): void {
    const size = pngSize(url);
    if (size === null) return;
    const picture = this.define(url, id => svgElement('image', { id, href: url, ...size }));
    const [left, top] = style.backgroundPosition.split(' ').map(parseFloat);
    const view = `${-left} ${-top} ${box.width} ${box.height}`;
    const look = `image-rendering: ${style.imageRendering}; filter: ${style.filter}`;
    const use = svgElement('use', { href: `#${picture}`, style: look });
    into.append(svgElement('svg', { ...this.boxOf(box), viewBox: view, overflow: 'hidden' }, use));
  }

  private define(key: string, make: (id: string) => SVGElement): string {
    let id = this.defined.get(key);
    if (id !== undefined) return id;
    id = `part-${this.defined.size + 1}`;
    this.defined.set(key, id);
    this.definitions.append(make(id));
    return id;
  }

  /** Equal sides are one rectangle; sides that differ meet at a slant, as in CSS. */
  private borders(style: CSSStyleDeclaration, box: DOMRect, into: SVGElement): void {
    const sides = SIDES.map(side => ({
      width: style[`border${side}Style`] === 'none' ? 0 : parseFloat(style[`border${side}Width`]),
      ...paintOf(style[`border${side}Color`]),
    }));
    if (sides.every(({ width, opacity }) => width === 0 || opacity === 0)) return;
    const { x, y, width, height } = this.boxOf(box);
    const [first] = sides;
    if (sides.every(side => side.width === first.width && side.color === first.color)) {
      const half = first.width / 2;
      const inner = { x: x + half, y: y + half, width: width - first.width, height: height - first.width };
      into.append(svgElement('rect', { ...inner, fill: 'none', ...lineOf(first), ...rounded(style) }));
      return;
    }
    const [top, right, bottom, left] = sides.map(side => side.width);
    const outer = [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
    const inner = [
      [x + left, y + top],
      [x + width - right, y + top],
      [x + width - right, y + height - bottom],
      [x + left, y + height - bottom],
    ];
    sides.forEach(({ width, color, opacity }, i) => {
      if (width === 0 || opacity === 0) return;
      const next = (i + 1) % 4;
      const points = [outer[i], outer[next], inner[next], inner[i]].join(' ');
      into.append(svgElement('polygon', { points, fill: color, 'fill-opacity': opacity }));
    });
  }

  private text(node: Text, style: CSSStyleDeclaration, into: SVGElement, right: number): void {
    const { color, opacity } = paintOf(style.color);
    this.measure.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = this.measure.measureText('x');
    const font = {
      'font-family': style.fontFamily,
      'font-size': style.fontSize,
      'font-weight': style.fontWeight,
      fill: color,
      'fill-opacity': opacity,
    };
    for (const line of textLines(node, right)) {
      const x = line.left - this.origin.left;
      const y = line.top - this.origin.top + (line.height - ascent - descent) / 2 + ascent;
      // Numbers stay in their columns whatever font another program uses.
      const textLength = line.text.endsWith('…') ? undefined : line.right - line.left;
      into.append(svgElement('text', { x, y, 'xml:space': 'preserve', textLength, ...font }, line.text));
    }
  }

  private canvas(canvas: HTMLCanvasElement, box: DOMRect, into: SVGElement): void {
    const position = this.boxOf(box);
    const draw = vectorDrawing(canvas);
    if (!draw) {
      into.append(
        svgElement('image', { ...position, href: canvas.toDataURL(), preserveAspectRatio: 'none' }),
      );
      return;
    }
    const marks = svgElement('svg', { ...position, overflow: 'hidden' });
    draw(new SvgPen(marks));
    into.append(marks);
  }

  /** A drawing that is SVG already, with the look that the style sheet gives it. */
  private drawing(drawing: SVGSVGElement, box: DOMRect, into: SVGElement): void {
    const copy = drawing.cloneNode(true) as SVGSVGElement;
    const shapes = drawing.querySelectorAll('*');
    copy.querySelectorAll('*').forEach((shape, i) => {
      const { fill, stroke, strokeWidth } = getComputedStyle(shapes[i]);
      for (const [name, value] of Object.entries({ fill, stroke }))
        shape.setAttribute(name, value === 'none' ? value : paintOf(value).color);
      shape.setAttribute('stroke-width', strokeWidth);
    });
    const { x, y, width, height } = this.boxOf(box);
    for (const [name, value] of Object.entries({ x, y, width, height }))
      copy.setAttribute(name, String(value));
    into.append(copy);
  }
}

const rounded = ({ borderTopLeftRadius }: CSSStyleDeclaration) => ({
  rx: parseFloat(borderTopLeftRadius) || 0,
});

const lineOf = ({ width, color, opacity }: { width: number; color: string; opacity: number }) => ({
  stroke: color,
  'stroke-opacity': opacity,
  'stroke-width': width,
});
