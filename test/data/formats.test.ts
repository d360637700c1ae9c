import '../backend';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { PNG } from 'pngjs';
import { data } from '../../kernel-ext/src';
import {
  CsvFormatError,
  DataIndexError,
  ImageFolderError,
  NpyFormatError,
} from '../../kernel-ext/src/public-errors';

let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'piecewise-formats-'))));
after(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('data.csv', () => {
  it('reads numbers and classes, quoted or not, with any line end', async () => {
    const path = await file(
      'flowers.csv',
      '\ufeffwidth,"kind, of it",height\r\n1,b,2\r\n 3 ,"a",-4e-1\r\n\r\n5,b,6\r\n',
    );
    const table = await data.csv(path, { label: 'kind, of it' });
    assert.deepEqual(table.columns, ['width', 'height']);
    assert.deepEqual(table.names, ['a', 'b']);
    assert.deepEqual([...table.labels], [1, 0, 1]);
    tf.tidy(() => {
      assert.deepEqual(table.toTensor().arraySync(), [
        [1, 2],
        [3, Math.fround(-0.4)],
        [5, 6],
      ]);
      assert.deepEqual([...table.instance(2).dataSync()], [5, 6]);
      assert.deepEqual(table.batch(1, 2).shape, [2, 2]);
      const standardized = table.standardized();
      assert.ok(Math.max(...standardized.mean(0).abs().dataSync()) < 1e-6);
    });
    assert.throws(() => table.instance(3), DataIndexError);
  });

  it('reads tables without a header, with another delimiter, with a label by index', async () => {
    const table = await data.csv(await file('plain.tsv', '1\t2\tx\n3\t4\ty\n'), {
      delimiter: '\t',
      header: false,
      label: 2,
    });
    assert.deepEqual(table.columns, ['column 0', 'column 1']);
    assert.deepEqual([table.length, table.names], [2, ['x', 'y']]);
  });

  it('reports which cell is not a number, and other faults', async () => {
    const refused = async (content: string, message: RegExp, label?: string) => {
      const path = await file('bad.csv', content);
      await assert.rejects(
        data.csv(path, { label }),
        (e: unknown) => e instanceof CsvFormatError && message.test(e.message),
      );
    };
    await refused('a,b\n1,2\n3,four\n', /row 1 has 'four' in column b/);
    await refused('a,b\n1,\n', /row 0 has '' in column b/);
    await refused('a,b\n1,2,3\n', /bad\.csv/);
    await refused('a,b\n', /no row/);
    await refused('a,b\n1,2\n', /no column c among a, b/, 'c');
  });
});

describe('data.npy', () => {
  interface Case {
    dtype: string;
    shape: number[];
    values: number[];
    file: string;
  }
  const cases = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'arrays.json'), 'utf8')) as Case[];
  const bytes = (one: Case) => Buffer.from(one.file, 'base64');

  for (const one of cases) {
    it(`reads what NumPy saved: ${one.dtype} [${one.shape.join(', ')}]`, async () => {
      const tensor = await data.npy(await file('array.npy', bytes(one)));
      assert.deepEqual([tensor.shape, [...(await tensor.data())]], [one.shape, one.values]);
      tensor.dispose();
    });
  }

  it('reports what is wrong', async () => {
    const good = bytes(cases[1]);
    const refused = async (content: Buffer) =>
      assert.rejects(data.npy(await file('bad.npy', content)), NpyFormatError);
    await refused(Buffer.from('no array'));
    await refused(good.subarray(0, 9));
    await refused(good.subarray(0, 40));
    await refused(good.subarray(0, good.length - 1));
    await refused(Buffer.concat([good, Buffer.alloc(1)]));
    await refused(Buffer.from(good.toString('latin1').replace('|u1', '|O1'), 'latin1'));
  });
});

describe('data.images', () => {
  const png = (width: number, height: number, color: [number, number, number]): Buffer => {
    const image = new PNG({ width, height });
    for (let i = 0; i < width * height; i++) image.data.set([...color, 255], 4 * i);
    return PNG.sync.write(image);
  };

  it('reads a folder for each class, in alphabetical order', async () => {
    for (const name of ['shoes/1.png', 'hats/b.png', 'hats/a.PNG']) {
      await mkdir(join(folder, 'wardrobe', name, '..'), { recursive: true });
      await file(join('wardrobe', name), png(3, 2, name.startsWith('hats') ? [255, 0, 51] : [0, 0, 0]));
    }
    await file('wardrobe/hats/notes.txt', 'no image');
    const images = await data.images(join(folder, 'wardrobe'));
    assert.deepEqual(
      [images.names, [...images.labels]],
      [
        ['hats', 'shoes'],
        [0, 0, 1],
      ],
    );
    tf.tidy(() => {
      assert.deepEqual(images.instance(0).shape, [2, 3, 3]);
      assert.deepEqual([...images.instance(1).dataSync().subarray(0, 3)], [1, 0, Math.fround(0.2)]);
    });
  });

  it('reads one folder as one class, and gray images with one channel', async () => {
    await mkdir(join(folder, 'grey'));
    await file('grey/one.png', png(2, 2, [102, 102, 102]));
    const images = await data.images(join(folder, 'grey'));
    tf.tidy(() => assert.deepEqual(images.instance(0).arraySync()[0][0], [Math.fround(0.4)]));
    assert.deepEqual(images.names, ['image']);
  });

  it('reports which file is wrong', async () => {
    const refused = (path: string, message: RegExp) =>
      assert.rejects(
        data.images(join(folder, path)),
        (e: unknown) => e instanceof ImageFolderError && message.test(e.message),
      );
    await refused('nowhere', /nowhere.*no such/);
    await mkdir(join(folder, 'mixed'));
    await refused('mixed', /no \.png file/);
    await file('mixed/1.png', png(2, 2, [0, 0, 0]));
    await file('mixed/2.png', png(2, 3, [0, 0, 0]));
    await refused('mixed', /2\.png: it is 2 × 3, but the first image is 2 × 2/);
    await file('mixed/2.png', 'no image');
    await refused('mixed', /2\.png: it is not a PNG image/);
    for (const [side, reason] of [
      [1e6, /promises 1000000 × 1000000 pixels, more than its \d+ bytes can hold/],
      [2 ** 32 - 1, /promises/],
    ] as const) {
      const bytes = png(2, 2, [0, 0, 0]);
      bytes.writeUInt32BE(side, 16);
      bytes.writeUInt32BE(side, 20);
      await file('mixed/2.png', bytes);
      await refused('mixed', reason);
    }
  });
});
