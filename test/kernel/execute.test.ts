import assert from 'node:assert/strict';
import { Client, resultText, streamText } from './client';

describe('cells', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(() => client.stop());

  it('show their last expression as an execute_result, as Node prints it', async () => {
    const ran = await client.run("({ name: 'seven', list: [1, 2] })");
    assert.equal(resultText(ran), "{ name: 'seven', list: [ 1, 2 ] }");
    assert.equal(ran.reply.status, 'ok');
  });

  it('show nothing for undefined, and null for null', async () => {
    assert.deepEqual((await client.run('undefined')).outputs, []);
    assert.equal(resultText(await client.run('null')), 'null');
  });

  it('show the value of a promise, with await and without', async () => {
    assert.equal(resultText(await client.run('Promise.resolve(7)')), '7');
    assert.equal(resultText(await client.run('await Promise.resolve(8)')), '8');
  });

  it('show the whole MIME bundle of an object with the method Symbol.for("Jupyter.display")', async () => {
    const ran = await client.run(
      `({ async [Symbol.for('Jupyter.display')]() { return { 'text/html': '<b>7</b>', 'image/png': 'AAAA' }; } })`,
    );
    const { data } = ran.outputs[0].content;
    assert.deepEqual(Object.keys(data).sort(), ['image/png', 'text/html', 'text/plain']);
    assert.equal(data['text/html'], '<b>7</b>');
  });

  it('cut long texts', async () => {
    const text = resultText(await client.run("Array.from({ length: 90 }, () => 'x'.repeat(1000))"))!;
    assert.ok(text.length < 4_000);
    assert.match(text, /^\[\n {2}'x{200}'\.\.\. 800 more characters,[^]*\.\.\. 80 more items\n\]$/);
    const whole = "({ [Symbol.for('nodejs.util.inspect.custom')]: () => 'x'.repeat(1e6) })";
    const cut = resultText(await client.run(whole))!;
    assert.ok(cut.length < 21_000);
    assert.match(cut, /more characters$/);
  });

  it('send console and process.stdout to streams, in order', async () => {
    const { outputs } = await client.run(
      "console.log('a'); process.stdout.write('b\\n'); console.error('c'); console.log('d')",
    );
    assert.equal(streamText(outputs, 'stdout'), 'a\nb\nd\n');
    assert.equal(streamText(outputs, 'stderr'), 'c\n');
    assert.deepEqual(
      [outputs[0], outputs.at(-1)].map(output => output?.content.name),
      ['stdout', 'stdout'],
    );
  });

  it('keep variables, functions, classes and types for later cells', async () => {
    await client.run(
      'const units = 3; interface Named { name: string } class Point { constructor(public x = 1) {} }',
    );
    const ran = await client.run("const named: Named = { name: 'n' }; [units, named.name, new Point().x]");
    assert.equal(resultText(ran), "[ 3, 'n', 1 ]");
  });

  it('read variables of earlier cells in shorthand properties', async () => {
    await client.run('const width = 5');
    assert.equal(resultText(await client.run('({ width })')), '{ width: 5 }');
  });

  it("know Node's types and modules in any directory", async () => {
    const ran = await client.run(
      "import { join } from 'node:path'; const timer = setTimeout(() => {}, 0); clearTimeout(timer); join('a', 'b')",
    );
    assert.equal(resultText(ran), "'a/b'");
  });

  it('put the output of timers below the cell that started them', async () => {
    const late = await client.run("setTimeout(() => console.log('late'), 300); undefined");
    const next = await client.run('await new Promise(done => setTimeout(done, 600))');
    assert.equal(streamText(client.outputsOf(late.id), 'stdout'), 'late\n');
    assert.deepEqual(next.outputs, []);
  });

  it('send many lines in few messages, with every line', async () => {
    const { outputs } = await client.run('for (let i = 0; i < 10_000; i++) console.log(i)');
    assert.equal(streamText(outputs, 'stdout').split('\n').length, 10_001);
    assert.ok(outputs.length < 1000, `${outputs.length} messages`);
  });

  it('count only cells that are stored', async () => {
    const first = await client.run('1');
    const hidden = await client.run('2', { store_history: false });
    const next = await client.run('3');
    assert.equal(hidden.reply.execution_count, first.reply.execution_count);
    assert.equal(next.reply.execution_count, first.reply.execution_count + 1);
  });

  it('show nothing when silent, but run', async () => {
    const id = await client.submit(
      "globalThis.quiet = 1; console.log('x'); 5".replace('globalThis', '(globalThis as any)'),
      {
        silent: true,
      },
    );
    const { outputs, reply } = await client.ended(id);
    assert.deepEqual(outputs, []);
    assert.equal(reply.status, 'ok');
    assert.equal(
      client.received.filter(({ parent, type }) => parent === id && type === 'execute_input').length,
      0,
    );
    assert.equal(resultText(await client.run('(globalThis as any).quiet')), '1');
  });

  it('answer user_expressions, each by itself', async () => {
    const { reply } = await client.run('const base = 20', {
      user_expressions: { good: 'base + 1', bad: 'nowhere' },
    });
    assert.equal(reply.user_expressions.good.data['text/plain'], '21');
    assert.equal(reply.user_expressions.bad.ename, 'TypeScriptError');
  });
});

describe('display', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(() => client.stop());

  it('shows a value at once and replaces it by its handle', async () => {
    const { outputs } = await client.run("const shown = display('one'); shown.update('two')");
    assert.deepEqual(
      outputs.map(({ type, content }) => [type, content.data['text/plain'], content.transient.display_id]),
      [
        ['display_data', "'one'", outputs[0].content.transient.display_id],
        ['update_display_data', "'two'", outputs[0].content.transient.display_id],
      ],
    );
  });

  for (const [call, type, value] of [
    ["markdown('**7**')", 'text/markdown', '**7**'],
    ["html('<b>7</b>')", 'text/html', '<b>7</b>'],
    ["latex('$W x + b$')", 'text/latex', '$W x + b$'],
    ["svg('<svg/>')", 'image/svg+xml', '<svg/>'],
    ['json({ a: 1 })', 'application/json', { a: 1 }],
  ] as const) {
    it(`shows text as what it is: display.${call}`, async () => {
      const { outputs } = await client.run(`const told = display.${call}; told.update(7);`);
      const [{ data }, replaced] = outputs.map(({ content }) => content);
      assert.deepEqual(Object.keys(data).sort(), [type, 'text/plain'].sort());
      assert.deepEqual([data[type], replaced.data['text/plain']], [value, '7']);
    });
  }

  it('prints promises without what Node notes on them', async () => {
    const { outputs } = await client.run(
      'const one = Promise.resolve(1); await null; console.log(one, [Promise.resolve({ a: 1 })], new Promise(() => {}));',
    );
    assert.equal(
      streamText(outputs, 'stdout'),
      'Promise { 1 } [ Promise { { a: 1 } } ] Promise { <pending> }\n',
    );
  });

  it('delays the reply until it is done', async () => {
    const { outputs, reply } = await client.run(`
      const slow = { [Symbol.for('Jupyter.display')]: () =>
        new Promise(done => setTimeout(() => done({ 'text/plain': 'slow' }), 200)) };
      display(slow); undefined`);
    assert.deepEqual(
      outputs.map(({ content }) => content.data['text/plain']),
      ['slow'],
    );
    assert.equal(reply.status, 'ok');
  });

  it('fails its cell when the value cannot show itself', async () => {
    const { reply } = await client.run(
      `display({ [Symbol.for('Jupyter.display')]: async () => { throw new RangeError('no picture'); } }); undefined`,
    );
    assert.equal(reply.ename, 'RangeError');
  });

  it('can be cleared, at once or when the next output comes', async () => {
    const { outputs } = await client.run(
      "display('a'); display.clear({ wait: true }); display('b'); display.clear()",
    );
    assert.deepEqual(
      outputs.map(({ type, content }) => [type, content.wait]),
      [
        ['display_data', undefined],
        ['clear_output', true],
        ['display_data', undefined],
        ['clear_output', false],
      ],
    );
  });

  it('is updated by later cells, under a name of the caller', async () => {
    await client.run("display('one', { displayId: 'mine' }); undefined");
    const { outputs } = await client.run("display('two', { displayId: 'mine', update: true }); undefined");
    const [{ type, content }] = outputs;
    assert.deepEqual([type, content.transient], ['update_display_data', { display_id: 'mine' }]);
  });
});
