import assert from 'node:assert/strict';
import { modelSummary } from '../../kernel-ext/src/kernel/model-summary';
import { graphModel, placeholder } from '../graphs/graph-model';
import { mlp } from '../onnx/networks';
import { Client, resultText, streamText } from './client';

describe('results', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(() => client.stop());

  async function result(code: string): Promise<Record<string, string>> {
    const { outputs, reply } = await client.run(code);
    assert.equal(reply.status, 'ok', reply.traceback?.join('\n'));
    return outputs.find(({ type }) => type === 'execute_result')?.content.data;
  }

  const rowsOf = (html: string): string[][] =>
    [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell),
    );

  it('an array of flat records is a table, and prints as Node prints it', async () => {
    const data = await result("[{ name: '<7>', logit: 9.5 }, { name: 'b', logit: -1, late: new Date(0) }]");
    assert.match(data['text/plain'], /^\[\n? *\{ name: '<7>', logit: 9\.5 \}/);
    assert.deepEqual(rowsOf(data['text/html']), [
      ['name', 'logit', 'late'],
      ['&lt;7&gt;', '9.5', ''],
      ['b', '-1', '1970-01-01T00:00:00.000Z'],
    ]);
  });

  it('a long and wide table is cut, with a note', async () => {
    const data = await result(
      'Array.from({ length: 1000 }, (_, i) => Object.fromEntries(Array.from({ length: 30 }, (_, j) => [`c${j}`, i * j])))',
    );
    const rows = rowsOf(data['text/html']);
    assert.deepEqual([rows.length, rows[0].length], [51, 20]);
    assert.match(data['text/html'], /50 of 1000 rows, 20 of 30 columns/);
  });

  for (const value of [
    '[1, 2]',
    '[]',
    '[{}]',
    '[{ a: { b: 1 } }]',
    '[new Map()]',
    '[{ get a() { return 1; } }]',
    '[[1], [2]]',
  ]) {
    it(`is not a table: ${value}`, async () => {
      assert.deepEqual(Object.keys(await result(value)), ['text/plain']);
    });
  }

  it('typed arrays print with their kind and length, cut', async () => {
    assert.equal((await result('new Float32Array([1.5, 2])'))['text/plain'], 'Float32Array(2) [ 1.5, 2 ]');
    const long = (await result('new Uint8Array(1e6)'))['text/plain'];
    assert.match(long, /^Uint8Array\(1000000\) \[[^]*\.\.\. 999900 more items\n\]$/);
  });

  it('long strings and deep objects are cut', async () => {
    assert.match(
      (await result("'x'.repeat(1e6)"))['text/plain'],
      /^'x{10000}'\.\.\. 990000 more characters$/,
    );
    assert.equal(
      (await result('({ a: { b: { c: { d: 1 } } } })'))['text/plain'],
      '{ a: { b: { c: [Object] } } }',
    );
  });

  for (const [value, expected] of [
    ['[tf.ones([28, 28])]', /^\[ Tensor \[28, 28\] float32 \]$/],
    ['({ a: { t: tf.tensor2d([[1, 2]]) } })', /^\{ a: \{ t: Tensor \[1, 2\] float32 \[ \[ 1, 2 \] \] \} \}$/],
    [
      '(() => { const t = tf.scalar(1); t.dispose(); return [t]; })()',
      /^\[ Tensor \[\] float32, disposed \]$/,
    ],
    ['[tf.variable(tf.scalar(2))]', /^\[ Variable \[\] float32 2 \]$/],
    [
      'await data.iris()',
      /^LabeledData \{ 150 instances of \[4\]; classes setosa, .*; columns sepal length .* \}$/,
    ],
    [
      '({ a: new Float32Array(1e6), m: new Map(Array.from({ length: 999 }, (_, i) => [i, `n${i}`])) })',
      /989 more items/,
    ],
    [
      'Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]))',
      /k23: 23,\n {2}… 4952 more lines\n/,
    ],
    ['Array.from({ length: 200 }, () => Array(200).fill(0.5))', /190 more items/],
  ] as const) {
    it(`prints short: ${value}`, async () => {
      const text = (await result(value))['text/plain'];
      assert.match(text, expected);
      assert.ok(text.length < 4_000, `${text.length} characters`);
    });
  }

  it('an error tells where in the cells it comes from', async () => {
    await client.run("function fail() {\n  return new RangeError('seen', { cause: new Error('first') });\n}");
    const text = (await result('fail()'))['text/plain'];
    assert.match(text, /^RangeError: seen\n {2}at fail, cell \[\d+\], line 2, column \d+\n/);
    assert.match(text, /Caused by Error: first/);
    assert.doesNotMatch(text, /node:|tslab|evalmachine/);
  });

  it('a promise shows its value, and a rejected one fails its cell', async () => {
    assert.equal((await result('Promise.resolve([{ a: 1 }])'))['text/html'].includes('<td'), true);
    assert.equal((await client.run("Promise.reject(new RangeError('late'))")).reply.ename, 'RangeError');
  });

  it('tensors print as TensorFlow.js prints them, large ones in part', async () => {
    assert.equal((await result('tf.tensor([1, 2])'))['text/plain'], 'Tensor\n    [1, 2]');
    assert.ok((await result('tf.zeros([1000, 1000])'))['text/plain'].length < 1000);
  });

  it('a model is a table of its layers', async () => {
    await client.run(`const model = tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [28, 28, 1], name: 'flat' }),
  tf.layers.dense({ units: 3, name: 'logits' }),
], name: 'whole' });`);
    const data = await result('model');
    assert.match(data['text/plain'], /Total params: 2355/);
    assert.deepEqual(rowsOf(data['text/html']), [
      ['layer', 'type', 'output shape', 'parameters'],
      ['flat', 'Flatten', '[?, 784]', '0'],
      ['logits', 'Dense', '[?, 3]', '2,355'],
    ]);
  });

  for (const [code, text] of [
    ['model.layers[1]', 'Dense { logits; output shape [?, 3]; 2,355 parameters }'],
    [
      'model.layers',
      '[\n  Flatten { flat; output shape [?, 784]; 0 parameters },\n  Dense { logits; output shape [?, 3]; 2,355 parameters }\n]',
    ],
    ['({ model })', '{ model: Sequential { whole; output shape [?, 3]; 2,355 parameters } }'],
    ["tf.layers.dense({ units: 2, name: 'alone' })", 'Dense { alone; not built }'],
    [
      "class Twice extends tf.layers.Layer { computeOutputShape(shape: number[]) { return shape; } }\nnew Twice({ name: 'mine' })",
      'Twice { mine; not built }',
    ],
    ['model.outputs', '[ SymbolicTensor { logits/logits; shape [?, 3]; float32 } ]'],
    ['model.layers[1].weights[1]', 'LayerVariable { logits/bias; shape [3]; float32 }'],
    ['tf.train.sgd(0.5)', 'SGD { learningRate: 0.5 }'],
    [
      "tf.initializers.varianceScaling({ scale: 1, mode: 'fanAvg', distribution: 'normal', seed: 12 })",
      "VarianceScaling { scale: 1, mode: 'fanAvg', distribution: 'normal', seed: 12 }",
    ],
    ['tf.regularizers.l2({ l2: 0.5 })', 'L1L2 { l1: 0, l2: 0.5 }'],
  ] as const) {
    it(`a part of a model prints in one line, also by console.log: ${code}`, async () => {
      assert.equal((await result(code))['text/plain'], text);
      const [before, last] = code.includes('\n') ? code.split('\n') : ['', code];
      const { outputs } = await client.run(`${before}\nconsole.log(${last})`);
      assert.equal(streamText(outputs, 'stdout'), `${text}\n`);
    });
  }

  it('a graph model is a table of its inputs and outputs', async () => {
    const model = await graphModel([placeholder(-1, 3), { name: 'y', op: 'Relu', input: ['x'] }]);
    const bundle = modelSummary(model)!;
    assert.equal(bundle['text/plain'], 'GraphModel\n  input x float32 [?, 3]\n  output y any shape');
    assert.equal(rowsOf(String(bundle['text/html'])).length, 3);
    model.dispose();
  });

  it('an ONNX model is a table of its inputs and outputs', async () => {
    const model = await mlp();
    const bundle = modelSummary(model)!;
    assert.equal(bundle['text/plain'], 'OnnxModel\n  input x float32 [N, 4]\n  output y float32 [N, 2]');
    assert.equal(rowsOf(String(bundle['text/html'])).length, 3);
    model.dispose();
  });

  it('a model that is not built explains why it has no summary', async () => {
    const data = await result('tf.sequential()');
    assert.match(data['text/plain'], /^sequential_\w+, 0 layers, without a summary: .*built/);
  });

  it('display shows the same bundles', async () => {
    const { outputs } = await client.run('display([{ a: 1 }]); undefined');
    assert.deepEqual(Object.keys(outputs[0].content.data).sort(), ['text/html', 'text/plain']);
  });

  it('plots of one cell appear in the order of the calls, whichever is ready first', async () => {
    const { outputs } = await client.run(`const slow = tf.tensor([1, 2, 3]);
const numbers = slow.data.bind(slow);
slow.data = (async () => { await new Promise(done => setTimeout(done, 100)); return numbers(); }) as typeof slow.data;
plot(slow, { title: 'first' });
plot([1, 2], { title: 'second' });
undefined`);
    const titles = outputs
      .filter(({ type }) => type === 'display_data')
      .map(({ content }) => content.data['application/vnd.plotly.v1+json'].layout.title.text);
    assert.deepEqual(titles, ['first', 'second']);
  });

  it('null is shown, undefined is not', async () => {
    assert.equal(resultText(await client.run('null')), 'null');
    assert.equal(resultText(await client.run('undefined')), undefined);
  });
});
