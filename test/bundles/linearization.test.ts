import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { Sanitizer } from '@jupyterlab/apputils/lib/sanitizer';
import { PNG } from 'pngjs';
import {
  decodeArray,
  float32Values,
  LINEARIZATION_MIME,
  type LinearizationPayload,
  plain,
  readDecomposition,
  readRows,
  signed,
} from '../../kernel-ext/src/payload';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { NameCountError } from '../../kernel-ext/src/errors';
import { UnknownLabelError } from '../../kernel-ext/src/display/errors';
import type { LinearizationView } from '../../kernel-ext/src/bundles/linearization/linearization-payload';
import { ClassIndexError, DisposedError, InstanceIndexError } from '../../kernel-ext/src/errors';
import type { Linearization } from '../../kernel-ext/src/linearization/linearization';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { answer } from '../../kernel-ext/src/answers/answer-request';
import { randomNet, takeApart } from '../lab/random-net';
import { assertClose } from '../linear-map/close';
import { tfModel } from '../linear-map/tf-model';
import { linearizationFaults } from '../payload/sum-faults';
import { colorLinearization, mnistLinearization, vectorLinearization } from './mnist-linearization';

/** Sums of a few hundred float32 products; measured up to 4e-7 of the largest weight. */
const ROUNDING = 2e-6;

async function bundleOf(lin: Linearization, view?: LinearizationView) {
  const bundle = await linearizationBundle(lin, view);
  return {
    payload: bundle[LINEARIZATION_MIME] as LinearizationPayload,
    html: bundle['text/html'] as string,
    png: bundle['image/png'] as string | undefined,
    text: bundle['text/plain'] as string,
  };
}

function assertSound(payload: LinearizationPayload): void {
  const travelled = JSON.parse(JSON.stringify(payload)) as LinearizationPayload;
  assert.deepEqual(linearizationFaults(travelled), []);
  assert.deepEqual(readDecomposition(travelled), readDecomposition(payload));
}

describe('the bundle of a linearization', () => {
  let lin: Linearization;
  before(async () => void (lin = await mnistLinearization()));
  after(() => lin.dispose());

  it('has a payload that its reader accepts, and whose sums are F(x)', async () => {
    const { payload } = await bundleOf(lin);
    assertSound(payload);
    assert.deepEqual(payload.output, [...(await lin.output.data())]);
    assert.ok(payload.residual.relative < 1e-5);
  });

  it('shows the largest output first and keeps all ten rows of MNIST', async () => {
    const { payload } = await bundleOf(lin);
    assert.equal(payload.labels[payload.selected], '7');
    assert.equal(payload.rows.length, 10);
    assert.ok(JSON.stringify(payload).length < 100_000);
  });

  it('keeps rows that are the rows of W', async () => {
    const { payload } = await bundleOf(lin, { rows: 'all' });
    for (const { index, weights } of payload.rows) {
      const row = await lin.row(index);
      assert.deepEqual(weights.shape, [28, 28, 1]);
      // Some processors sum one row in another order than ten rows at once.
      const [saved, expected] = [decodeArray(weights, 'array').values, await row.data()];
      const scale = Math.max(...expected.map(Math.abs));
      saved.forEach((w, i) =>
        assert.ok(Math.abs(w - expected[i]) <= ROUNDING * scale, `${w}, ${expected[i]}`),
      );
      row.dispose();
    }
  });

  it('shows the requested class, by index or label, and keeps the requested number of rows', async () => {
    const { payload } = await bundleOf(lin, { class: 9, rows: 3 });
    assert.deepEqual(
      payload.rows.map(({ index }) => index),
      [9, 7, 2],
    );
    const labels = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
    const named = await bundleOf(lin, { class: 'two', labels, rows: 0 });
    assert.equal(named.payload.selected, 2);
    assert.deepEqual([named.payload.rows.length, named.payload.labels], [1, labels]);
    assert.match(named.text, /^two: logit 2\.07 = W·x \+2\.52 \+ b −0\.45$/m);
  });

  it('has a page without scripts that loses only the colors of the theme to JupyterLab’s sanitizer', async () => {
    const { html } = await bundleOf(lin);
    assert.ok(Buffer.byteLength(html) < 50 * 1024);
    const clean = new Sanitizer().sanitize(html);
    const facts = (page: string) => ({
      text: page.replace(/<[^>]*>/g, '').replaceAll('&ensp;', '\u2002'),
      styles: [...page.matchAll(/style="([^"]*)"/g)].map(([, style]) =>
        style
          .replace(/\s/g, '')
          .split(';')
          .filter(declaration => declaration && !declaration.includes('var(--jp-'))
          .join(';'),
      ),
      images: [...page.matchAll(/src="([^"]*)"/g)].map(([, source]) => source),
    });
    assert.deepEqual(facts(clean), facts(html));
    assert.equal(facts(html).images.length, 3);
    assert.ok(html.includes('var(--jp-') && !clean.includes('var('));
  });

  it('has the formula and every class in page and text', async () => {
    const { html, text } = await bundleOf(lin);
    const words = html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    assert.match(words, /7 &ensp;logit 13\.61 = W·x \+10\.05 \+ b \+3\.56/);
    assert.match(words, /exact on its region · from input to logits/);
    assert.match(text, /^7: logit 13\.61 = W·x \+10\.05 \+ b \+3\.56$/m);
    assert.match(text, /^ {4}6 {2}−18\.63 {2}−16\.93 {2}−1\.70$/m);
    assert.match(text, /max\|F\(x\) − \(W·x \+ b\)\| = \d·10⁻/);
  });

  it('has a PNG with x, W and W∘x side by side', async () => {
    const { png } = await bundleOf(lin);
    const { width, height } = PNG.sync.read(Buffer.from(png!, 'base64'));
    assert.deepEqual([width, height], [3 * (224 + 2) + 4 * 12, 224 + 2 + 2 * 12]);
  });

  it('leaves no tensor behind, even when it refuses', async () => {
    const before = tf.memory().numTensors;
    await linearizationBundle(lin);
    await assert.rejects(linearizationBundle(lin, { class: 10 }), ClassIndexError);
    await assert.rejects(linearizationBundle(lin, { class: 'seven' }), UnknownLabelError);
    await assert.rejects(linearizationBundle(lin, { labels: ['a'] }), NameCountError);
    await assert.rejects(linearizationBundle(lin, { instance: 1 }), InstanceIndexError);
    assert.equal(tf.memory().numTensors, before);
  });
});

describe('the bundle of a batch', () => {
  it('describes one instance, exactly as a single input would be, and states which', async () => {
    const [batch, single] = [await mnistLinearization(3), await mnistLinearization()];
    const { payload, text, html } = await bundleOf(batch);
    const alone = (await bundleOf(single)).payload;
    assertSound(payload);
    assert.deepEqual(payload.instance, { index: 0, count: 3 });
    assert.deepEqual(payload.input, alone.input);
    const [shown, expected] = [payload, alone].map(one => readDecomposition(one).output);
    shown.forEach((value, c) => assert.ok(Math.abs(value - expected[c]) < 1e-4));
    for (const twin of [text, html]) assert.match(twin, /Input 0 of a batch of 3/);
    const last = (await bundleOf(batch, { instance: 2 })).payload;
    assertSound(last);
    assert.equal(last.selected, 1, 'the third test digit is a 1');
    batch.dispose();
    single.dispose();
  });
});

describe('the bundle of a large color image', () => {
  it('keeps the selected row, and keeps its page within 128 KB', async () => {
    const lin = await colorLinearization();
    const { payload, html, png } = await bundleOf(lin);
    assertSound(payload);
    assert.equal(payload.rows.length, 1);
    assert.ok(Buffer.byteLength(html) <= 128 * 1024, `${Buffer.byteLength(html)} bytes`);
    assert.equal(html.match(/<img/g)?.length, 4);
    assert.equal(PNG.sync.read(Buffer.from(png!, 'base64')).width, 4 * (200 + 2) + 5 * 12);
    lin.dispose();
  });
});

describe('the bundle of a network with many classes', () => {
  const net = randomNet([6, 8, 5, 40], 3);
  const x = [0.3, -0.5, 1, 0.25, 0, 0.75];
  const { output, rows, biasByLayer } = takeApart(net, x);
  const linear = rows.map(row => row.reduce((sum, w, i) => sum + w * x[i], 0));
  const leading = [...output.keys()].sort((i, j) => output[j] - output[i]).slice(0, 12);
  let lin: Linearization;
  before(async () => void (lin = await linearize(tfModel(net), x)));
  after(() => lin.dispose());

  it('has F(x), b and W·x of all classes, and the sums of those that are listed', async () => {
    const { payload, text } = await bundleOf(lin, { rows: 1 });
    assertSound(payload);
    const d = readDecomposition(payload);
    assertClose('F(x)', d.output, output);
    assertClose('W·x', d.linear, linear);
    assert.deepEqual(
      [...d.sums.keys()],
      leading.toSorted((i, j) => i - j),
    );
    for (const [c, sums] of d.sums) {
      const adding = rows[c].reduce((sum, w, i) => sum + Math.max(0, w * x[i]), 0);
      assertClose(`sums of ${c}`, [sums.positive, sums.negative], [adding, linear[c] - adding]);
      assertClose(
        `b of ${c} by layer`,
        sums.biasByLayer,
        biasByLayer.map(part => part[c]),
      );
    }
    for (const c of leading) assert.ok(text.includes(` ${plain(output[c])}  ${signed(linear[c])}`), text);
  });

  it('answers with the row of any other class and b by layer', async () => {
    const { payload } = await bundleOf(lin, { rows: 1 });
    const other = [...output.keys()].find(c => !leading.includes(c))!;
    const request = { id: 1, op: 'rows' as const, handle: payload.handle, indices: [other], bias: true };
    const { reply, buffers } = await answer(request, new AbortController().signal);
    const [row] = readRows(JSON.parse(JSON.stringify(reply)), buffers.map(float32Values), 1);
    assertClose('the row', row.weights, rows[other]);
    assertClose(
      'b by layer',
      row.biasByLayer!,
      biasByLayer.map(part => part[other]),
    );
  });

  it('has all rows and all sums if all rows are wanted', async () => {
    const { payload } = await bundleOf(lin, { rows: 'all' });
    assertSound(payload);
    assert.deepEqual([payload.rows.length, payload.positive.length], [40, 40]);
  });
});

describe('the bundle of a vector', () => {
  it('lists the largest terms instead of images, and escapes labels', async () => {
    const lin = await vectorLinearization(['<img src=x onerror=alert(1)>', 'a & "b"', 'c']);
    const { payload, html, png, text } = await bundleOf(lin);
    assertSound(payload);
    assert.equal(png, undefined);
    assert.ok(!html.includes('<img') && html.includes('&lt;img src=x'), 'no label becomes a tag');
    assert.ok(html.includes('a &amp; &quot;b&quot;'));
    assert.match(text, /^entry +x +w +w·x$/m);
    assert.match(text, /and 3 more entries/);
    lin.dispose();
  });

  it('uses the given names of the entries in payload, page and text', async () => {
    const lin = await vectorLinearization();
    const features = Array.from({ length: 13 }, (_, i) => `<b>fact ${i}</b>`);
    const { payload, html, text } = await bundleOf(lin, { features });
    assertSound(payload);
    assert.deepEqual(payload.features, features);
    assert.match(text, /<b>fact \d+<\/b>/);
    assert.ok(html.includes('&lt;b&gt;fact'));
    await assert.rejects(linearizationBundle(lin, { features: ['one'] }), NameCountError);
    lin.dispose();
  });

  it('names the entries of several inputs after the inputs', async () => {
    const sum = ({ a, b }: Record<string, tf.Tensor>) => tf.concat([a.mul(2), b.relu()]);
    const lin = await linearize(sum, { a: [1], b: [1, -2] });
    const { payload } = await bundleOf(lin);
    assert.deepEqual(payload.features, ['a', 'b[0]', 'b[1]']);
    lin.dispose();
  });

  it('refuses a linearization that was disposed of', async () => {
    const lin = await vectorLinearization();
    lin.dispose();
    await assert.rejects(linearizationBundle(lin), DisposedError);
  });
});
