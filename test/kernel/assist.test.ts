import assert from 'node:assert/strict';
import { Client } from './client';

describe('completion, inspection and history', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run(`const celsius = 21;
/** Twice its input. */
function twice(x: number) { return 2 * x; }`);
  });
  after(() => client.stop());

  it('complete names of earlier cells, with their kinds', async () => {
    const reply = await client.request('complete_request', { code: 'celsi', cursor_pos: 5 });
    assert.deepEqual([reply.matches, reply.cursor_start, reply.cursor_end], [['celsius'], 0, 5]);
    const [{ text, type, start, end }] = reply.metadata._jupyter_types_experimental;
    assert.deepEqual([text, type, start, end], ['celsius', 'const', 0, 5]);
  });

  it('count code points, so that an emoji before the cursor is one', async () => {
    const code = "const o = '😀😀'; celsius.toFix";
    const points = [...code].length;
    const reply = await client.request('complete_request', { code, cursor_pos: points });
    assert.deepEqual(reply.matches, ['toFixed']);
    assert.deepEqual([reply.cursor_start, reply.cursor_end], [points - 5, points]);
  });

  it('count code points in inspections as well', async () => {
    const code = "'😀😀😀'; twice";
    const { found, data } = await client.request('inspect_request', {
      code,
      cursor_pos: [...code].length - 1,
    });
    assert.equal(found, true);
    assert.match(data['text/plain'], /function twice/);
  });

  it('complete while a cell awaits', async () => {
    const waiting = await client.submit('await new Promise(done => setTimeout(done, 1000))');
    const reply = await client.request('complete_request', { code: 'Math.hyp', cursor_pos: 8 });
    assert.deepEqual(reply.matches, ['hypot']);
    assert.ok(!client.received.some(({ parent, channel }) => parent === waiting && channel === 'shell'));
    await client.ended(waiting);
  });

  it('inspect shows type and documentation, on a name and inside its call', async () => {
    for (const [code, cursor_pos] of [
      ['twice', 5],
      ['twice', 2],
      ['twice(celsius, ', 15],
    ]) {
      const reply = await client.request('inspect_request', { code, cursor_pos, detail_level: 0 });
      assert.equal(reply.found, true, `${code} ${cursor_pos}`);
      assert.match(reply.data['text/plain'], /function twice\(x: number\): number\n\nTwice its input\./);
    }
    const nothing = await client.request('inspect_request', { code: '   ', cursor_pos: 1, detail_level: 0 });
    assert.deepEqual([nothing.status, nothing.found], ['ok', false]);
  });

  it('inspect renders a command as Markdown: the common signature first, an example, then the rest', async () => {
    const inspected = async (code: string): Promise<Record<string, string>> =>
      (await client.request('inspect_request', { code, cursor_pos: code.length })).data;
    const { 'text/markdown': markdown, 'text/plain': text } = await inspected('linearize');
    assert.match(markdown, /^```ts\nconst linearize: \{\n {4}\(model: Model[^]*\(model: NamedModel/);
    assert.match(
      markdown,
      /```ts\nconst lin = await linearize\(model[^]*```\n\n\*@param\* `model` a tf\.LayersModel/,
    );
    assert.match(text, /@example const lin = await linearize/);
    for (const command of [
      'plot',
      'tsne',
      'compile',
      'loadOnnx',
      'path',
      'census',
      'slice',
      'data',
      'progress',
      'display',
    ])
      assert.match((await inspected(command))['text/markdown'], /```ts\n[^]*```ts\n/, command);
  });

  for (const [code, status] of [
    ['const a = 1', 'complete'],
    ['const a = {', 'incomplete'],
    ['`template', 'incomplete'],
    ['/* comment', 'incomplete'],
    ['await f()', 'complete'],
    ['const = = 1', 'invalid'],
  ]) {
    it(`is_complete returns ${status} for ${code}`, async () => {
      assert.equal((await client.request('is_complete_request', { code })).status, status);
    });
  }

  it('history holds inputs and, on request, results', async () => {
    await client.run("'first'");
    await client.run("'second'");
    const tail = await client.request('history_request', {
      hist_access_type: 'tail',
      n: 2,
      output: true,
      raw: true,
    });
    assert.deepEqual(
      tail.history.map((entry: unknown[]) => entry[2]),
      [
        ["'first'", "'first'"],
        ["'second'", "'second'"],
      ],
    );
    const search = await client.request('history_request', {
      hist_access_type: 'search',
      pattern: "'sec*",
      output: false,
      raw: true,
    });
    assert.deepEqual(
      search.history.map((entry: unknown[]) => entry[2]),
      ["'second'"],
    );
  });

  it('kernel_info names the language, its version and the protocol', async () => {
    for (const channel of ['shell', 'control'] as const) {
      const reply = await client.request('kernel_info_request', {}, channel);
      assert.equal(reply.status, 'ok');
      assert.equal(reply.protocol_version, '5.5');
      const { name, version, file_extension } = reply.language_info;
      assert.deepEqual([name, version, file_extension], ['typescript', '5.0.4', '.ts']);
    }
  });
});
