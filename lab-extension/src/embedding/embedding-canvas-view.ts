import { plain } from 'piecewise/payload';
import { packed, paintDensity, paintDots, type Splats } from '../figures/splat';
import { splatsOf } from '../figures/point-colors';
import { fitting, panned, type Size, toCoordinates, type Viewport, zoomed } from '../figures/viewport';
import type { Corner } from '../figures/lasso';
import type { EmbeddingChange, EmbeddingModel } from './embedding-model';
import { readPalette } from '../parts/theme';
import { drawDots, MOST_DOTS } from '../vector/draw-dots';
import { drawnAsVectors, type Pen } from '../vector/vector-canvas';
import { element } from '../parts/element';
import { EmbeddingMarks } from './embedding-marks';
import { EmbeddingPointer } from './embedding-pointer';
import type { EmbeddingPart } from './embedding-part';
import { thumbnail } from './thumbnail';

/** In the browser's performance timeline: the time that each picture of the points took. */
export const EMBEDDING_FRAME = 'piecewise:embedding-frame';

/** With more points per pixel of the picture than this, they are shown as a density unless somebody wants otherwise. */
const CROWDED = 0.25;
/** Share of the picture that dots may cover, and their size in CSS pixels. */
const COVERED = 0.1;
const LEAST_RADIUS = 0.7;
const MOST_RADIUS = 4;

/** The points, and a line below them about the one that is pointed at. */
export class EmbeddingCanvasView implements EmbeddingPart {
  readonly node = element('div', 'pw-embedding-frame');
  /** The lasso or box that is being drawn, in coordinates of the embedding. */
  outline: Corner[] = [];
  private readonly canvas = element('canvas', 'pw-embedding-canvas');
  private readonly marks: EmbeddingMarks;
  private readonly status = element('div', 'pw-embedding-status');
  private readonly sizes = new ResizeObserver(() => this.redraw());
  private splats: Splats | null = null;
  private view: Viewport | null = null;
  private frame = 0;

  constructor(private readonly model: EmbeddingModel) {
    this.marks = new EmbeddingMarks(model);
    const { node: over } = this.marks;
    over.tabIndex = 0;
    over.setAttribute('role', 'application');
    over.setAttribute('aria-label', 'Points of the embedding');
    // Arrow keys move between points here; without this attribute, JupyterLab would move to the next cell.
    over.dataset.lmSuppressShortcuts = 'true';
    this.status.setAttribute('role', 'status');
    this.node.append(element('div', 'pw-embedding-stage', this.canvas, over), this.status);
    this.sizes.observe(over);
    new EmbeddingPointer(model, this).attach(over);
  }

  /** In CSS pixels. */
  get size(): Size {
    return { width: this.canvas.clientWidth || 1, height: this.canvas.clientHeight || 1 };
  }

  get viewport(): Viewport {
    return (this.view ??= this.whole());
  }

  /** Whether the points are now shown as a density. */
  get isDensity(): boolean {
    const { width, height } = this.size;
    return this.model.density ?? this.model.embedding.count > CROWDED * width * height;
  }

  update(change: EmbeddingChange): void {
    if (change === 'answer') return;
    if (change === 'data' && this.model.embedding.training) this.view = null;
    const isMark = change === 'pointer' || change === 'moved';
    if (!isMark) this.splats = null;
    if (change === 'pointer' || change === 'pick' || change === 'data') this.describe();
    this.draw(!isMark && change !== 'pick');
  }

  redraw(): void {
    this.splats = null;
    this.draw(true);
  }

  fit(): void {
    this.view = null;
    this.draw(true);
  }

  /** @param x, y in CSS pixels; the middle by default */
  zoom(factor: number, x = this.size.width / 2, y = this.size.height / 2): void {
    this.view = zoomed(this.viewport, this.size, x, y, factor, this.whole());
    this.draw(true);
  }

  pan(dx: number, dy: number): void {
    this.view = panned(this.viewport, dx, dy);
    this.draw(true);
  }

  coordinatesAt(x: number, y: number): Corner {
    return toCoordinates(this.viewport, this.size, x, y);
  }

  drawOutline(outline: Corner[]): void {
    this.outline = outline;
    this.draw(false);
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.sizes.disconnect();
  }

  private whole(): Viewport {
    return fitting(this.model.embedding.across, this.model.embedding.up, this.size);
  }

  private pending = false;

  /** Draws in the next frame, once for all changes until then. @param points false: only what lies over the points */
  private draw(points: boolean): void {
    this.pending ||= points;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      if (!this.canvas.isConnected || this.canvas.clientWidth === 0) return;
      if (this.pending) this.paint();
      this.pending = false;
      this.marks.draw(this.viewport, this.size, this.outline);
    });
  }

  private paint(): void {
    const start = performance.now();
    const { model } = this;
    const { page } = readPalette(this.canvas);
    const selected = model.selected.length === 0 ? null : maskOf(model.selected, model.embedding.count);
    this.splats ??= splatsOf(model.embedding, model.column, model.hidden, selected, page);
    const ratio = devicePixelRatio;
    const size = { width: Math.round(this.size.width * ratio), height: Math.round(this.size.height * ratio) };
    this.canvas.width = size.width;
    this.canvas.height = size.height;
    const image = new ImageData(size.width, size.height);
    const pixels = new Uint32Array(image.data.buffer).fill(packed(page));
    const view = { ...this.viewport, scale: this.viewport.scale * ratio };
    if (this.isDensity) paintDensity(pixels, size, view, this.splats, page);
    else paintDots(pixels, size, view, this.splats, ratio * this.radius());
    this.canvas.getContext('2d')!.putImageData(image, 0, 0);
    drawnAsVectors(this.canvas, this.vectors(this.splats));
    performance.measure(EMBEDDING_FRAME, { start, end: performance.now() });
  }

  /** How the points are drawn in a file; null: as pixels, since there are too many. */
  private vectors(splats: Splats): ((pen: Pen) => void) | null {
    const { size, viewport, isDensity, model } = this;
    if (isDensity || model.embedding.count > MOST_DOTS) return null;
    const radius = this.radius();
    return pen => drawDots(pen, size, viewport, splats, radius);
  }

  /** Dots grow when one zooms in, and are smaller the more there are. */
  private radius(): number {
    const { width, height } = this.size;
    const fair = Math.sqrt((COVERED * width * height) / (Math.PI * this.model.embedding.count));
    const zoom = Math.sqrt(this.viewport.scale / this.whole().scale);
    return Math.max(LEAST_RADIUS, Math.min(MOST_RADIUS, fair * zoom));
  }

  private describe(): void {
    const { model } = this;
    const position = model.pointed ?? model.picked;
    if (position === null) {
      const hint = 'Point at a dot to see it; click it to see why it is there; Shift-click it to compare it.';
      this.status.replaceChildren(element('span', 'pw-quiet', hint));
      return;
    }
    const { across, up, axes } = model.embedding;
    const coordinates = axes.length === 2 ? [across[position], up[position]] : [across[position]];
    const column = model.column && `${model.column.name} ${model.column.values[position].toPrecision(4)}`;
    const image = model.imageOf(position);
    const words = [model.labelOf(position), `at (${coordinates.map(v => plain(v)).join(', ')})`, column];
    this.status.replaceChildren(
      ...(image ? [thumbnail(image.sprite, image.index)] : []),
      element(
        'span',
        '',
        element('strong', '', `Point ${model.pointOf(position)}`),
        ` · ${words.filter(Boolean).join(' · ')}`,
      ),
    );
  }
}

function maskOf(positions: readonly number[], count: number): Uint8Array {
  const mask = new Uint8Array(count);
  for (const i of positions) mask[i] = 1;
  return mask;
}
