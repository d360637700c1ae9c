/** The part of a canvas's context with which marks are drawn: on the screen, or as vectors into an SVG file. */
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

/** Says how the content of a canvas is drawn again, in CSS pixels. @param draw null: it goes into files as pixels */
export function drawnAsVectors(canvas: HTMLCanvasElement, draw: ((pen: Pen) => void) | null): void {
  if (draw) drawings.set(canvas, draw);
  else drawings.delete(canvas);
}

/** undefined: the canvas holds pixels only. */
export const vectorDrawing = (canvas: HTMLCanvasElement): ((pen: Pen) => void) | undefined =>
  drawings.get(canvas);
