import assert from 'node:assert/strict';
import { PNG } from 'pngjs';
import {
  COLORS,
  fitted,
  inputImage,
  inputRange,
  signedImage,
  signedRange,
} from '../../kernel-ext/src/payload';
import { inputPicture, type Picture, signedPicture } from '../../kernel-ext/src/page/picture';
import { imageBundle } from '../../kernel-ext/src/bundles/image/image-bundle';
import { indexedPng } from '../../kernel-ext/src/page/indexed-png';
import { framed, grid, toClearPng, toPng } from '../../kernel-ext/src/page/png';

const pixel = ({ rgb }: Picture, i: number) => [...rgb.subarray(3 * i, 3 * i + 3)];

describe('the color code', () => {
  const image = signedImage(Float32Array.of(-2, 0, 1, 2), [2, 2])!;
  const painted = signedPicture(image, signedRange(image.values));

  it('is orange for what adds, blue for what takes away, and the page for zero', () => {
    assert.deepEqual(pixel(painted, 0), COLORS.takes);
    assert.deepEqual(pixel(painted, 1), COLORS.page);
    assert.deepEqual(pixel(painted, 3), COLORS.adds);
  });

  it('grows evenly from zero, on one scale for both signs', () => {
    assert.deepEqual(signedRange(Float32Array.of(-3, 1)), { low: -3, high: 3 });
    assert.deepEqual(
      pixel(painted, 2),
      COLORS.adds.map(part => Math.round((255 + part) / 2)),
    );
  });

  it('is ink for inputs with one channel and leaves colors as they are', () => {
    const grey = inputImage(Float32Array.of(0, 1, 0.5, 0), [2, 2, 1])!;
    assert.deepEqual(pixel(inputPicture(grey, inputRange(grey.values)), 1), COLORS.ink);
    const color = inputImage(Float32Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]), [2, 2, 3])!;
    assert.deepEqual(pixel(inputPicture(color, inputRange(color.values)), 1), [0, 255, 0]);
  });

  it('paints nothing on the page where everything is zero', () => {
    const zero = signedImage(new Float32Array(4), [2, 2])!;
    assert.deepEqual(pixel(signedPicture(zero, signedRange(zero.values)), 2), COLORS.page);
  });
});

describe('images', () => {
  it('sum the channels of signed values and average the channels of inputs', () => {
    const values = Float32Array.from({ length: 8 }, (_, i) => i);
    assert.deepEqual(signedImage(values, [2, 2, 2])!.values, Float32Array.of(1, 5, 9, 13));
    assert.deepEqual(inputImage(values, [2, 2, 2])!.values, Float32Array.of(0.5, 2.5, 4.5, 6.5));
  });

  it('of signed colors are shown as the sum of their channels', () => {
    const colors = Float32Array.of(1, -2, 3, 0, 0, -1, 2, 2, 2, -5, 1, 0);
    const sums = Float32Array.of(2, -1, 6, -4);
    const [shown, wanted] = [imageBundle(colors, [2, 2, 3]), imageBundle(sums, [2, 2, 1])];
    assert.equal(shown['image/png'], wanted['image/png']);
    assert.equal(shown['text/plain'], wanted['text/plain']);
  });

  it('do not exist for vectors', () => {
    assert.equal(signedImage(new Float32Array(4), [4]), null);
    assert.equal(inputImage(new Float32Array(4), [1, 4]), null);
  });

  it('are enlarged by whole factors, so that pixels stay pixels', () => {
    const large = fitted(signedImage(Float32Array.of(1, 2, 3, 4), [2, 2])!, 5);
    assert.deepEqual([large.height, large.width], [4, 4]);
    assert.deepEqual(large.values, Float32Array.of(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4));
  });

  it('are shrunk to means', () => {
    const values = Float32Array.from({ length: 18 }, (_, i) => i % 3);
    const small = fitted({ height: 2, width: 3, channels: 3, values }, 2);
    assert.deepEqual([small.height, small.width], [1, 2]);
    assert.deepEqual(small.values, Float32Array.of(0, 1, 2, 0, 1, 2));
  });
});

describe('PNG files', () => {
  const picture: Picture = { height: 1, width: 2, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) };

  it('read back to the same pixels', () => {
    const read = PNG.sync.read(toPng(picture));
    assert.deepEqual([read.height, read.width], [1, 2]);
    assert.deepEqual([...read.data], [1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it('with a table of colors read back to the same pixels, and refuse more than 256 colors', () => {
    const rgba = Uint8Array.from({ length: 4 * 3 * 85 }, (_, i) => (i % 4 === 3 ? 255 - (i >> 4) : i >> 2));
    const read = PNG.sync.read(indexedPng(rgba, 3, 85)!);
    assert.deepEqual([read.height, read.width], [3, 85]);
    assert.deepEqual([...read.data], [...rgba]);
    const many = Uint8Array.from({ length: 4 * 257 }, (_, i) =>
      i % 4 === 0 ? i >> 2 : i === 4 * 256 + 1 ? 1 : 0,
    );
    assert.equal(indexedPng(many, 1, 257), null);
    const colorful = {
      height: 1,
      width: 257,
      rgb: Uint8Array.from({ length: 3 * 257 }, (_, i) => (i % 3 === 0 ? i / 3 : i === 769 ? 1 : 0)),
    };
    const { data } = PNG.sync.read(toPng(colorful));
    assert.deepEqual(
      [...data].filter((_, i) => i % 4 < 3),
      [...colorful.rgb],
    );
  });

  it('let the page show through where they are to: the same on white, and the page in place of white', () => {
    const colors = Uint8Array.of(255, 255, 255, 179, 88, 6, 236, 240, 250, 0, 0, 0);
    const { data } = PNG.sync.read(toClearPng({ height: 1, width: 4, rgb: colors }));
    const on = (page: number) =>
      Array.from(colors, (_, k) => {
        const at = 4 * Math.floor(k / 3);
        const alpha = data[at + 3] / 255;
        return alpha * data[at + (k % 3)] + (1 - alpha) * page;
      });
    on(255).forEach((value, k) => assert.ok(Math.abs(value - colors[k]) <= 0.5, `${value}, ${colors[k]}`));
    assert.deepEqual(on(17).slice(0, 3), [17, 17, 17]);
  });

  it('get a frame of one pixel and fill a grid row by row', () => {
    const one = framed(picture);
    assert.deepEqual(
      [one.height, one.width, pixel(one, 0), pixel(one, 5)],
      [3, 4, [...COLORS.line], [1, 2, 3]],
    );
    const three = grid([picture, picture, picture], 2, 1);
    assert.deepEqual([three.height, three.width], [5, 7]);
    assert.deepEqual(pixel(three, 3 * 7 + 1), [1, 2, 3], 'the third starts the second row');
    assert.deepEqual(pixel(three, 3 * 7 + 4), [...COLORS.page]);
  });
});
