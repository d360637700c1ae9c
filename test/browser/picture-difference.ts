import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** How far a pixel's color may be off, 0 to 1. The rounding of another processor changes it by far less. */
const THRESHOLD = 0.1;

/** How many pixels may differ in a tile of TILE × TILE pixels. A digit that is missing leaves more. */
const TILE = 16;
const MOST_IN_TILE = 12;

/** How many pixels the heights may differ by, since rows of text are rounded. */
const MOST_ROWS = 1;

export interface PictureDifference {
  /** What differs, as the end of a sentence; '' if nobody would see a difference. */
  sentence: string;
  /** Both pictures in gray, with what differs in red. */
  picture?: PNG;
}

/**
 * Compares two pictures of the same thing. Edges of letters may be smoothed differently (pixelmatch ignores such pixels), but
 * no tile may hold more than a few pixels of another color, so that a small label counts as much as a large area.
 */
export function differenceOf(committed: PNG, taken: PNG): PictureDifference {
  const { width } = committed;
  if (taken.width !== width || Math.abs(taken.height - committed.height) > MOST_ROWS) {
    const [before, now] = [committed, taken].map(({ width, height }) => `${width} × ${height}`);
    return { sentence: `it is ${now} pixels large instead of ${before}` };
  }
  const height = Math.min(committed.height, taken.height);
  const [before, now] = [committed, taken].map(({ data }) => data.subarray(0, 4 * width * height));
  const picture = new PNG({ width, height });
  pixelmatch(before, now, picture.data, width, height, { threshold: THRESHOLD, diffColor: [255, 0, 0] });
  const worst = fullestTile(picture);
  if (worst.count <= MOST_IN_TILE) return { sentence: '' };
  const corner = `${worst.column}, ${worst.row}`;
  return { sentence: `${worst.count} of ${TILE * TILE} pixels differ at ${corner}`, picture };
}

/** Finds the tile with the most different pixels, without the outermost rows, which the screen may show in part. Tiles overlap by half, so that one of them contains any small thing completely. */
function fullestTile({ width, height, data }: PNG): { count: number; row: number; column: number } {
  const half = TILE / 2;
  const across = Math.ceil(width / half) + 1;
  const down = Math.ceil(height / half) + 1;
  const halves = new Uint16Array(across * down);
  for (let i = width; i < width * (height - 1); i++) {
    const isDifferent = data[4 * i] === 255 && data[4 * i + 1] === 0 && data[4 * i + 2] === 0;
    if (isDifferent) halves[Math.floor(i / width / half) * across + Math.floor((i % width) / half)]++;
  }
  let worst = { count: 0, row: 0, column: 0 };
  for (let row = 0; row + 1 < down; row++)
    for (let column = 0; column + 1 < across; column++) {
      const at = row * across + column;
      const count = halves[at] + halves[at + 1] + halves[at + across] + halves[at + across + 1];
      if (count > worst.count) worst = { count, row: row * half, column: column * half };
    }
  return worst;
}
