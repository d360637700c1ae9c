import type { DecompositionModel } from './decomposition-model';
import { boxBetween, type Pixel } from '../figures/selection';
import { arrowStep } from '../image-tools/arrow-steps';

/**
 * Pointer and keyboard on the lines of a signal. Pointing reads a step of the channel under the pointer; dragging selects a stretch
 * of time, in all channels that the drag crosses. On the keyboard, arrow keys move, with Shift they select, and Escape clears.
 */
export class SignalPointer {
  private anchor: Pixel | null = null;

  constructor(private readonly model: DecompositionModel) {}

  attach(frame: HTMLElement): void {
    frame.tabIndex = 0;
    // Arrow keys move the cursor here; without this attribute, JupyterLab would move to the next cell.
    frame.dataset.lmSuppressShortcuts = 'true';
    frame.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      frame.setPointerCapture(event.pointerId);
      this.anchor = this.pixelAt(frame, event);
      this.model.brushOver(null);
    });
    frame.addEventListener('pointermove', event => this.move(this.pixelAt(frame, event), event.buttons));
    frame.addEventListener('pointerup', () => (this.anchor = null));
    frame.addEventListener('pointercancel', () => (this.anchor = null));
    frame.addEventListener('pointerleave', () => this.model.pointAt(null));
    frame.addEventListener('keydown', event => this.onKey(event));
  }

  private move(pixel: Pixel, buttons: number): void {
    this.point(pixel);
    const { anchor } = this;
    if ((buttons & 1) === 1 && anchor && (anchor.row !== pixel.row || anchor.column !== pixel.column))
      this.model.brushOver(boxBetween(anchor, pixel));
  }

  private onKey(event: KeyboardEvent): void {
    const { model } = this;
    const { width } = model.shape;
    const at = model.cursor ?? Math.floor(width / 2);
    const from = { row: Math.floor(at / width), column: at % width };
    const to = arrowStep(event.key, from, model.shape);
    if (to) {
      if (event.shiftKey) model.brushOver(boxBetween((this.anchor ??= from), to));
      else this.anchor = null;
      this.point(to);
    } else if (event.key === 'Escape') {
      this.anchor = null;
      model.brushOver(null);
      model.pointAt(null);
    } else return;
    event.preventDefault();
  }

  private pixelAt(frame: HTMLElement, event: MouseEvent): Pixel {
    const { left, top, width, height } = frame.getBoundingClientRect();
    const { shape } = this.model;
    const inside = (share: number, count: number) =>
      Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    return {
      row: inside((event.clientY - top) / height, shape.height),
      column: inside((event.clientX - left) / width, shape.width),
    };
  }

  private point({ row, column }: Pixel): void {
    this.model.pointAt(row * this.model.shape.width + column);
  }
}
