import assert from 'node:assert/strict';
import path from 'node:path';
import * as piecewise from '../../kernel-ext/src';
import { Client, resultText, streamText, withoutBars } from './client';

describe('commands without import', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(() => client.stop());

  const MODEL = `
const model = tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [2, 2, 1] }),
  tf.layers.dense({ units: 8, activation: 'relu' }),
  tf.layers.dense({ units: 3, activation: 'softmax' }),
] });
const x = tf.tensor([0.1, -0.2, 0.3, 0.4], [1, 2, 2, 1]);`;

  it('linearize and plot explain a model, from a notebook anywhere', async () => {
    await client.run(MODEL);
    const { outputs, reply } = await client.run(
      'const lin = await linearize(model, x); plot(lin); undefined',
    );
    const shown = withoutBars(outputs);
    assert.equal(reply.status, 'ok', reply.traceback?.join('\n'));
    assert.deepEqual(
      shown.map(({ type }) => type),
      ['display_data'],
    );
    const { data } = shown[0].content;
    assert.deepEqual(Object.keys(data).sort(), [
      'application/vnd.piecewise.linearization.v1+json',
      'image/png',
      'text/html',
      'text/plain',
    ]);
    const residual = await client.run('(await lin.residual()).relative < 1e-5');
    assert.equal(resultText(residual), 'true');
  });

  it('a linearization as the last expression shows itself, even without await', async () => {
    const { outputs } = await client.run('linearize(model, x)');
    const [{ type, content }] = withoutBars(outputs);
    assert.equal(type, 'execute_result');
    assert.ok('application/vnd.piecewise.linearization.v1+json' in content.data);
  });

  it('rows of a shown linearization come over the comm', async () => {
    const { outputs } = await client.run('plot(lin)');
    const payload = withoutBars(outputs)[0].content.data['application/vnd.piecewise.linearization.v1+json'];
    const comm_id = 'rows-of-w';
    await client.send('shell', 'comm_open', { comm_id, target_name: 'piecewise.v1', data: {} });
    const data = { id: 1, op: 'rows', handle: payload.handle, indices: [0, 2] };
    await client.send('shell', 'comm_msg', { comm_id, data });
    const { content, buffers } = await client.find(
      ({ type, content }) => type === 'comm_msg' && content.comm_id === comm_id,
    );
    assert.deepEqual([content.data.ok, content.data.indices], [true, [0, 2]]);
    assert.deepEqual(
      buffers.map(({ length }) => length),
      [16, 16],
    );
  });

  it('rows that a page has already received are sent again while a cell computes', async () => {
    const { outputs } = await client.run('plot(lin)');
    const payload = withoutBars(outputs)[0].content.data['application/vnd.piecewise.linearization.v1+json'];
    const comm_id = 'rows-again';
    await client.send('shell', 'comm_open', { comm_id, target_name: 'piecewise.v1', data: {} });
    const rows = async (id: number, indices: number[]) => {
      const data = { id, op: 'rows', handle: payload.handle, indices };
      await client.send('shell', 'comm_msg', { comm_id, data });
      return client.find(
        ({ type, content }) => type === 'comm_msg' && content.comm_id === comm_id && content.data.id === id,
      );
    };
    const first = await rows(1, [0, 2]);
    const busy = await client.submit("console.log('busy'); while (true) {}");
    await client.find(({ parent, type }) => parent === busy && type === 'stream');
    const again = await rows(2, [2]);
    assert.deepEqual([again.content.data.ok, again.content.data.indices], [true, [2]]);
    assert.deepEqual(again.buffers, [first.buffers[1]]);
    await client.request('interrupt_request', {}, 'control');
    await client.ended(busy);
  });

  it('tensors and models print as TensorFlow.js prints them', async () => {
    assert.equal(resultText(await client.run('tf.tensor([1, 2])')), 'Tensor\n    [1, 2]');
    assert.match(resultText(await client.run('model'))!, /Total params: 67/);
  });

  it('tf is on the backend that the runtime chose, and a slow one is reported once', async () => {
    const backend = resultText(await client.run('tf.getBackend()'));
    const warned = client.received.filter(
      message => message.type === 'stream' && /Piecewise computes on the backend/.test(message.content.text),
    );
    assert.equal(warned.length, backend === "'tensorflow'" ? 0 : 1);
  });

  it('are type checked', async () => {
    const { reply } = await client.run('linearize(model, x, { labels: 7 })');
    assert.equal(reply.ename, 'TypeScriptError');
    // It takes one tensor or several by name, and TypeScript explains why neither overload fits.
    assert.match(
      reply.evalue,
      /^No overload matches this call[^]*not assignable to type 'readonly string\[\]'/,
    );
    assert.match(reply.traceback[0], /^TypeScriptError: No overload matches this call\. \(TS2769\)\n {2}\S/);
    assert.equal(reply.traceback.length, 2);
  });

  it('tf is a namespace of types, too', async () => {
    const { reply } = await client.run(`let map: tf.Tensor2D = tf.zeros([2, 3]);
const width = (net: tf.LayersModel): number => net.outputs.length;`);
    assert.equal(reply.status, 'ok', reply.traceback?.join('\n'));
    assert.equal(resultText(await client.run('[map.shape, width(model)]')), '[ [ 2, 3 ], 1 ]');
    const wrong = await client.run('map = tf.zeros([2]) as tf.Tensor1D');
    assert.match(wrong.reply.evalue, /not assignable to type 'Tensor2D'/);
  });

  for (const [name, pattern] of [
    ['linearize', /F\(x\) = W·x \+ b/],
    ['plot', /linearization/],
    ['tsne', /t-SNE/],
    ['progress', /./],
    ['prompt', /Asks for a line of text/],
    ['data', /Data sets/],
    ['display', /MIME bundle/],
    ['tf', /TensorFlow\.js/],
  ] as const) {
    it(`${name} is completed, and inspect shows its documentation`, async () => {
      const completion = await client.request('complete_request', { code: name, cursor_pos: name.length });
      assert.ok(completion.matches.includes(name));
      const { data } = await client.request('inspect_request', { code: name, cursor_pos: name.length });
      assert.match(data['text/plain'], pattern);
    });
  }

  for (const name of Object.keys(piecewise)) {
    it(`${name}, which the package exports, is a global with its documentation`, async () => {
      const kind = resultText(await client.run(`typeof ${name}`));
      assert.equal(kind, `'${typeof piecewise[name as keyof typeof piecewise]}'`);
      const { data } = await client.request('inspect_request', { code: name, cursor_pos: name.length });
      const [, documentation] = data['text/plain'].split('\n\n');
      assert.match(documentation, /^[A-Z`][^]{20}/);
    });
  }

  it('errors are imported from piecewise/errors, and caught by their class', async () => {
    const near = await Client.start({ cwd: path.resolve(__dirname, '../../notebooks') });
    const { reply, ...rest } = await near.run(`import { ShapeError } from 'piecewise/errors';
const net = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
const error = await linearize(net, tf.zeros([4])).catch((reason: unknown) => reason);
error instanceof ShapeError ? error.received : error`);
    assert.equal(reply.status, 'ok', reply.traceback?.join('\n'));
    assert.equal(resultText({ reply, ...rest }), '[ 4 ]');
    await near.stop();
  });

  for (const [code, names] of [
    ['plot([1, 2, 3], { k', ['kind']],
    ['plot({ time: [1], price: [2] }, { xL', ['xLabel']],
    ['plot(model, { c', ['caption', 'scale']],
    ["plot([1, 2], { kind: '", ['bar', 'box', 'heatmap', 'histogram', 'image', 'line', 'scatter']],
  ] as const) {
    it(`options of plot are completed by what it shows: ${code}`, async () => {
      const whole = `${code}${code.includes("'") ? "'" : ''} })`;
      const { matches } = await client.request('complete_request', { code: whole, cursor_pos: code.length });
      assert.deepEqual(matches, names);
    });
  }

  it('an option of plot is explained by inspection', async () => {
    const code = 'plot([1, 2], { bins: 3 })';
    const { data } = await client.request('inspect_request', { code, cursor_pos: code.indexOf('bins') + 2 });
    assert.match(data['text/plain'], /Number of bins of a histogram/);
  });

  it('plot shows numbers as chart, picture and text, and a model as a diagram', async () => {
    const chart = await client.run('plot([1, 4, 2])');
    assert.deepEqual(Object.keys(chart.outputs[0].content.data).sort(), [
      'application/vnd.plotly.v1+json',
      'image/svg+xml',
      'text/plain',
    ]);
    const diagram = await client.run('plot(model)');
    assert.match(diagram.outputs[0].content.data['text/plain'], /dense_Dense1 +Dense, relu +8 +40/);
  });

  const LAYERS = ['flatten_Flatten1', 'dense_Dense1', 'dense_Dense2'];
  for (const [code, text, expected] of [
    ["linearize(model, x, { to: '|' })", '', LAYERS],
    ["linearize(model, x, { from: 'dense_Dense1', to: 'dense|' })", 'dense', LAYERS.slice(1)],
    ['await linearize(model, x, { to: "flat|Flatten1" })', 'flatFlatten1', [LAYERS[0]]],
    ["linearize(model, x, { to: 'dense|", 'dense', LAYERS.slice(1)],
    ["linearize(model, x, { policy: { dense|: 'gate' } })", 'dense', LAYERS.slice(1)],
    ["linearize(model, x, { policy: { 'flat|", 'flat', [LAYERS[0]]],
    ['linearize(model, x, { policy: { Dense2| } })', 'Dense2', [LAYERS[2]]],
  ] as const) {
    it(`complete the names of a model's layers: ${code}`, async () => {
      const whole = code.replace('|', '');
      const { matches, cursor_start, cursor_end } = await client.request('complete_request', {
        code: whole,
        cursor_pos: code.indexOf('|'),
      });
      assert.deepEqual(matches, expected);
      assert.equal(whole.slice(cursor_start, cursor_end), text);
    });
  }

  it('loadOnnx reads a file, and linearize and completion know its layers', async () => {
    const file = path.resolve(__dirname, '../fixtures/onnx/keras.onnx');
    const loaded = await client.run(`const onnx = await loadOnnx(${JSON.stringify(file)});
const ofOnnx = await linearize(onnx, tf.ones([12, 12, 3]));
(await ofOnnx.residual()).relative < 1e-5 && onnx.inputs.length`);
    assert.equal(resultText(loaded), '1', loaded.reply.traceback?.join('\n'));
    const code = "linearize(onnx, [1], { to: 'Con' })";
    const { matches } = await client.request('complete_request', { code, cursor_pos: code.length - 4 });
    assert.deepEqual(matches, ['Conv', 'Conv_1', 'Conv_2']);
  });

  for (const code of [
    "linearize(other, x, { to: '' })",
    "f(model, x, { to: '' })",
    "linearize(model, x, { labels: [''] })",
  ]) {
    it(`complete no layers where no layer is expected: ${code}`, async () => {
      const cursor_pos = code.indexOf("''") + 1;
      const { status, matches } = await client.request('complete_request', { code, cursor_pos });
      assert.equal(status, 'ok');
      assert.ok(!matches.includes('dense_Dense1'));
    });
  }

  it('may be shadowed by a cell', async () => {
    await client.run('const data = [1, 2]; const plot = 5;');
    assert.equal(resultText(await client.run('[data.length, plot]')), '[ 2, 5 ]');
  });

  it('warn on stderr when the backend is not the native one', async () => {
    const slow = await Client.start({ env: { PIECEWISE_BACKEND: 'cpu' } });
    const { outputs } = await slow.run('tf.getBackend()');
    assert.match(
      streamText(outputs, 'stderr'),
      /Piecewise computes on the backend cpu\. PIECEWISE_BACKEND asks for cpu/,
    );
    await slow.stop();
  });
});
