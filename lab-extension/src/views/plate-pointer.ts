import { inputRange } from '../figures/color-scale';
import type { ImageShape } from '../figures/image-shape';
import { stroke } from '../models/edit';
import type { ExplorerModel } from '../models/explorer-model';
import type { Plate } from './plate';

interface Pixel {
  row: number;
  column: number;
}

const STEPS: Record<string, Pixel> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

/**
 * Hands on an image: pointing moves the crosshair of all images, dragging brushes a region, or changes x while a pen is
 * taken; with the keyboard, arrow keys move, Shift with them brushes, Enter sets the pen down, Escape clears.
 */
export class PlatePointer {
  /** Where a drag or a brush by keyboard began. */
  private anchor: Pixel | null = null;

  constructor(
    private readonly model: ExplorerModel,
    private readonly shape: ImageShape,
  ) {}

  attach(plate: Plate): void {
    const { canvas } = plate;
    canvas.tabIndex = 0;
    // Arrow keys belong to the crosshair here; without this JupyterLab would move to the next cell.
    canvas.dataset.lmSuppressShortcuts = 'true';
    canvas.addEventListener('pointerdown', event => this.press(plate, event));
    canvas.addEventListener('pointermove', event => this.move(plate, event));
    canvas.addEventListener('pointerup', () => (this.anchor = null));
    canvas.addEventListener('pointercancel', () => (this.anchor = null));
    canvas.addEventListener('pointerleave', () => this.model.pointAt(null));
    canvas.addEventListener('keydown', event => this.onKey(event));
  }

  private press(plate: Plate, event: PointerEvent): void {
    if (event.button !== 0) return;
    plate.canvas.setPointerCapture(event.pointerId);
    const pixel = plate.pixelAt(event);
    if (this.model.tool !== 'look') return this.draw(pixel);
    this.anchor = pixel;
    this.model.brushOver(null);
  }

  private move(plate: Plate, event: PointerEvent): void {
    const pixel = plate.pixelAt(event);
    const { anchor } = this;
    this.point(pixel);
    if ((event.buttons & 1) !== 1) return;
    if (this.model.tool !== 'look') this.draw(pixel);
    else if (anchor && !same(anchor, pixel)) this.brush(anchor, pixel);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.anchor = null;
      this.model.brushOver(null);
      this.model.pointAt(null);
      event.preventDefault();
      return;
    }
    if (event.key === 'Enter' && this.model.tool !== 'look') {
      this.draw(this.cursor());
      event.preventDefault();
      return;
    }
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const from = this.cursor();
    const to = {
      row: clamp(from.row + step.row, this.shape.height),
      column: clamp(from.column + step.column, this.shape.width),
    };
    if (event.shiftKey) this.brush((this.anchor ??= from), to);
    else this.anchor = null;
    this.point(to);
  }

  /** The pixel that the keyboard moves from: the cursor, or the middle of the image. */
  private cursor(): Pixel {
    const { height, width } = this.shape;
    const at = this.model.cursor;
    if (at === null) return { row: Math.floor(height / 2), column: Math.floor(width / 2) };
    return { row: Math.floor(at / width), column: at % width };
  }

  private point({ row, column }: Pixel): void {
    this.model.pointAt(row * this.shape.width + column);
  }

  private draw({ row, column }: Pixel): void {
    const { tool, input, decomposition, whatIf } = this.model;
    if (tool === 'look') return;
    const range = inputRange(decomposition.input.values);
    whatIf.edit(stroke(input, this.shape, row * this.shape.width + column, tool, range));
  }

  private brush(a: Pixel, b: Pixel): void {
    this.model.brushOver({
      top: Math.min(a.row, b.row),
      bottom: Math.max(a.row, b.row),
      left: Math.min(a.column, b.column),
      right: Math.max(a.column, b.column),
    });
  }
}

function clamp(value: number, count: number): number {
  return Math.min(count - 1, Math.max(0, value));
}

function same(a: Pixel, b: Pixel): boolean {
  return a.row === b.row && a.column === b.column;
}
