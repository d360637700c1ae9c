import '../backend';
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { linearize, plot, type Plottable, type PlotOptions } from '../../kernel-ext/src';
import { EMBEDDING_MIME, LINEARIZATION_MIME } from '../../kernel-ext/src/payload';
import { FigureFileError, FileWriteError } from '../../kernel-ext/src/public-errors';
import { type Bundle, SINK } from '../../kernel-ext/src/sink/sink';
import { readPdf } from '../read-pdf';
import { discard, smallEmbedding, smallNetwork } from '../tsne/small-embedding';

const HOSTILE = '<script>alert(1)</script> & "x"';

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

  it('writes images as images of the page', async () => {
    const image = tf.tidy(() => tf.linspace(0, 1, 64).reshape<tf.Tensor2D>([8, 8]));
    assert.equal((await readPdf(await written(image, 'image.pdf'))).images, 1);
    image.dispose();
  });

  it('refuses other formats before it works, and leaves an old file where the new one cannot be made', async () => {
    for (const name of ['figure.png', 'figure', 'figure.svg.gz', ''])
      await assert.rejects(plot([1, 2], { file: name }), (e: unknown) => {
        assert.ok(e instanceof FigureFileError && e.file === name);
        assert.match(e.message, /\.svg, \.pdf, \.html, \.json/);
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
