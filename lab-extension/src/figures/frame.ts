import type { Pixel } from './selection';

/** The visible part of an image, in pixels; it may begin and end within a pixel. */
export interface Frame {
  top: number;
  left: number;
  height: number;
  width: number;
}

interface Size {
  height: number;
  width: number;
}

/** The closest view shows this many pixels along the longer side. */
const LEAST_SEEN = 8;

export const wholeFrame = ({ height, width }: Size): Frame => ({ top: 0, left: 0, height, width });

/** Zooms in (factor above 1) or out, while one point of the image stays where it is seen. */
export function zoomed(frame: Frame, size: Size, factor: number, { row, column }: Pixel): Frame {
  const most = Math.max(1, Math.max(size.height, size.width) / LEAST_SEEN);
  const scale = Math.min(most, Math.max(1, (size.height / frame.height) * factor));
  const [height, width] = [size.height / scale, size.width / scale];
  const down = (row - frame.top) / frame.height;
  const across = (column - frame.left) / frame.width;
  return inside({ top: row - down * height, left: column - across * width, height, width }, size);
}

/** Moved by some pixels, but not past the edge. */
export const panned = (frame: Frame, size: Size, rows: number, columns: number): Frame =>
  inside({ ...frame, top: frame.top + rows, left: frame.left + columns }, size);

/** Moved as little as it takes to see a pixel. */
export function seeing(frame: Frame, size: Size, { row, column }: Pixel): Frame {
  const along = (from: number, length: number, at: number) => Math.max(at + 1 - length, Math.min(from, at));
  return inside(
    { ...frame, top: along(frame.top, frame.height, row), left: along(frame.left, frame.width, column) },
    size,
  );
}

function inside(frame: Frame, size: Size): Frame {
  return {
    ...frame,
    top: Math.max(0, Math.min(frame.top, size.height - frame.height)),
    left: Math.max(0, Math.min(frame.left, size.width - frame.width)),
  };
}
