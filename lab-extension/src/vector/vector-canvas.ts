/** The part of a canvas context with which marks are drawn: on the screen, or as vectors in an SVG file. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'lineJoin'
  | 'lineWidth'
  | 'strokeStyle'
  | 'fillStyle'
  | 'globalAlpha'
  | 'strokeText'
  | 'fillText'
  | 'beginPath'
  | 'closePath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'stroke'
  | 'fill'
  | 'setLineDash'
>;

const drawings = new WeakMap<HTMLCanvasElement, (pen: Pen) => void>();

/** Registers how the content of a canvas is drawn as vectors, in CSS pixels. @param draw null: files get it as pixels */
export function drawnAsVectors(canvas: HTMLCanvasElement, draw: ((pen: Pen) => void) | null): void {
  if (draw) drawings.set(canvas, draw);
  else drawings.delete(canvas);
}

/** How a canvas is drawn as vectors; undefined: it holds pixels only. */
export const vectorDrawing = (canvas: HTMLCanvasElement): ((pen: Pen) => void) | undefined =>
  drawings.get(canvas);
