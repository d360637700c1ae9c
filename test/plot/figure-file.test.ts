import '../backend';
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { PNG } from 'pngjs';
import { linearize, plot, type Plottable, type PlotOptions } from '../../kernel-ext/src';
import { EMBEDDING_MIME, LINEARIZATION_MIME } from '../../kernel-ext/src/payload';
import { FigureFileError, FileWriteError, OptionError } from '../../kernel-ext/src/public-errors';
import { type Bundle, DISPLAY, SINK } from '../../kernel-ext/src/sink/sink';
import { readPdf } from '../read-pdf';
import { discard, smallEmbedding, smallNetwork } from '../tsne/small-embedding';

const HOSTILE = '<script>alert(1)</script> & "x"';

/** pngjs neither draws these files nor encodes them. */
const read = (file: Buffer): PNG => PNG.sync.read(file);

const sidesOf = (svg: Buffer): number[] =>
  ['width', 'height'].map(side =>
    Number(new RegExp(`<svg[^>]* ${side}="([\\d.]+)"`).exec(svg.toString())![1]),
  );

/** Opaque, white at the corners, and with marks on a part of the paper. */
function assertDrawn({ data, width, height }: PNG, what: string): void {
  const pixels = Array.from({ length: width * height }, (_, i) => data.readUInt32BE(4 * i));
  const [white, last] = [0xffffffff, width * height - 1];
  for (const corner of [0, width - 1, last - width + 1, last]) assert.equal(pixels[corner], white, what);
  assert.ok(
    pixels.every(pixel => (pixel & 0xff) === 0xff),
    `${what} is opaque`,
  );
  const drawn = pixels.filter(pixel => pixel !== white).length / pixels.length;
  assert.ok(drawn > 0.005 && drawn < 0.9, `${what}: ${drawn} of the pixels`);
  assert.ok(
    pixels.some(pixel => pixel === 0x111111ff),
    `${what} has dark letters`,
  );
}

describe('plot(thing, { file })', () => {
  let folder: string;
  let shown: Bundle[];
  const sinks = globalThis as { [SINK]?: unknown };
  const before_ = sinks[SINK];
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'piecewise-'));
    sinks[SINK] = { replaces: true, display: (bundle: Bundle) => shown.push(bundle), track: () => {} };
  });
  beforeEach(() => void (shown = []));
  after(async () => {
    sinks[SINK] = before_;
    await rm(folder, { recursive: true });
  });

  /** What `plot` writes. */
  async function written<T extends Plottable>(
    thing: T,
    name: string,
    options?: PlotOptions<T>,
  ): Promise<Buffer> {
    const file = path.join(folder, name);
    await plot(thing, { ...options, file } as PlotOptions<T>);
    return readFile(file);
  }

  it('writes a chart as SVG, PDF, HTML and JSON, and shows it as usual', async () => {
    const view = { title: HOSTILE, labels: ['a', 'b', 'c'] };
    const svg = (await written([1, -2.5, 3], 'a.svg', view)).toString('utf8');
    assert.equal(svg, shown[0]['image/svg+xml']);
    assert.match(svg, /^<svg [^]*<\/svg>\s*$/);
    assert.doesNotMatch(svg, /<script/);
    const pdf = await readPdf(await written([1, -2.5, 3], 'a.PDF', view));
    assert.deepEqual([pdf.pages, pdf.active], [1, []]);
    assert.ok(pdf.text.includes(HOSTILE) && pdf.text.includes('−2'), pdf.text);
    const html = (await written([1, -2.5, 3], 'a.html', view)).toString('utf8');
    assert.ok(html.startsWith('<!doctype html>') && html.includes('<meta charset="utf-8">'));
    assert.doesNotMatch(html, /<script/);
    const json = JSON.parse((await written([1, -2.5, 3], 'a.json', view)).toString('utf8')) as object;
    assert.deepEqual(json, JSON.parse(JSON.stringify(shown[3]['application/vnd.plotly.v1+json'])));
    assert.equal(shown.length, 4);
    assert.deepEqual((await readdir(folder)).toSorted(), ['a.PDF', 'a.html', 'a.json', 'a.svg']);
  });

  it('writes a linearization and an embedding as a figure of one page with their numbers', async () => {
    const model = smallNetwork(6, 3);
    const lin = await linearize(model, [1, -1, 0.5, 0, 2, 0.25], { labels: ['a', HOSTILE, 'c'] });
    const features = ['one', 'two', 'three', 'four', 'five', 'six'];
    const pdf = await readPdf(await written(lin, 'lin.pdf', { features }));
    const output = (await lin.output.data())[1];
    for (const text of ['W·x', 'one', 'five', output.toFixed(2).replace('-', '−')])
      assert.ok(pdf.text.includes(text), `${text} in ${pdf.text}`);
    const svg = (await written(lin, 'lin.svg', { features })).toString('utf8');
    assert.ok(svg.includes('&lt;script&gt;'));
    assert.doesNotMatch(svg, /<script/);
    assert.ok(LINEARIZATION_MIME in shown[0]);
    lin.dispose();
    model.dispose();
    const embedding = await smallEmbedding({ epochs: 2 });
    const points = (await written(embedding, 'map.svg')).toString('utf8');
    const page = await readPdf(await written(embedding, 'map.pdf'));
    assert.ok(
      ['axis 1', 'axis 2', '120 points'].every(text => page.text.includes(text)),
      page.text,
    );
    assert.ok(EMBEDDING_MIME in shown[2]);
    assert.match(points, /<svg /);
    discard(embedding);
  });

  it('writes a chart, a linearization and an embedding as PNG on white, at any scale', async () => {
    const view = { title: 'Wij', labels: ['a', 'b', 'c'] };
    const chart = [1, -2.5, 3];
    const sides = sidesOf(await written(chart, 'chart.svg', view));
    for (const [scale, name] of [
      [undefined, 'chart.png'],
      [1, 'one.png'],
      [3.125, '300-dpi.PNG'],
    ] as const) {
      const png = read(await written(chart, name, { ...view, scale }));
      const wanted = sides.map(side => side * (scale ?? 2));
      [png.width, png.height].forEach((side, i) => assert.ok(Math.abs(side - wanted[i]) < 1, name));
      assertDrawn(png, name);
    }
    const [titled, other] = [
      read(await written(chart, 'chart.png', view)),
      read(await written(chart, 'other.png', { ...view, title: 'Lux' })),
    ];
    const changed = [...titled.data.keys()].filter(k => titled.data[k] !== other.data[k]);
    const lowest = Math.floor(Math.max(...changed) / 4 / titled.width);
    assert.ok(changed.length > 100 && lowest < 60, 'only the letters of the title change');

    const model = smallNetwork(6, 3);
    const lin = await linearize(model, [1, -1, 0.5, 0, 2, 0.25]);
    assertDrawn(read(await written(lin, 'lin.png')), 'linearization');
    lin.dispose();
    model.dispose();
    const embedding = await smallEmbedding({ epochs: 2 });
    assertDrawn(read(await written(embedding, 'map.png')), 'embedding');
    discard(embedding);
  });

  it('writes each pixel of a small image as a sharp square of a PNG', async () => {
    const image = tf.tidy(() => tf.linspace(0, 1, 64).reshape<tf.Tensor2D>([8, 8]));
    const svg = (await written(image, 'image.svg')).toString('utf8');
    const { data, width } = read(await written(image, 'image.png', { scale: 3 }));
    image.dispose();
    const [, box, base64] = /<image ([^>]*)base64,([^"]+)"/.exec(svg)!;
    const inner = read(Buffer.from(base64, 'base64'));
    const [left, top, wide, high] = ['x', 'y', 'width', 'height'].map(name =>
      Number(new RegExp(`(?:^| )${name}="([\\d.]+)"`).exec(box)![1]),
    );
    for (let row = 0; row < inner.height; row++)
      for (let column = 0; column < inner.width; column++)
        for (const inside of [0.1, 0.5, 0.9]) {
          const x = Math.floor(3 * (left + ((column + inside) * wide) / inner.width));
          const y = Math.floor(3 * (top + ((row + inside) * high) / inner.height));
          const at = 4 * (y * width + x);
          const from = 4 * (row * inner.width + column);
          assert.deepEqual(
            data.subarray(at, at + 4),
            inner.data.subarray(from, from + 4),
            `${row}, ${column}`,
          );
        }
  });

  it('refuses a scale that no PNG can have, or without a PNG', async () => {
    const png = path.join(folder, 'scaled.png');
    await writeFile(png, 'old');
    const refused: [PlotOptions<number[]>, RegExp][] = [
      [{ file: png, scale: 0 }, /scale is 0. Give a number above 0/],
      [{ file: png, scale: '2' as never }, /scale is '2'/],
      [{ file: png, scale: NaN }, /scale is NaN/],
      [{ file: png, scale: 1e6 }, /scale is 1000000. Give a number from 0\.\d+ to \d+\.\d+ for this figure/],
      [{ file: png, scale: 1e-6 }, /for this figure/],
      [{ file: path.join(folder, 'scaled.svg'), scale: 2 }, /a file whose name ends in \.png/],
      [{ scale: 2 }, /a file whose name ends in \.png/],
    ];
    for (const [options, message] of refused)
      await assert.rejects(plot([1, 2], options), (error: unknown) => {
        assert.ok(error instanceof OptionError && error.option === 'scale');
        assert.match(error.message, message);
        return true;
      });
    const broken = { [DISPLAY]: () => ({ 'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg" wid' }) };
    await assert.rejects(
      plot(broken, { file: png }),
      (error: unknown) => error instanceof FigureFileError && /cannot be drawn/.test(error.message),
    );
    assert.equal(await readFile(png, 'utf8'), 'old');
    assert.equal(shown.length, 0, 'nothing is shown');
  });

  it('writes images as images of the page', async () => {
    const image = tf.tidy(() => tf.linspace(0, 1, 64).reshape<tf.Tensor2D>([8, 8]));
    assert.equal((await readPdf(await written(image, 'image.pdf'))).images, 1);
    image.dispose();
  });

  it('refuses other formats before it works, and leaves an old file where the new one cannot be made', async () => {
    for (const name of ['figure.jpg', 'figure', 'figure.svg.gz', ''])
      await assert.rejects(plot([1, 2], { file: name }), (e: unknown) => {
        assert.ok(e instanceof FigureFileError && e.file === name);
        assert.match(e.message, /\.svg, \.pdf, \.png, \.html, \.json/);
        return true;
      });
    await assert.rejects(
      plot([1, 2], { file: path.join(folder, 'none', 'a.svg') }),
      (e: unknown) => e instanceof FileWriteError && e.code === 'ENOENT',
    );
    const old = path.join(folder, 'old.svg');
    await writeFile(old, 'old');
    const globe = { data: [{ type: 'scatter3d', x: [1], y: [1], z: [1] }], layout: {} };
    await assert.rejects(plot(globe, { file: old }), FigureFileError);
    assert.equal(await readFile(old, 'utf8'), 'old');
    assert.equal(shown.length, 0, 'nothing is shown');
    await plot([1, 2], { file: old });
    assert.match(await readFile(old, 'utf8'), /^<svg/);
  });
});
