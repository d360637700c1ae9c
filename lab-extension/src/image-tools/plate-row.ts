import { paintInput, paintSigned } from '../figures/color-scale';
import {
  compact,
  type ImageShape,
  inputRange,
  isLargeImage,
  type ScaleEnd,
  scaleEndOf,
  signedScale,
  sumChannels,
} from 'piecewise/payload';
import { boxBetween, type Pixel, type Selection } from '../figures/selection';
import { readPalette } from '../parts/theme';
import { arrowStep } from './arrow-steps';
import { element } from '../parts/element';
import { Panel } from './panel';
import { Plate } from './plate';

/** One image of a row: an input in ink or color, or signed numbers around zero. */
export interface RowImage {
  title: string;
  caption: string;
  kind: 'input' | 'signed';
  /** [D] */
  values: Float32Array;
}

/** Images side by side with one crosshair: pointing reads a pixel, dragging reads a box; arrow keys do the same, with Shift for a box. */
export class PlateRow {
  readonly node = element('div', 'pw-plates');
  private readonly panels: Panel[];
  private readonly images: RowImage[];
  private cursor: Pixel | null = null;
  private anchor: Pixel | null = null;
  private isBrushed = false;
  /** Where the pen is while it is down. */
  private pen: Pixel | null = null;
  private end: ScaleEnd;

  /**
   * @param onRead called with what is pointed at or brushed; null: nothing
   * @param paint paints along a line from pixel to pixel; returns false if no pen is the tool, so that dragging selects
   */
  constructor(
    images: readonly RowImage[],
    private readonly shape: ImageShape,
    private readonly onRead: (selection: Selection | null) => void,
    private readonly paint: (path: readonly Pixel[]) => boolean = () => false,
  ) {
    this.images = [...images];
    this.end = scaleEndOf(shape);
    this.panels = images.map(image => this.panel(image));
    this.node.append(...this.panels.map(panel => panel.node));
  }

  /** Shows other numbers in the same images. */
  change(images: readonly RowImage[]): void {
    images.forEach((image, i) => {
      this.images[i] = image;
      this.label(this.panels[i], image);
    });
    this.redraw();
  }

  /** Draws in the current colors of the theme. */
  redraw(): void {
    const palette = readPalette(this.node);
    this.images.forEach(({ kind, values }, i) => {
      const { channels } = this.shape;
      const { plate } = this.panels[i];
      if (kind === 'input') return plate.paint(paintInput(values, channels, inputRange(values), palette));
      const plane = sumChannels(values, channels);
      plate.paint(paintSigned(plane, signedScale(plane, this.end).limit, palette));
    });
  }

  dispose(): void {
    this.panels.forEach(({ plate }) => plate.dispose());
  }

  private panel(image: RowImage): Panel {
    const { kind } = image;
    const { height, width, channels } = this.shape;
    const plate = new Plate(height, width);
    const bar = kind === 'signed' ? 'pw-bar-signed' : channels === 3 ? 'pw-bar-none' : 'pw-bar-ink';
    const panel = new Panel(plate, bar);
    this.label(panel, image);
    this.listen(plate);
    return panel;
  }

  private label(panel: Panel, { title, caption, kind, values }: RowImage): void {
    const { channels } = this.shape;
    panel.title.textContent = title;
    panel.caption.textContent = caption;
    if (kind === 'signed') {
      const scale = signedScale(sumChannels(values, channels), this.end);
      panel.labelSigned(scale, isLargeImage(this.shape) ? this.end : null, end => this.scaleTo(end));
    } else if (channels !== 3) {
      const { low, high } = inputRange(values);
      panel.label(compact(low), '', compact(high));
    }
    panel.plate.canvas.setAttribute(
      'aria-label',
      `${title}: ${caption}. Arrow keys read pixels, with Shift a box.`,
    );
  }

  private scaleTo(end: ScaleEnd): void {
    this.end = end;
    this.change([...this.images]);
  }

  private listen(plate: Plate): void {
    const { canvas } = plate;
    canvas.tabIndex = 0;
    canvas.dataset.lmSuppressShortcuts = 'true';
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      const pixel = plate.pixelAt(event);
      if (this.paint([pixel])) {
        this.pen = pixel;
        return;
      }
      this.anchor = pixel;
      this.isBrushed = false;
    });
    canvas.addEventListener('pointerup', () => {
      this.pen = null;
      if (!this.isBrushed) this.anchor = null;
    });
    canvas.addEventListener('pointercancel', () => (this.pen = null));
    canvas.addEventListener('pointermove', event => {
      const isHeld = (event.buttons & 1) === 1;
      if (isHeld && this.drag(plate, event)) return;
      if (isHeld) this.isBrushed = true;
      else if (this.isBrushed) return;
      this.read(plate.pixelAt(event));
    });
    canvas.addEventListener('pointerleave', () => this.isBrushed || this.read(null));
    canvas.addEventListener('keydown', event => this.key(event));
  }

  /** @returns whether a pen is the tool */
  private drag(plate: Plate, event: PointerEvent): boolean {
    const { pen } = this;
    const met = plate.pixelsAt(event);
    if (!this.paint(pen ? [pen, ...met] : met)) return false;
    this.pen = met[met.length - 1];
    return true;
  }

  private key(event: KeyboardEvent): void {
    const from = this.cursor ?? { row: this.shape.height >> 1, column: this.shape.width >> 1 };
    const to = arrowStep(event.key, from, this.shape);
    if (event.key === 'Escape') {
      this.anchor = null;
      this.isBrushed = false;
      this.read(null);
    } else if (to) {
      if (event.shiftKey) this.anchor ??= from;
      else this.anchor = null;
      this.isBrushed = event.shiftKey;
      this.read(to);
    } else if (event.key !== 'Enter' || !this.cursor || !this.paint([this.cursor])) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private read(pixel: Pixel | null): void {
    this.cursor = pixel;
    const start = this.anchor ?? pixel;
    const selection = pixel && start && boxBetween(start, pixel);
    const brush = this.anchor && selection;
    this.panels.forEach(({ plate }) => plate.mark({ cursor: brush ? null : pixel, brush, highlight: null }));
    this.onRead(selection);
  }
}
