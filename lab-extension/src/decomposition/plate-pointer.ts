import { inputRange } from 'piecewise/payload';
import type { Corner } from '../figures/lasso';
import { lassoSelection } from '../figures/lasso-selection';
import { isPen, stroke } from '../image-tools/edit';
import type { DecompositionModel } from './decomposition-model';
import { boxBetween, toggled, type Pixel } from '../figures/selection';
import { arrowStep } from '../image-tools/arrow-steps';
import type { Plate } from '../image-tools/plate';

/** The factor of one step of zoom; a step of the wheel is smaller. */
export const ZOOM_STEP = 1.5;

/**
 * Pointer and keyboard on an image. Pointing moves the crosshair of all images; dragging selects a box or a free form, moves
 * the view, or changes x while a pen is the tool; for a swap, a click chooses the counterpart. On the keyboard, arrow keys move,
 * with Shift they select a box, Space adds or removes a pixel, Enter uses the pen or swaps, plus and minus zoom, and Escape
 * clears. The wheel with Ctrl zooms, too.
 */
export class PlatePointer {
  /** Where a drag, or a box made with the keyboard, began. */
  private anchor: Pixel | null = null;
  /** The point of the image that the hand holds while it moves the view. */
  private held: Corner | null = null;
  private outline: Corner[] | null = null;
  /** Where the pen is while it is down. */
  private pen: Pixel | null = null;

  /** @param redrawMarks called when the outline has grown */
  constructor(
    private readonly model: DecompositionModel,
    private readonly redrawMarks: () => void,
  ) {}

  /** The outline that is being drawn. */
  get trail(): readonly Corner[] | undefined {
    return this.outline ?? undefined;
  }

  attach(plate: Plate): void {
    const { canvas } = plate;
    canvas.tabIndex = 0;
    // Arrow keys move the crosshair here; without this attribute, JupyterLab would move to the next cell.
    canvas.dataset.lmSuppressShortcuts = 'true';
    canvas.addEventListener('pointerdown', event => this.press(plate, event));
    canvas.addEventListener('pointermove', event => this.move(plate, event));
    canvas.addEventListener('pointerup', () => this.release());
    canvas.addEventListener('pointercancel', () => this.release());
    canvas.addEventListener('pointerleave', () => this.model.pointAt(null));
    canvas.addEventListener('wheel', event => this.wheel(plate, event), { passive: false });
    canvas.addEventListener('keydown', event => this.onKey(event));
  }

  private press(plate: Plate, event: PointerEvent): void {
    if (event.button !== 0) return;
    plate.canvas.setPointerCapture(event.pointerId);
    const pixel = plate.pixelAt(event);
    const { tool } = this.model.look;
    if (isPen(tool)) {
      this.pen = pixel;
      return this.draw([pixel]);
    }
    if (tool === 'swap' && this.model.brush) {
      this.point(pixel);
      return this.model.swap();
    }
    if (tool === 'move') {
      this.held = plate.coordinatesAt(event);
      return;
    }
    if (tool === 'lasso') this.outline = [plate.coordinatesAt(event)];
    else this.anchor = pixel;
    this.model.brushOver(null);
  }

  private move(plate: Plate, event: PointerEvent): void {
    const pixel = plate.pixelAt(event);
    // Read before anything is drawn: afterwards it would force another layout.
    const [across, down] = plate.coordinatesAt(event);
    const met = plate.pixelsAt(event);
    const { anchor, pen } = this;
    this.point(pixel);
    if ((event.buttons & 1) !== 1) return;
    if (isPen(this.model.look.tool)) {
      this.pen = pixel;
      this.draw(pen ? [pen, ...met] : met);
    } else if (this.held) this.model.pan(this.held[1] - down, this.held[0] - across);
    else if (this.outline) {
      this.outline.push([across, down]);
      this.redrawMarks();
    } else if (anchor && (anchor.row !== pixel.row || anchor.column !== pixel.column))
      this.model.brushOver(boxBetween(anchor, pixel));
  }

  private release(): void {
    const { outline } = this;
    this.anchor = null;
    this.held = null;
    this.pen = null;
    this.outline = null;
    if (outline) this.model.brushOver(lassoSelection(outline, this.model.shape));
  }

  /** Without Ctrl the wheel scrolls the page, as everywhere. */
  private wheel(plate: Plate, event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const [column, row] = plate.coordinatesAt(event);
    this.model.zoom(ZOOM_STEP ** (-event.deltaY / 100), { row, column });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.answers(event)) return;
    event.preventDefault();
  }

  /** @returns whether the key has a meaning here */
  private answers(event: KeyboardEvent): boolean {
    const { model } = this;
    const cursor = this.cursor();
    const next = arrowStep(event.key, cursor, model.shape);
    if (next) this.step(cursor, next, event.shiftKey);
    else if (event.key === 'Escape') {
      if (model.look.tool === 'swap') model.change({ tool: 'box' });
      this.anchor = null;
      model.brushOver(null);
      model.pointAt(null);
    } else if (event.key === ' ') {
      this.point(cursor);
      model.brushOver(toggled(model.brush, this.at(cursor), model.shape.width));
    } else if (event.key === '+' || event.key === '-') {
      model.zoom(event.key === '+' ? ZOOM_STEP : 1 / ZOOM_STEP, cursor);
    } else if (event.key === 'Enter' && isPen(model.look.tool)) this.draw([cursor]);
    else if (event.key === 'Enter' && model.counterpart) model.swap();
    else return false;
    return true;
  }

  private step(from: Pixel, to: Pixel, brushes: boolean): void {
    if (brushes) this.model.brushOver(boxBetween((this.anchor ??= from), to));
    else this.anchor = null;
    this.point(to);
    this.model.reveal(to);
  }

  /** The pixel from which the keyboard moves: the cursor, or the middle of the visible part. */
  private cursor(): Pixel {
    const { cursor, frame, shape } = this.model;
    if (cursor !== null) return { row: Math.floor(cursor / shape.width), column: cursor % shape.width };
    return {
      row: Math.floor(frame.top + frame.height / 2),
      column: Math.floor(frame.left + frame.width / 2),
    };
  }

  private at({ row, column }: Pixel): number {
    return row * this.model.shape.width + column;
  }

  private point(pixel: Pixel): void {
    this.model.pointAt(this.at(pixel));
  }

  /** @param path where the pen was */
  private draw(path: readonly Pixel[]): void {
    const { look, input, decomposition, shape, whatIf } = this.model;
    if (!isPen(look.tool)) return;
    const range = inputRange(decomposition.input.values);
    whatIf.edit(stroke(input, shape, path, look.tool, range));
  }
}
