import assert from 'node:assert/strict';
import { blurred, emptied, moved, stroke, swapped } from '../../lab-extension/src/image-tools/edit';
import { counterpart } from '../../lab-extension/src/figures/selection';
import { NoAnswerError } from '../../lab-extension/src/live/no-answer';
import type { WhatIfReply } from 'piecewise/payload';
import { WhatIf, type WhatIfSource } from '../../lab-extension/src/live/what-if';

const shape = { height: 4, width: 5, channels: 1 };
const range = { low: 0, high: 1 };
const selection = { top: 0, left: 0, bottom: 1, right: 1 };

/** 0 to 19, row by row. */
const ramp = Float32Array.from({ length: 20 }, (_, i) => i);

const elsewhere = (value: number): WhatIfReply => ({
  output: [value],
  predicted: [value],
  switched: 0,
  units: 1,
});

/** Answers with x′₀ when told to. */
class SlowKernel implements WhatIfSource<WhatIfReply> {
  readonly asked: number[] = [];
  private waiting: (() => void)[] = [];

  async whatIf(_: string, x: Float32Array): Promise<WhatIfReply> {
    this.asked.push(x[0]);
    await new Promise<void>(resolve => this.waiting.push(resolve));
    return elsewhere(x[0]);
  }

  async answer(): Promise<void> {
    this.waiting.shift()?.();
    await new Promise(setImmediate);
  }
}

/** The distance from a pixel to the nearest of the lines between corners. */
function distance(corners: [number, number][], i: number, width: number): number {
  const [row, column] = [Math.floor(i / width), i % width];
  const samples = corners.slice(1).flatMap(([r1, c1], k) => {
    const [r0, c0] = corners[k];
    return Array.from({ length: 501 }, (_, n) => [r0 + (n / 500) * (r1 - r0), c0 + (n / 500) * (c1 - c0)]);
  });
  return Math.min(...samples.map(([r, c]) => Math.hypot(r - row, c - column)));
}

describe('edits of x', () => {
  it('paint a pixel and its four neighbors, on the image only, and leave x as it is', () => {
    const x = new Float32Array(20);
    const painted = stroke(x, shape, [{ row: 0, column: 0 }], 'paint', range);
    assert.deepEqual(
      [...painted.keys()].filter(i => painted[i] === 1),
      [0, 1, 5],
    );
    assert.deepEqual([...x], Array(20).fill(0));
    assert.deepEqual([...stroke(painted, shape, [{ row: 0, column: 0 }], 'erase', range)], [...x]);
  });

  it('paint a line without gaps from pixel to pixel, however far apart they are', () => {
    const [height, width] = [20, 30];
    const ends: [number, number][][] = [
      [
        [2, 2],
        [2, 27],
      ],
      [
        [1, 28],
        [18, 1],
      ],
      [
        [18, 3],
        [0, 5],
      ],
      [
        [4, 4],
        [15, 9],
        [6, 25],
      ],
    ];
    for (const corners of ends) {
      const path = corners.map(([row, column]) => ({ row, column }));
      const painted = stroke(new Float32Array(600), { height, width, channels: 1 }, path, 'paint', range);
      // Samples of the exact line are at most half a pixel from a painted center, and a pen covers one pixel around that.
      corners.slice(1).forEach(([r1, c1], i) => {
        const [r0, c0] = corners[i];
        for (let t = 0; t <= 1; t += 1 / 500) {
          const at = Math.round(r0 + t * (r1 - r0)) * width + Math.round(c0 + t * (c1 - c0));
          assert.equal(painted[at], 1, `${corners.join(' to ')} at ${t}`);
        }
      });
      const far = [...painted.keys()].filter(i => painted[i] === 1 && distance(corners, i, width) > 1.8);
      assert.deepEqual(far, []);
    }
  });

  it('empty a selection', () => {
    const edited = emptied(ramp, shape, selection, range);
    assert.deepEqual(
      [...edited.keys()].filter(i => edited[i] !== ramp[i]),
      [1, 5, 6],
    );
  });

  it('blur a selection by the mean of 3 × 3 pixels', () => {
    const edited = blurred(ramp, shape, { top: 1, left: 1, bottom: 1, right: 1 });
    assert.equal(edited[6], (0 + 1 + 2 + 5 + 6 + 7 + 10 + 11 + 12) / 9);
    assert.equal(blurred(ramp, shape, selection)[0], (0 + 1 + 5 + 6) / 4);
  });

  it('move a selection, and drop what leaves the image', () => {
    const edited = moved(ramp, shape, selection, 0, 1, range);
    assert.deepEqual([...edited.subarray(0, 10)], [0, 0, 1, 3, 4, 0, 5, 6, 8, 9]);
    assert.deepEqual(
      [...moved(ramp, shape, selection, -1, 0, range).subarray(0, 10)],
      [5, 6, 2, 3, 4, 0, 0, 7, 8, 9],
    );
  });

  it('swap a selection with another part of the image, and back', () => {
    const other = counterpart(selection, { row: 3, column: 4 }, shape)!;
    assert.deepEqual(other, { top: 2, left: 3, bottom: 3, right: 4 });
    const edited = swapped(ramp, shape, selection, other);
    assert.deepEqual([...edited], [13, 14, 2, 3, 4, 18, 19, 7, 8, 9, 10, 11, 12, 0, 1, 15, 16, 17, 5, 6]);
    assert.deepEqual([...swapped(edited, shape, other, selection)], [...ramp]);
    const corner = { top: 0, left: 0, bottom: 1, right: 1, pixels: [0, 1, 5] };
    const elsewhere = counterpart(corner, { row: 0, column: 2 }, shape)!;
    const free = swapped(ramp, shape, corner, elsewhere);
    assert.deepEqual([...free.subarray(0, 8)], [2, 3, 0, 1, 4, 7, 6, 5]);
  });

  it('swap nothing with a part that overlaps', () => {
    assert.equal(counterpart(selection, { row: 1, column: 1 }, shape), null);
    assert.equal(counterpart({ top: 0, left: 0, bottom: 3, right: 4 }, { row: 3, column: 4 }, shape), null);
  });

  it('keep the channels of a color image together', () => {
    const x = new Float32Array(60);
    const painted = stroke(x, { ...shape, channels: 3 }, [{ row: 1, column: 2 }], 'paint', range);
    assert.deepEqual([...painted.subarray(21, 24)], [1, 1, 1]);
    assert.equal(painted.filter(v => v === 1).length, 15);
  });
});

describe('WhatIf.edit(x′)', () => {
  it('asks only for the newest input while the kernel is busy', async () => {
    const kernel = new SlowKernel();
    const whatIf = new WhatIf('h', kernel);
    for (const value of [1, 2, 3]) whatIf.edit(Float32Array.of(value));
    assert.deepEqual(kernel.asked, [1]);
    await kernel.answer();
    assert.deepEqual(kernel.asked, [1, 3]);
    await kernel.answer();
    assert.deepEqual(whatIf.result, elsewhere(3));
  });

  it('ignores answers after a reset', async () => {
    const kernel = new SlowKernel();
    const whatIf = new WhatIf('h', kernel);
    whatIf.edit(Float32Array.of(1));
    whatIf.reset();
    await kernel.answer();
    assert.deepEqual([whatIf.input, whatIf.result, whatIf.problem], [null, null, null]);
  });

  it('reports why there is no answer', async () => {
    const whatIf = new WhatIf('h', {
      whatIf: () => Promise.reject(new NoAnswerError('gone', 'The kernel was restarted.')),
    });
    whatIf.edit(Float32Array.of(1));
    await new Promise(setImmediate);
    assert.equal(whatIf.problem?.problem, 'gone');
    const alone = new WhatIf('h', null);
    alone.edit(Float32Array.of(1));
    await new Promise(setImmediate);
    assert.equal(alone.problem?.problem, 'no-kernel');
  });
});
