import { wholeFrame, type Frame } from '../figures/frame';
import type { Corner } from '../figures/lasso';
import { selectionEdges } from '../figures/selection-edges';
import type { Pixel, Selection } from '../figures/selection';
import { element } from '../parts/element';

/** What is drawn over an image. */
export interface Marks {
  cursor: Pixel | null;
  brush: Selection | null;
  highlight: Selection | null;
  /** Where an edited input differs from x. */
  edited?: Selection | null;
  /** The outline that is being drawn, in pixels across and down. */
  trail?: readonly Corner[];
}

/** If a pixel of the image takes fewer device pixels than this, the image is smoothed; else its pixels stay visible. */
const SMALLEST_CELL = 2;

/** One image on a canvas, drawn in the resolution that it has on this screen. */
export class Plate {
  readonly canvas = element('canvas', 'pw-canvas');
  private readonly picture: OffscreenCanvas;
  private readonly sizes = new ResizeObserver(() => this.draw());
  private nextFrame = 0;
  private marks: Marks = { cursor: null, brush: null, highlight: null };
  private frame: Frame;

  constructor(
    private readonly height: number,
    private readonly width: number,
  ) {
    this.frame = wholeFrame({ height, width });
    this.picture = new OffscreenCanvas(width, height);
    this.canvas.setAttribute('role', 'img');
    this.canvas.style.aspectRatio = `${width} / ${height}`;
    this.canvas.style.setProperty('--pw-aspect', String(width / height));
    this.sizes.observe(this.canvas);
  }

  /** @param rgba [4·H·W] */
  paint(rgba: Uint8ClampedArray): void {
    const image = new ImageData(this.width, this.height);
    image.data.set(rgba);
    this.picture.getContext('2d')!.putImageData(image, 0, 0);
    this.draw();
  }

  /** @param frame the visible part of the image; default: as before */
  mark(marks: Marks, frame = this.frame): void {
    this.marks = marks;
    this.frame = frame;
    this.draw();
  }

  /** The pixel under a pointer, kept inside the image. */
  pixelAt(event: MouseEvent): Pixel {
    const [across, down] = this.coordinatesAt(event);
    const inside = (at: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(at)));
    return { row: inside(down, this.height), column: inside(across, this.width) };
  }

  /** The pixels that a pointer has met since its last event, in order; a quick hand makes fewer events than it meets pixels. */
  pixelsAt(event: PointerEvent): Pixel[] {
    const met = event.getCoalescedEvents();
    return (met.length > 0 ? met : [event]).map(one => this.pixelAt(one));
  }

  /** What is under a pointer, in pixels across and down; it may lie outside the image. */
  coordinatesAt(event: MouseEvent): Corner {
    const box = this.canvas.getBoundingClientRect();
    const { top, left, height, width } = this.frame;
    return [
      left + ((event.clientX - box.left) / box.width) * width,
      top + ((event.clientY - box.top) / box.height) * height,
    ];
  }

  dispose(): void {
    cancelAnimationFrame(this.nextFrame);
    this.sizes.disconnect();
  }

  /** Draws in the next frame, once for all changes until then. */
  private draw(): void {
    cancelAnimationFrame(this.nextFrame);
    this.nextFrame = requestAnimationFrame(() => this.drawNow());
  }

  private drawNow(): void {
    const { canvas } = this;
    const wide = Math.round(canvas.clientWidth * devicePixelRatio);
    const high = Math.round(canvas.clientHeight * devicePixelRatio);
    if (wide === 0 || high === 0) return;
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    const context = canvas.getContext('2d')!;
    const { top, left, height, width } = this.frame;
    context.imageSmoothingEnabled = wide < SMALLEST_CELL * width;
    context.clearRect(0, 0, wide, high);
    context.drawImage(this.picture, left, top, width, height, 0, 0, wide, high);
    this.drawMarks(context);
  }

  private drawMarks(context: CanvasRenderingContext2D): void {
    const style = getComputedStyle(this.canvas);
    const accent = style.getPropertyValue('--pw-accent').trim() || '#2196f3';
    const { cursor, brush, highlight, edited, trail } = this.marks;
    context.strokeStyle = accent;
    context.lineWidth = Math.max(1, Math.round(devicePixelRatio));
    if (edited) this.ghost(context, edited);
    if (highlight) this.outline(context, highlight, [4 * devicePixelRatio, 3 * devicePixelRatio]);
    if (brush) this.outline(context, brush, []);
    if (trail) this.line(context, trail);
    if (!cursor) return;
    this.crosshair(context, cursor.row, cursor.column);
    this.outline(
      context,
      { top: cursor.row, bottom: cursor.row, left: cursor.column, right: cursor.column },
      [],
    );
  }

  /** Dashed in the color of text, like the bars at x that are drawn behind those of x′. */
  private ghost(context: CanvasRenderingContext2D, edited: Selection): void {
    const { strokeStyle } = context;
    context.strokeStyle = getComputedStyle(this.canvas).getPropertyValue('--pw-quiet').trim() || '#666';
    this.outline(context, edited, [2 * devicePixelRatio, 2 * devicePixelRatio]);
    context.strokeStyle = strokeStyle;
  }

  private outline(context: CanvasRenderingContext2D, selection: Selection, dashes: number[]): void {
    context.setLineDash(dashes);
    if (selection.pixels) this.edges(context, selection);
    else {
      const cell = this.cell();
      const half = context.lineWidth / 2;
      context.strokeRect(
        this.x(selection.left) + half,
        this.y(selection.top) + half,
        Math.max(1, (selection.right - selection.left + 1) * cell.width - 2 * half),
        Math.max(1, (selection.bottom - selection.top + 1) * cell.height - 2 * half),
      );
    }
    context.setLineDash([]);
  }

  private edges(context: CanvasRenderingContext2D, selection: Selection): void {
    context.beginPath();
    for (const [x1, y1, x2, y2] of selectionEdges(selection, this.width)) {
      context.moveTo(this.x(x1), this.y(y1));
      context.lineTo(this.x(x2), this.y(y2));
    }
    context.stroke();
  }

  private line(context: CanvasRenderingContext2D, corners: readonly Corner[]): void {
    context.beginPath();
    for (const [across, down] of corners) context.lineTo(this.x(across), this.y(down));
    context.stroke();
  }

  /** Lines from the pixel to the four edges; the pixel itself stays clear. */
  private crosshair(context: CanvasRenderingContext2D, row: number, column: number): void {
    const x = this.x(column + 0.5);
    const y = this.y(row + 0.5);
    context.globalAlpha = 0.45;
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(this.x(column), y);
    context.moveTo(this.x(column + 1), y);
    context.lineTo(this.canvas.width, y);
    context.moveTo(x, 0);
    context.lineTo(x, this.y(row));
    context.moveTo(x, this.y(row + 1));
    context.lineTo(x, this.canvas.height);
    context.stroke();
    context.globalAlpha = 1;
  }

  /** The size of one pixel of the image on the canvas. */
  private cell(): { width: number; height: number } {
    return { width: this.canvas.width / this.frame.width, height: this.canvas.height / this.frame.height };
  }

  /** Where on the canvas a coordinate across the image lies. */
  private x(across: number): number {
    return (across - this.frame.left) * this.cell().width;
  }

  /** Where on the canvas a coordinate down the image lies. */
  private y(down: number): number {
    return (down - this.frame.top) * this.cell().height;
  }
}
