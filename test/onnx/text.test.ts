import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { parseNpy } from '../../kernel-ext/src/data/npy';
import { explainedIn } from '../../kernel-ext/src/display/handles';
import { linearize, type LinearizeOptions } from '../../kernel-ext/src';
import { loadOnnx } from '../../kernel-ext/src/onnx-file/load-onnx';
import type { OnnxModel } from '../../kernel-ext/src/onnx-file/onnx-model';
import { LINEARIZATION_MIME, readDecomposition } from '../../kernel-ext/src/payload';
import * as errors from '../../kernel-ext/src/public-errors';
import { useBackend } from '../backend';
import { taken } from '../linear-map/close';
import { difference, ONNX_FIXTURES } from '../networks/onnx-references';
import { DataType, floats, graph, model, node, value } from '../onnx-file/small-model';
import { numbers } from './networks';

/** Two texts for a BERT that Hugging Face's optimum exported, and what PyTorch computes for them in float64; see make-text.py. */
const { tokens, inputs, output } = JSON.parse(
  readFileSync(path.join(ONNX_FIXTURES, 'text.json'), 'utf8'),
) as { tokens: string[][]; inputs: Record<string, number[][]>; output: number[][] };
const file = path.join(ONNX_FIXTURES, 'bert.npy');
const { values, shape } = parseNpy(readFileSync(file), file);
const [texts, , words, width] = shape;
const classes = shape[1] - 1;
/** The embedding of text n, and W of its outputs. */
const part = (n: number, from: number, count: number) => {
  const size = words * width;
  const begin = (n * (classes + 1) + from) * size;
  return (values as Float64Array).slice(begin, begin + count * size);
};

/** Relative to the largest number of each array; the largest seen is 1e-6. */
const TOLERANCE = 1e-5;

/** What each token adds, in float64. */
function referenceByToken(n: number, c: number): number[] {
  const [x, w] = [part(n, 0, 1), part(n, c + 1, 1)];
  return Array.from({ length: words }, (_, t) =>
    x.slice(t * width, (t + 1) * width).reduce((sum, e, i) => sum + e * w[t * width + i], 0),
  );
}

describe('a text classifier from Hugging Face', () => {
  useBackend('tensorflow');
  let bert: OnnxModel;
  before(async () => (bert = await loadOnnx(path.join(ONNX_FIXTURES, 'bert.onnx'))));
  after(() => bert.dispose());

  const ofText = (n: number) =>
    Object.fromEntries(Object.entries(inputs).map(([name, ids]) => [name, ids[n]]));

  for (const executor of ['tfjs', 'onnx'] as const)
    it(`has the W that PyTorch computes after the embedding, for each of two texts, by ${executor}`, async () => {
      const before = tf.memory().numTensors;
      const lin = await linearize(bert, inputs, { executor, tokens });
      assert.equal(lin.from, 'bert.embeddings.word_embeddings');
      assert.deepEqual(lin.input.shape, [texts, words, width]);
      assert.deepEqual(lin.tokens, tokens);
      for (let n = 0; n < texts; n++) {
        const instance = lin.instance(n);
        assert.ok(difference(await instance.output(), output[n]) <= TOLERANCE);
        assert.ok(difference(await instance.input(), part(n, 0, 1)) <= TOLERANCE);
        const rows = await instance.rows([0, 1, 2]);
        const got = rows.flatMap(row => [...row]);
        assert.ok(difference(got, part(n, 1, classes)) <= TOLERANCE, `W of text ${n}`);
      }
      for (let c = 0; c < classes; c++) {
        const byToken = await lin.contributionByToken(c);
        assert.deepEqual(byToken.shape, [texts, words]);
        const expected = tokens.flatMap((_, n) => referenceByToken(n, c));
        assert.ok(difference(await taken(byToken), expected) <= TOLERANCE, `class ${c}`);
      }
      assert.ok((await lin.residual({ every: true })).relative <= TOLERANCE);
      lin.dispose();
      assert.equal(tf.memory().numTensors, before);
    });

  it('is shown by its tokens, each with what it adds, in the view and in its twins', async () => {
    const hostile = tokens[0].with(5, '<img src=x onerror=alert(1)>');
    const lin = await linearize(bert, ofText(0), { tokens: hostile, labels: ['bad', 'fair', 'good'] });
    const bundle = await linearizationBundle(lin, { class: 'good' });
    const shown = readDecomposition(bundle[LINEARIZATION_MIME]);
    assert.deepEqual([shown.isText, shown.input.shape, shown.features], [true, [words], hostile]);
    assert.deepEqual([...shown.input.values], Array(words).fill(1));
    const expected = referenceByToken(0, 2);
    assert.ok(difference(shown.rows.get(2)!.values, expected) <= TOLERANCE);
    const { positive, negative } = shown.sums.get(2)!;
    const sum = expected.reduce((total, part) => total + part, 0);
    assert.ok(Math.abs(positive + negative - sum) <= TOLERANCE * Math.max(...expected.map(Math.abs)));
    assert.deepEqual([...expected.slice(7)], [0, 0, 0, 0], 'padding adds nothing');
    const [row] = await explainedIn({ lin, index: 0 }).rows([2]);
    assert.ok(difference(row, expected) <= TOLERANCE, 'the kernel answers by token, too');
    const html = String(bundle['text/html']);
    assert.ok(html.includes('&lt;img src=x') && !html.includes('<img'));
    const order = hostile.slice(0, 5).map(token => html.indexOf(`>${token}</span>`));
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      order,
      'the text in its order',
    );
    assert.ok(order.every(at => at > 0));
    assert.match(String(bundle['text/plain']), /^ +token +contribution$/m);
    const one = readDecomposition((await linearizationBundle(lin, { target: 'fair' }))[LINEARIZATION_MIME]);
    assert.ok(difference(one.rows.get(0)!.values, referenceByToken(0, 1)) <= TOLERANCE);
    lin.dispose();
  });

  it('shows the tokens of one text of a batch, and the numbers of the embedding without tokens', async () => {
    const both = await linearize(bert, inputs, { tokens });
    const second = readDecomposition((await linearizationBundle(both, { instance: 1 }))[LINEARIZATION_MIME]);
    assert.deepEqual(second.features, tokens[1]);
    both.dispose();
    const plain = await linearize(bert, ofText(1));
    assert.equal(plain.tokens, null);
    const numbers = readDecomposition((await linearizationBundle(plain))[LINEARIZATION_MIME]);
    assert.deepEqual([numbers.isText, numbers.input.shape], [false, [words, width]]);
    assert.deepEqual((await plain.contributionByToken(0)).shape, [words]);
    plain.dispose();
  });

  it('refuses tokens that do not fit, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    for (const [x, options, error] of [
      [ofText(0), { tokens: tokens[0].slice(1) }, errors.NameCountError],
      [ofText(0), { tokens: tokens[0].join(' ') }, errors.OptionError],
      [ofText(0), { tokens }, errors.OptionError],
      [ofText(0), { tokens: tokens[0].with(2, null as never) }, errors.OptionError],
      [inputs, { tokens: tokens[0] }, errors.NameCountError],
      [inputs, { tokens: [tokens[0], tokens[1].slice(1)] }, errors.NameCountError],
      [inputs, { tokens: [tokens[0], 'the film'] }, errors.OptionError],
      [ofText(0), { tokens: tokens[0], from: 'bert.pooler.activation' }, errors.TokensError],
    ] as const)
      await assert.rejects(linearize(bert, x, options as LinearizeOptions), error);
    const later = await linearize(bert, ofText(0), { from: 'bert.pooler.activation' });
    await assert.rejects(
      later.contributionByToken(0),
      /of shape \[16\], which is not one vector for each token/,
    );
    later.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('starts at the table of words, also where another table is read before it', async () => {
    const nodes = [
      node('Gather', ['kinds', 'kind'], ['k'], {}, { name: '/type/Gather' }),
      node('Gather', ['table', 'ids'], ['w'], {}, { name: '/words/Gather' }),
      node('Mul', ['w', 'three'], ['scaled'], {}, { name: '/words/Mul' }),
      node('Add', ['scaled', 'k'], ['sum'], {}, { name: '/Add' }),
      node('ReduceMean', ['sum'], ['y'], { axes: [1], keepdims: 0 }, { name: '/ReduceMean' }),
    ];
    const weights = [floats('table', [9, 2], numbers(18, 3)), floats('kinds', [2, 2], numbers(4, 4))];
    const ids = ['ids', 'kind'].map(name => value(name, ['N', 'words'], DataType.INT64));
    const given = { nodes, weights: [...weights, floats('three', [], [3])], inputs: ids };
    const small = await loadOnnx(model(graph({ ...given, outputs: [value('y', ['N', 2])] })));
    const lin = await linearize(small, { ids: [7, 2, 1], kind: [0, 1, 1] }, { tokens: ['a', 'b', 'c'] });
    assert.equal(lin.from, 'words');
    const table = numbers(18, 3);
    const expected = [7, 2, 1].map(id => table[2 * id]);
    assert.ok(difference(await taken(await lin.contributionByToken(0)), expected) <= TOLERANCE);
    lin.dispose();
    small.dispose();
  });
});
