import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { PNG } from 'pngjs';
import { CLASS_COLORS } from '../../kernel-ext/src/payload';
import { SliceColorError } from '../../kernel-ext/src/display/errors';
import { sliceBundle } from '../../kernel-ext/src/bundles/slice/slice-bundle';
import { ClassIndexError } from '../../kernel-ext/src/errors';
import { slice, type Slice } from '../../kernel-ext/src/slices/slice';
import { useBackend } from '../backend';

/** Class 0 where |s| > |t|, class 1 elsewhere: regions are quadrants, borders the diagonals. */
const cross = (): Promise<Slice> =>
  slice((x: tf.Tensor) => x.abs(), [0, 0], [1, 0], [0, 1], {
    center: [0, 0],
    radius: 1,
    labels: ['wide', '<b>tall'],
  });

/** The painted window inside an SVG. */
function paintedIn(svg: string): PNG {
  const [, data] = /href="data:image\/png;base64,([^"]+)"/.exec(svg)!;
  return PNG.sync.read(Buffer.from(data, 'base64'));
}

describe('plot(slice)', () => {
  useBackend('tensorflow');

  it('paints each pixel in the color of its class, and draws the borders', async () => {
    const { 'image/svg+xml': svg, 'text/html': html, 'text/plain': text } = sliceBundle(await cross());
    const painted = paintedIn(svg as string);
    const at = (s: number, t: number) => {
      const [x, y] = [((s + 1) / 2) * painted.width, ((1 - t) / 2) * painted.height].map(Math.floor);
      return painted.data[4 * (y * painted.width + x)];
    };
    // A class has the color of its name, and '<b>tall' comes before 'wide'.
    const red = CLASS_COLORS.map(([r]) => Math.round(r + 0.35 * (255 - r)));
    for (const [s, t] of [
      [0.7, 0.2],
      [-0.7, 0.2],
      [0.2, 0.7],
      [0.3, -0.9],
      [-0.5, -0.45],
    ])
      assert.equal(at(s, t), red[Math.abs(s) > Math.abs(t) ? 1 : 0]);
    assert.match(svg as string, /wide · 50 %/);
    assert.match(svg as string, /stroke-width="1.8" stroke-linecap/);
    assert.equal([...(html as string).matchAll(/<area shape="poly"/g)].length, 4);
    assert.ok(!(html as string).includes('<b>tall') && !(svg as string).includes('<b>tall'));
    assert.match(text as string, /^4 linear regions/);
  });

  it('shades an output exactly, and colors by area and by pattern', async () => {
    const cut = await cross();
    const svg = sliceBundle(cut, { color: 'output', output: 0 })['image/svg+xml'] as string;
    const { width, height, data } = paintedIn(svg);
    const row = Math.floor(height / 2);
    const green = (x: number) => data[4 * (row * width + Math.floor(x * width)) + 1];
    // |s| on viridis: yellow at both ends, violet in the middle.
    assert.ok(green(0.01) > 200 && green(0.99) > 200 && green(0.5) < 20);
    assert.ok(Math.abs(green(0.3) - green(0.7)) < 6);
    for (const color of ['area', 'pattern'] as const)
      assert.ok(sliceBundle(cut, { color })['image/svg+xml'] !== svg);
  });

  it('refuses colorings and outputs that do not exist', async () => {
    const cut = await cross();
    assert.throws(() => sliceBundle(cut, { color: 'hue' as 'class' }), SliceColorError);
    assert.throws(() => sliceBundle(cut, { color: 'output', output: 2 }), ClassIndexError);
  });
});
