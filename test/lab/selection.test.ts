import assert from 'node:assert/strict';
import { panned, seeing, wholeFrame, zoomed } from '../../lab-extension/src/figures/frame';
import type { Corner } from '../../lab-extension/src/figures/lasso';
import { lassoSelection } from '../../lab-extension/src/figures/lasso-selection';
import { selectionEdges } from '../../lab-extension/src/figures/selection-edges';
import { selectionSum } from '../../lab-extension/src/figures/selection-sum';
import { emptied, moved } from '../../lab-extension/src/image-tools/edit';
import {
  changedPixels,
  selectionOf,
  selectionText,
  shifted,
  toggled,
} from '../../lab-extension/src/figures/selection';

const shape = { height: 4, width: 5, channels: 1 };
/** 0 to 19, row by row. */
const ramp = Float32Array.from({ length: 20 }, (_, i) => i);
const corner: Corner[] = [
  [0, 0],
  [3, 0],
  [0, 3],
];

describe('changedPixels(x, x′)', () => {
  it('are those in which any channel differs, each once; none of equal images, and not too many', () => {
    const colors = new Float32Array(60);
    const other = colors.slice();
    for (const i of [0, 2, 31]) other[i] = 1;
    assert.deepEqual(changedPixels(colors, other, { width: 5, channels: 3 })!.pixels, [0, 10]);
    assert.equal(changedPixels(colors, colors.slice(), { width: 5, channels: 3 }), null);
    const large = new Float32Array(40_000);
    assert.equal(
      changedPixels(
        large,
        large.map(() => 1),
        { width: 200, channels: 1 },
      ),
      null,
    );
  });
});

describe('a selection of any shape', () => {
  it('contains the pixels whose centers lie inside the outline that was drawn', () => {
    const selection = lassoSelection(corner, shape)!;
    assert.deepEqual(selection.pixels, [0, 1, 5]);
    assert.deepEqual([selection.top, selection.bottom, selection.left, selection.right], [0, 1, 0, 1]);
    assert.equal(lassoSelection(corner.slice(0, 2), shape), null);
  });

  it('ends at the edges of the image, however far outside the pointer went', () => {
    const wide: Corner[] = [
      [-9, -9],
      [99, -9],
      [99, 99],
      [-9, 99],
    ];
    assert.equal(lassoSelection(wide, shape)!.pixels!.length, 20);
  });

  it('is summed exactly, and can be edited pixel by pixel', () => {
    const selection = selectionOf([7, 3, 12], 5)!;
    assert.equal(selectionSum(ramp, shape, selection), 22);
    const range = { low: -1, high: 9 };
    assert.equal(emptied(ramp, shape, selection, range).filter(v => v === -1).length, 3);
    const after = moved(ramp, shape, selection, 1, 0, range);
    assert.deepEqual([after[8], after[12], after[17], after[3], after[7]], [3, 7, 12, -1, -1]);
  });

  it('grows and shrinks by one pixel at a time', () => {
    const two = toggled(toggled(null, 7, 5), 3, 5);
    assert.deepEqual(two?.pixels, [3, 7]);
    assert.deepEqual(toggled(two, 7, 5)?.pixels, [3]);
    assert.equal(toggled(toggled(two, 7, 5), 3, 5), null);
    assert.equal(toggled({ top: 0, bottom: 1, left: 0, right: 1 }, 6, 5)?.pixels?.length, 3);
  });

  it('moves as long as it stays on the image', () => {
    const selection = selectionOf([0, 6], 5)!;
    assert.deepEqual(shifted(selection, 1, 2, shape)?.pixels, [7, 13]);
    assert.equal(shifted(selection, 0, -1, shape), null);
    assert.equal(shifted(selection, 3, 0, shape), null);
  });

  it('has an outline with its holes', () => {
    assert.equal(selectionEdges(selectionOf([0], 5)!, 5).length, 4);
    assert.equal(selectionEdges(selectionOf([0, 1], 5)!, 5).length, 6);
    const ring = [0, 1, 2, 5, 7, 10, 11, 12];
    assert.equal(selectionEdges(selectionOf(ring, 5)!, 5).length, 16);
    // The last pixel of a row and the first of the next do not touch.
    assert.equal(selectionEdges(selectionOf([4, 5], 5)!, 5).length, 8);
  });

  it('is described by its box, and by the number of its pixels if they do not fill it', () => {
    assert.equal(selectionText(selectionOf([6], 5)!), 'row 1, column 1');
    assert.equal(selectionText(selectionOf([0, 1, 5, 6], 5)!), 'rows 0–1, columns 0–1');
    assert.equal(selectionText(selectionOf([0, 6], 5)!), '2 pixels in rows 0–1, columns 0–1');
  });
});

describe('the visible part of an image', () => {
  const size = { height: 200, width: 100 };
  const whole = wholeFrame(size);

  it('zooms in while the pixel under the pointer stays where it is', () => {
    const near = zoomed(whole, size, 2, { row: 50, column: 50 });
    assert.deepEqual(near, { top: 25, left: 25, height: 100, width: 50 });
  });

  it('zooms out to the whole image and in to a few pixels', () => {
    assert.deepEqual(zoomed(whole, size, 0.1, { row: 0, column: 0 }), whole);
    assert.equal(zoomed(whole, size, 1e9, { row: 0, column: 0 }).height, 8);
  });

  it('stays on the image', () => {
    const near = zoomed(whole, size, 4, { row: 0, column: 0 });
    assert.deepEqual(panned(near, size, -10, 1000), { top: 0, left: 75, height: 50, width: 25 });
  });

  it('follows the crosshair no farther than necessary', () => {
    const near = zoomed(whole, size, 4, { row: 0, column: 0 });
    assert.deepEqual(seeing(near, size, { row: 20, column: 10 }), near);
    assert.equal(seeing(near, size, { row: 60, column: 10 }).top, 11);
  });
});
