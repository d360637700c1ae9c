import { boxOf, type Corner, inside } from '../figures/lasso';
import { type Size, toPixel, type Viewport } from '../figures/viewport';
import type { EmbeddingModel } from './embedding-model';

/** Where the points are drawn. Lengths are in CSS pixels. */
export interface PointsOnScreen {
  readonly size: Size;
  readonly viewport: Viewport;
  coordinatesAt(x: number, y: number): Corner;
  pan(dx: number, dy: number): void;
  zoom(factor: number, x?: number, y?: number): void;
  /** Shows all points. */
  fit(): void;
  drawOutline(outline: Corner[]): void;
}

/** A dot farther than this from the pointer, in CSS pixels, is not meant. */
const REACH = 14;
/** A press that moves less than this is a click. */
const CLICK = 4;
const STEP = 40;
const ZOOM = 1.4;
/** Candidates for the next point in the direction of an arrow key. */
const CANDIDATES = 60;

const DIRECTIONS: Record<string, Corner> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/**
 * Pointer and keyboard on the points. Pointer: point, click to pick, Shift-click to compare; drag to pan, to select while lasso
 * or box is the tool, or to pull the picked point (or the tip of its arrow) elsewhere; wheel with Ctrl to zoom. Keyboard: arrow
 * keys go from point to point, with Shift they pan, with Alt they pull the picked point; Enter picks, C compares, + − 0 zoom,
 * Escape clears.
 */
export class EmbeddingPointer {
  private from: { x: number; y: number } | null = null;
  private last: { x: number; y: number } | null = null;
  private moved = false;
  private pulls = false;
  private outline: Corner[] = [];

  constructor(
    private readonly model: EmbeddingModel,
    private readonly view: PointsOnScreen,
  ) {}

  attach(node: HTMLElement): void {
    node.addEventListener('pointerdown', event => this.press(node, event));
    node.addEventListener('pointermove', event => this.move(at(node, event)));
    node.addEventListener('pointerup', event => this.release(at(node, event), event.shiftKey));
    node.addEventListener('pointerleave', () => this.from ?? this.model.pointAt(null));
    node.addEventListener('wheel', event => this.wheel(node, event), { passive: false });
    node.addEventListener('keydown', event => {
      if (!this.key(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  private press(node: HTMLElement, event: PointerEvent): void {
    if (event.button !== 0) return;
    node.setPointerCapture(event.pointerId);
    this.from = this.last = at(node, event);
    this.moved = false;
    this.pulls = this.model.tool === 'pick' && this.isOnTip(this.from);
    this.outline = [this.view.coordinatesAt(this.from.x, this.from.y)];
  }

  private move(to: { x: number; y: number }): void {
    if (!this.from || !this.last) return this.model.pointAt(this.below(to));
    this.moved ||= Math.hypot(to.x - this.from.x, to.y - this.from.y) > CLICK;
    if (!this.moved) return;
    const { tool } = this.model;
    if (this.pulls) return this.model.pullTo(this.view.coordinatesAt(to.x, to.y));
    if (tool === 'lasso') this.outline.push(this.view.coordinatesAt(to.x, to.y));
    else if (tool === 'box')
      this.outline = boxOf(
        this.view.coordinatesAt(this.from.x, this.from.y),
        this.view.coordinatesAt(to.x, to.y),
      );
    else this.view.pan(to.x - this.last.x, to.y - this.last.y);
    if (tool === 'lasso' || tool === 'box') this.view.drawOutline(this.outline);
    this.last = to;
  }

  private release(to: { x: number; y: number }, withShift: boolean): void {
    if (!this.from) return;
    this.from = null;
    const { model } = this;
    if (!this.moved) {
      const position = this.below(to);
      if (position === null) return;
      return withShift ? model.rival(position) : model.pick(position);
    }
    if (model.tool !== 'lasso' && model.tool !== 'box') return;
    const { across, up } = model.embedding;
    model.select(inside(across, up, this.outline, i => model.isVisible(i)));
    this.view.drawOutline([]);
  }

  /** Without Ctrl the wheel scrolls the notebook, as everywhere. */
  private wheel(node: HTMLElement, event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { x, y } = at(node, event);
    this.view.zoom(Math.exp(-event.deltaY / 300), x, y);
  }

  /** Whether the picked point, or the tip of its arrow, is under the pointer. */
  private isOnTip({ x, y }: { x: number; y: number }): boolean {
    const { picked, predicted, explanation, embedding } = this.model;
    if (picked === null || !explanation.value) return false;
    const [across, up] = predicted ?? [embedding.across[picked], embedding.up[picked]];
    const [tipX, tipY] = toPixel(this.view.viewport, this.view.size, across, up ?? 0);
    return Math.hypot(x - tipX, y - tipY) <= REACH / 2;
  }

  private pull([dx, dy]: Corner): void {
    const from = this.model.predicted ?? this.model.explanation.value?.output;
    const step = STEP / 4 / this.view.viewport.scale;
    if (from) this.model.pullTo([from[0] + dx * step, (from[1] ?? 0) + dy * step]);
  }

  private below({ x, y }: { x: number; y: number }): number | null {
    const reach = REACH / this.view.viewport.scale;
    return this.model.nearest(...this.view.coordinatesAt(x, y), 1, reach)[0] ?? null;
  }

  /** @returns whether the key has a meaning here */
  private key(event: KeyboardEvent): boolean {
    const { model, view } = this;
    const direction = DIRECTIONS[event.key];
    if (direction && event.altKey) this.pull(direction);
    else if (direction && event.shiftKey) view.pan(-direction[0] * STEP, direction[1] * STEP);
    else if (direction) model.pointAt(this.next(direction));
    else if (event.key === 'Enter' && model.pointed !== null) model.pick(model.pointed);
    else if (event.key === 'c' && model.pointed !== null) model.rival(model.pointed);
    else if (event.key === '+') view.zoom(ZOOM);
    else if (event.key === '-') view.zoom(1 / ZOOM);
    else if (event.key === '0') view.fit();
    else if (event.key === 'Escape') this.clear();
    else return false;
    return true;
  }

  /** The nearest point that lies in this direction rather than in another. */
  private next([dx, dy]: Corner): number | null {
    const { model, view } = this;
    const start = model.pointed ?? model.picked;
    const { width, height } = view.size;
    if (start === null) return model.nearest(...view.coordinatesAt(width / 2, height / 2), 1)[0] ?? null;
    const { across, up } = model.embedding;
    const near = model.nearest(across[start], up[start], CANDIDATES);
    const found = near.find(i => {
      const [x, y] = [across[i] - across[start], up[i] - up[start]];
      const along = x * dx + y * dy;
      return i !== start && along > Math.abs(x * dy - y * dx);
    });
    return found ?? start;
  }

  private clear(): void {
    this.view.drawOutline([]);
    this.model.moved.reset();
    this.model.pointAt(null);
    if (this.model.selected.length > 0) this.model.select([]);
  }
}

function at(node: HTMLElement, event: MouseEvent): { x: number; y: number } {
  const box = node.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
