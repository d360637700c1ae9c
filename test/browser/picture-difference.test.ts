import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { seeded } from '../lab/random-net';
import { differenceOf } from './picture-difference';

const committed = () => PNG.sync.read(readFileSync(join(__dirname, 'screenshots/bar-light.png')));

/** The committed picture with every pixel changed by a function. */
function changed(
  make: (read: (x: number, y: number) => number[], x: number, y: number) => readonly number[],
): PNG {
  const before = committed();
  const after = committed();
  const { width, height, data } = before;
  const read = (x: number, y: number) => {
    const at = 4 * (Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x)));
    return [...data.subarray(at, at + 4)];
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) after.data.set(make(read, x, y), 4 * (y * width + x));
  return after;
}

const isPaper = ([r, g, b]: readonly number[]) => r + g + b > 740;

/** The blue of the bars. */
const isBar = ([r, , b]: readonly number[]) => b - r > 100;

/** The box around the lowest line of letters, which is the label of the axis. */
function lastLetters(): { left: number; right: number; top: number; bottom: number } {
  const { width, height, data } = committed();
  const isInk = (x: number, y: number) => {
    const pixel = [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)];
    return !isPaper(pixel) && !isBar(pixel);
  };
  let bottom = height - 2;
  const hasInk = (y: number) => Array.from({ length: width }, (_, x) => x).some(x => isInk(x, y));
  while (!hasInk(bottom)) bottom--;
  let top = bottom;
  while (hasInk(top - 1)) top--;
  const columns = Array.from({ length: width }, (_, x) => x).filter(x =>
    Array.from({ length: bottom - top + 1 }, (_, k) => top + k).some(y => isInk(x, y)),
  );
  return { left: columns[0], right: columns.at(-1)!, top, bottom };
}

const sentenceOf = (taken: PNG) => differenceOf(committed(), taken).sentence;

describe('the comparison of pictures', () => {
  it('finds no difference between identical pictures', () => assert.equal(sentenceOf(committed()), ''));

  it('accepts colors and edges of letters that another processor rounds differently', () => {
    const random = seeded(1);
    const noise = changed((read, x, y) =>
      read(x, y).map(v => Math.min(255, Math.max(0, Math.round(v + 4 * random())))),
    );
    assert.equal(sentenceOf(noise), '');
    const softer = changed((read, x, y) =>
      read(x, y).map((v, k) => Math.round(0.9 * v + 0.1 * read(x + 1, y)[k])),
    );
    assert.equal(sentenceOf(softer), '');
  });

  it('finds a wrong color', () => {
    const purple = changed((read, x, y) => (isBar(read(x, y)) ? [110, 80, 220, 255] : read(x, y)));
    assert.match(sentenceOf(purple), /^256 of 256 pixels differ/);
  });

  it('finds a bar that is shifted by three pixels', () => {
    const shifted = changed((read, x, y) =>
      isBar(read(x - 3, y)) || isBar(read(x, y)) ? read(x - 3, y) : read(x, y),
    );
    assert.match(sentenceOf(shifted), /pixels differ/);
  });

  it('finds a label that is missing', () => {
    const { left, right, top, bottom } = lastLetters();
    const isInside = (x: number, y: number) => x >= left && x <= right && y >= top && y <= bottom;
    const erased = changed((read, x, y) => (isInside(x, y) ? [255, 255, 255, 255] : read(x, y)));
    assert.match(sentenceOf(erased), /pixels differ/);
  });

  it('finds a different size', () => {
    const small = new PNG({ width: 10, height: 10 });
    assert.match(sentenceOf(small), /^it is 10 × 10 pixels large instead of/);
  });
});
