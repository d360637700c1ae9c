import { type Size, toPixel, type Viewport } from '../figures/viewport';
import type { Corner } from '../figures/lasso';
import type { EmbeddingModel } from './embedding-model';
import { drawnAsVectors, type Pen } from '../vector/vector-canvas';
import { element } from '../parts/element';

/** Labels stand at the medians of the classes, if there are at most so many; each from about so many of its points at most. */
const MOST_LABELS = 30;
const MOST_FOR_MEDIAN = 2001;
/** The longest arrow in CSS pixels. */
const ARROW = 90;

/** What lies over the points: labels of classes, rings around picked points, arrows, and an outline that is being drawn. */
export class EmbeddingMarks {
  readonly node = element('canvas', 'pw-embedding-marks');
  private medians: { of: unknown; labels: Corner[] } = { of: null, labels: [] };

  constructor(private readonly model: EmbeddingModel) {}

  draw(view: Viewport, size: Size, outline: readonly Corner[]): void {
    const { node } = this;
    node.width = Math.round(size.width * devicePixelRatio);
    node.height = Math.round(size.height * devicePixelRatio);
    const context = node.getContext('2d')!;
    context.scale(devicePixelRatio, devicePixelRatio);
    this.drawWith(context, view, size, outline);
    drawnAsVectors(node, pen => this.drawWith(pen, view, size, outline));
  }

  private drawWith(context: Pen, view: Viewport, size: Size, outline: readonly Corner[]): void {
    const { node, model } = this;
    const style = getComputedStyle(node);
    const color = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
    const at = (i: number): Corner => toPixel(view, size, model.embedding.across[i], model.embedding.up[i]);
    const [page, text, accent] = [
      color('--pw-page', '#fff'),
      color('--pw-text', '#111'),
      color('--pw-accent', '#1976d2'),
    ];
    this.drawLabels(context, view, size, page, text);
    const groups = model.comparison.groups ?? (model.picked === null ? [] : [[model.picked]]);
    groups.forEach(
      (group, g) => group.length === 1 && ring(context, at(group[0]), 7, [page, g === 0 ? text : accent]),
    );
    if (model.pointed !== null) ring(context, at(model.pointed), 5, [page, accent]);
    this.drawMoved(context, at, (coordinates: Corner) => toPixel(view, size, ...coordinates), accent, text);
    if (model.push && model.picked !== null)
      arrow(context, at(model.picked), this.scaled(model.push, view), accent);
    if (outline.length > 1)
      trace(
        context,
        outline.map(([x, y]) => toPixel(view, size, x, y)),
        accent,
      );
  }

  /** An arrow to where W and b of the picked point put its edited input, and a ring where the network puts it. */
  private drawMoved(
    context: Pen,
    at: (i: number) => Corner,
    toPixels: (coordinates: Corner) => Corner,
    accent: string,
    text: string,
  ): void {
    const { picked, predicted, moved } = this.model;
    if (picked === null || !predicted) return;
    const [from, tip] = [at(picked), toPixels([predicted[0], predicted[1] ?? 0])];
    arrow(context, from, [tip[0] - from[0], tip[1] - from[1]], accent);
    if (moved.result) ring(context, toPixels([moved.result[0], moved.result[1] ?? 0]), 5, [accent, text]);
  }

  /** The push as an arrow in pixels, shortened if it is too long. */
  private scaled(push: readonly number[], view: Viewport): Corner {
    const [dx, dy] = [push[0] * view.scale, -(push[1] ?? 0) * view.scale];
    const share = Math.min(1, ARROW / (Math.hypot(dx, dy) || 1));
    return [dx * share, dy * share];
  }

  private drawLabels(context: Pen, view: Viewport, size: Size, page: string, text: string): void {
    const { embedding, column, hidden } = this.model;
    if (!embedding.classes || column || embedding.classes.names.length > MOST_LABELS) return;
    if (this.medians.of !== embedding)
      this.medians = { of: embedding, labels: mediansOf(embedding.classes, embedding.across, embedding.up) };
    context.font = '600 14px sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    embedding.classes.names.forEach((name, c) => {
      const middle = this.medians.labels[c];
      if (hidden.has(c) || !middle) return;
      const [x, y] = toPixel(view, size, ...middle);
      context.lineWidth = 4;
      context.strokeStyle = page;
      context.strokeText(name.slice(0, 24), x, y);
      context.fillStyle = text;
      context.fillText(name.slice(0, 24), x, y);
    });
  }
}

function mediansOf(
  { names, of }: { names: string[]; of: Float32Array },
  across: Float32Array,
  up: Float32Array,
): Corner[] {
  const members: number[][] = names.map(() => []);
  of.forEach((c, i) => members[c]?.push(i));
  return members.map(all => {
    const step = Math.max(1, Math.floor(all.length / MOST_FOR_MEDIAN));
    const some = all.filter((_, n) => n % step === 0);
    return [median(some.map(i => across[i])), median(some.map(i => up[i]))] as const;
  });
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/** A ring with a halo, so that it is visible on any color. */
function ring(context: Pen, [x, y]: Corner, radius: number, colors: [string, string]): void {
  colors.forEach((color, n) => {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = color;
    context.lineWidth = n === 0 ? 4 : 2;
    context.stroke();
  });
}

function arrow(context: Pen, [x, y]: Corner, [dx, dy]: Corner, color: string): void {
  if (Math.hypot(dx, dy) < 1) return;
  const angle = Math.atan2(dy, dx);
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + dx, y + dy);
  for (const side of [-1, 1]) {
    context.moveTo(x + dx, y + dy);
    context.lineTo(x + dx - 9 * Math.cos(angle + side * 0.5), y + dy - 9 * Math.sin(angle + side * 0.5));
  }
  context.stroke();
}

function trace(context: Pen, corners: readonly Corner[], color: string): void {
  context.beginPath();
  corners.forEach(([x, y], n) => (n === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 0.12;
  context.fillStyle = color;
  context.fill();
  context.globalAlpha = 1;
}
