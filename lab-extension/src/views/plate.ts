import type { Region } from '../models/explorer-model';
import { element } from './element';

/** What lies over an image. */
export interface Marks {
  cursor: { row: number; column: number } | null;
  brush: Region | null;
  highlight: Region | null;
}

/** Cells of fewer device pixels than this are smoothed; larger ones stay pixels. */
const SMALLEST_CELL = 2;

/** One image on a canvas, drawn again in the size that it has on this screen. */
export class Plate {
  readonly canvas = element('canvas', 'pw-canvas');
  private readonly picture: OffscreenCanvas;
  private readonly sizes = new ResizeObserver(() => this.draw());
  private marks: Marks = { cursor: null, brush: null, highlight: null };

  constructor(
    private readonly height: number,
    private readonly width: number,
  ) {
    this.picture = new OffscreenCanvas(width, height);
    this.canvas.setAttribute('role', 'img');
    this.canvas.style.aspectRatio = `${width} / ${height}`;
    this.sizes.observe(this.canvas);
  }

  /** @param rgba [4·H·W] */
  paint(rgba: Uint8ClampedArray): void {
    const image = new ImageData(this.width, this.height);
    image.data.set(rgba);
    this.picture.getContext('2d')!.putImageData(image, 0, 0);
    this.draw();
  }

  mark(marks: Marks): void {
    this.marks = marks;
    this.draw();
  }

  /** The pixel under a pointer, held inside the image. */
  pixelAt(event: PointerEvent): { row: number; column: number } {
    const box = this.canvas.getBoundingClientRect();
    const inside = (share: number, count: number) =>
      Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    return {
      row: inside((event.clientY - box.top) / box.height, this.height),
      column: inside((event.clientX - box.left) / box.width, this.width),
    };
  }

  dispose(): void {
    this.sizes.disconnect();
  }

  private draw(): void {
    const { canvas } = this;
    const wide = Math.round(canvas.clientWidth * devicePixelRatio);
    const high = Math.round(canvas.clientHeight * devicePixelRatio);
    if (wide === 0 || high === 0) return;
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    const context = canvas.getContext('2d')!;
    context.imageSmoothingEnabled = wide < SMALLEST_CELL * this.width;
    context.clearRect(0, 0, wide, high);
    context.drawImage(this.picture, 0, 0, wide, high);
    this.drawMarks(context);
  }

  private drawMarks(context: CanvasRenderingContext2D): void {
    const style = getComputedStyle(this.canvas);
    const accent = style.getPropertyValue('--pw-accent').trim() || '#2196f3';
    const { cursor, brush, highlight } = this.marks;
    context.strokeStyle = accent;
    context.lineWidth = Math.max(1, Math.round(devicePixelRatio));
    if (highlight) this.outline(context, highlight, [4 * devicePixelRatio, 3 * devicePixelRatio]);
    if (brush) this.outline(context, brush, []);
    if (!cursor) return;
    this.crosshair(context, cursor.row, cursor.column);
    this.outline(
      context,
      { top: cursor.row, bottom: cursor.row, left: cursor.column, right: cursor.column },
      [],
    );
  }

  private outline(context: CanvasRenderingContext2D, region: Region, dashes: number[]): void {
    const cell = this.cell();
    const half = context.lineWidth / 2;
    context.setLineDash(dashes);
    context.strokeRect(
      region.left * cell.width + half,
      region.top * cell.height + half,
      Math.max(1, (region.right - region.left + 1) * cell.width - 2 * half),
      Math.max(1, (region.bottom - region.top + 1) * cell.height - 2 * half),
    );
    context.setLineDash([]);
  }

  /** Lines to the four edges, which leave the pixel itself free. */
  private crosshair(context: CanvasRenderingContext2D, row: number, column: number): void {
    const { width, height } = this.cell();
    const x = (column + 0.5) * width;
    const y = (row + 0.5) * height;
    context.globalAlpha = 0.45;
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(column * width, y);
    context.moveTo((column + 1) * width, y);
    context.lineTo(this.canvas.width, y);
    context.moveTo(x, 0);
    context.lineTo(x, row * height);
    context.moveTo(x, (row + 1) * height);
    context.lineTo(x, this.canvas.height);
    context.stroke();
    context.globalAlpha = 1;
  }

  private cell(): { width: number; height: number } {
    return { width: this.canvas.width / this.width, height: this.canvas.height / this.height };
  }
}
