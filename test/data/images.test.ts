import '../backend';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { node } from '@tensorflow/tfjs-node';
import { PNG } from 'pngjs';
import { data } from '../../kernel-ext/src';
import {
  DataFileError,
  ImageFileError,
  ImageFolderError,
  OptionError,
} from '../../kernel-ext/src/public-errors';

interface ResizeReference {
  pixels: number[];
  shape: [number, number, number];
  results: { size: [number, number]; values: number[] }[];
  /** The image in gray, rounded to whole numbers. */
  luma: number[];
}

const resize = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/resize-reference.json'), 'utf8'),
) as ResizeReference;

/** Red, green, blue and gray quarters: top left, top right, bottom left, bottom right. */
const QUARTERS = { R: [230, 20, 30], G: [20, 210, 40], B: [20, 30, 220], W: [128, 128, 128] };

/** How each Exif orientation shows the quarters RG/BW: the table of the standard, written by hand. */
const UPRIGHT = ['RG/BW', 'GR/WB', 'WB/GR', 'BW/RG', 'RB/GW', 'BR/WG', 'WG/BR', 'GW/RB'];

describe('data.image', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'piecewise-image-'))));
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  async function file(name: string, content: Uint8Array): Promise<string> {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  }

  /** 32 rows and 48 columns. */
  const quarters = () =>
    tf.tidy(() => {
      const flat = (color: readonly number[]) => tf.tensor3d([...color], [1, 1, 3]).tile([16, 24, 1]);
      const { R, G, B, W } = QUARTERS;
      return tf
        .concat([tf.concat([flat(R), flat(G)], 1), tf.concat([flat(B), flat(W)], 1)])
        .toInt() as tf.Tensor3D;
    });

  const jpeg = async (progressive = false) =>
    Buffer.from(await node.encodeJpeg(quarters(), 'rgb', 95, progressive));

  /** A JPEG with an Exif segment that holds nothing but an orientation. */
  function withOrientation(image: Buffer, orientation: number, little: boolean): Buffer {
    const hex = little
      ? ['49492a0008000000', '0100', '1201', '0300', '01000000', `0${orientation}000000`, '00000000']
      : ['4d4d002a00000008', '0001', '0112', '0003', '00000001', `000${orientation}0000`, '00000000'];
    const tiff = Buffer.from(hex.join(''), 'hex');
    const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(body.length + 2);
    return Buffer.concat([image.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, body, image.subarray(2)]);
  }

  async function shown(path: string): Promise<{ letters: string; shape: number[] }> {
    const image = await data.image(path);
    const [height, width] = image.shape;
    const at = (row: number, column: number) => {
      const pixel = Array.from(image.slice([row, column, 0], [1, 1, 3]).dataSync(), part => 255 * part);
      const near = (color: readonly number[]) => color.every((part, c) => Math.abs(part - pixel[c]) < 8);
      return Object.entries(QUARTERS).find(([, color]) => near(color))?.[0] ?? `? ${pixel.join(' ')}`;
    };
    const [top, bottom, left, right] = [height >> 2, (3 * height) >> 2, width >> 2, (3 * width) >> 2];
    return {
      letters: `${at(top, left)}${at(top, right)}/${at(bottom, left)}${at(bottom, right)}`,
      shape: image.shape,
    };
  }

  it('reads JPEG, baseline and progressive, in color and in gray', async () => {
    for (const progressive of [false, true])
      assert.deepEqual(await shown(await file('a.jpg', await jpeg(progressive))), {
        letters: 'RG/BW',
        shape: [32, 48, 3],
      });
    const gray = await node.encodeJpeg(tf.fill([8, 8, 1], 77, 'int32') as tf.Tensor3D, 'grayscale');
    const image = await data.image(await file('gray.jpeg', gray));
    assert.deepEqual(image.shape, [8, 8, 1]);
    assert.ok(
      image
        .sub(77 / 255)
        .abs()
        .max()
        .dataSync()[0] < 0.01,
    );
  });

  it('turns a JPEG upright as its Exif orientation says', async () => {
    const plain = await jpeg();
    for (const [i, letters] of UPRIGHT.entries())
      for (const little of [true, false]) {
        const path = await file('turned.jpg', withOrientation(plain, i + 1, little));
        assert.deepEqual(
          await shown(path),
          { letters, shape: i < 4 ? [32, 48, 3] : [48, 32, 3] },
          `${i + 1}`,
        );
      }
  });

  it('reads PNG as another encoder wrote it, and keeps 16 bits', async () => {
    const values = tf.randomUniform([5, 7, 3], 0, 256, 'int32', 1) as tf.Tensor3D;
    const image = await data.image(await file('a.png', await node.encodePng(values)));
    assert.ok(image.mul(255).sub(values).abs().max().dataSync()[0] < 1e-4);
    const deep = new PNG({ width: 2, height: 1 });
    deep.data = Buffer.from(Uint16Array.of(258, 258, 258, 65535, 40001, 40001, 40001, 65535).buffer);
    const png = PNG.sync.write(deep, { bitDepth: 16, colorType: 6, inputColorType: 6 });
    const read = await data.image(await file('deep.png', png));
    assert.deepEqual([read.shape, [...read.dataSync()]], [[1, 2, 1], [Math.fround(258 / 65535), Math.fround(40001 / 65535)]]); // prettier-ignore
    const set = await data.images(folder).catch((e: unknown) => e);
    assert.ok(set instanceof ImageFolderError, 'sizes and bits differ');
  });

  it('never drops transparency without being told what lies behind it', async () => {
    const png = new PNG({ width: 2, height: 1 });
    png.data.set([255, 0, 0, 255, 0, 100, 0, 51]);
    const path = await file('transparent.png', PNG.sync.write(png));
    await assert.rejects(
      data.image(path),
      (e: unknown) => e instanceof ImageFileError && /background/.test(e.message),
    );
    const image = await data.image(path, { background: [255, 255, 255] });
    assert.deepEqual(image.mul(255).round().arraySync(), [[[255, 0, 0], [204, 224, 204]]]); // prettier-ignore
    await assert.rejects(data.image(path, { background: [1, 2] as never }), OptionError);
  });

  const referenceFile = async () =>
    file('reference.png', await node.encodePng(tf.tensor3d(resize.pixels, resize.shape, 'int32')));

  it('resizes as Pillow does, keeping the proportions', async () => {
    const path = await referenceFile();
    for (const { size, values } of resize.results) {
      const read = await data.image(path, { size });
      assert.deepEqual(read.shape, [...size, 3]);
      const wrong = read.mul(255).flatten().sub(values).abs().max().dataSync()[0];
      assert.ok(wrong < 1e-3, `${size.join(' × ')}: ${wrong}`); // measured: 5.5e-4, the rounding of the fixture
    }
    assert.deepEqual((await data.image(path, { size: 6 })).shape, [6, 6, 3]);
  });

  it('gives channels first, and as many as a network takes', async () => {
    const path = await referenceFile();
    const [last, first] = [await data.image(path), await data.image(path, { layout: 'NCHW' })];
    assert.deepEqual(first.arraySync(), last.transpose([2, 0, 1]).arraySync());
    const luma = await data.image(path, { channels: 1 });
    assert.deepEqual(luma.shape, [13, 19, 1]);
    const wrong = luma.mul(255).flatten().sub(resize.luma).abs().max().dataSync()[0];
    assert.ok(wrong <= 0.51, `${wrong}`); // Pillow rounds to whole numbers
    const gray = await node.encodePng(tf.fill([4, 4, 1], 77, 'int32') as tf.Tensor3D);
    const repeated = await data.image(await file('gray.png', gray), { channels: 3, layout: 'NCHW' });
    assert.deepEqual(repeated.shape, [3, 4, 4]);
    assert.ok(repeated.mul(255).sub(77).abs().max().dataSync()[0] < 1e-4);
  });

  it('leaves no tensor but the image, and refuses options that it does not know', async () => {
    const path = await referenceFile();
    const tensors = tf.memory().numTensors;
    (await data.image(path, { size: [4, 6], layout: 'NCHW' })).dispose();
    assert.equal(tf.memory().numTensors, tensors);
    for (const options of [
      { size: 0 },
      { size: 1e6 },
      { size: [4] },
      { size: [4, 2.5] },
      { layout: 'CHW' },
      { channels: 4 },
    ])
      // prettier-ignore
      await assert.rejects(data.image(path, options as never), OptionError, JSON.stringify(options));
  });

  it('refuses what is no image, is cut off, is too large or has other components', async () => {
    const good = await jpeg();
    const frame = good.indexOf(Buffer.from([0xff, 0xc0]));
    const changed = (at: number, ...bytes: number[]) => {
      const copy = Buffer.from(good);
      copy.set(bytes, at);
      return copy;
    };
    const wrong: [string, Uint8Array, RegExp][] = [
      ['text.png', Buffer.from('no image'), /not a PNG image/],
      ['empty.jpg', Buffer.alloc(0), /not a PNG image/],
      ['start.jpg', Buffer.from([0xff, 0xd8]), /not a JPEG image/],
      ['cut.jpg', good.subarray(0, good.length >> 1), /not a JPEG image/],
      ['large.jpg', changed(frame + 5, 255, 255, 255, 255), /limit/],
      ['cmyk.jpg', changed(frame + 9, 4), /components/],
    ];
    const tensors = tf.memory().numTensors;
    for (const [name, bytes, message] of wrong)
      await assert.rejects(data.image(await file(name, bytes)), (e: unknown) => {
        assert.ok(e instanceof ImageFileError && message.test(e.message), `${name}: ${String(e)}`);
        return true;
      });
    assert.equal(tf.memory().numTensors, tensors);
    await assert.rejects(data.image(join(folder, 'nowhere.png')), DataFileError);
  });

  it('says what to do for a JPEG without the native backend', async () => {
    const path = await file('native.jpg', await jpeg());
    await tf.setBackend('cpu');
    try {
      await assert.rejects(
        data.image(path),
        (e: unknown) => e instanceof ImageFileError && /native backend.*PNG/.test(e.message),
      );
    } finally {
      await tf.setBackend('tensorflow');
    }
  });
});
