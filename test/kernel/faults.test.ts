import assert from 'node:assert/strict';
import { Client, resultText, streamText } from './client';

describe('faults', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run('const kept = 7');
  });
  after(() => client.stop());
  afterEach('the kernel goes on with its variables', async () => {
    assert.equal(resultText(await client.run('kept')), '7');
  });

  it('process.exit() ends its cell with an explanation', async () => {
    const { reply } = await client.run('const early = 1; process.exit(3); console.log("after")');
    assert.equal(reply.ename, 'ProcessExitError');
    assert.match(reply.evalue, /^process\.exit\(3\) ended this cell but not the kernel/);
    assert.match(reply.traceback[1], /line 1, column 26/);
    assert.equal(resultText(await client.run('early')), '1');
  });

  it('process.exit() in a timer is an error below its cell', async () => {
    const { id } = await client.run('setTimeout(() => process.exit(), 20); undefined');
    await client.run('await new Promise(done => setTimeout(done, 200))');
    assert.match(streamText(client.outputsOf(id), 'stderr'), /Uncaught ProcessExitError: process\.exit\(\)/);
  });

  const HOSTILE = `
const proxy: any = new Proxy({}, {
  get() { throw new Error('get'); }, has() { throw new Error('has'); },
  getPrototypeOf() { throw new Error('prototype'); }, ownKeys() { throw new Error('keys'); },
});
const trap = { get() { throw new Error('trapped'); } };
const getters: any = Object.defineProperties({}, { stack: trap, message: trap, toString: trap, then: trap });
const error: any = Object.defineProperties(new Error('seen'), { stack: trap, cause: trap, code: trap, name: trap });
const nameless: any = Object.assign(new Error('x'), { name: Symbol('s'), message: Object.create(null) });
const printer: any = { [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('inspect'); } };`;

  for (const [thrown, ename, evalue] of [
    ['null', 'Thrown', /^null$/],
    ['undefined', 'Thrown', /^undefined$/],
    ['proxy', 'Thrown', /./],
    ['getters', 'Thrown', /./],
    ['error', '(something that throws when it is read)', /^seen$/],
    ['nameless', 'Symbol(s)', /throws when it is read/],
    ['printer', 'Thrown', /throws when it is read/],
  ] as const) {
    it(`a cell may throw anything: ${thrown}`, async () => {
      await client.run(HOSTILE);
      for (const code of [`throw ${thrown}`, `await null; throw ${thrown}`]) {
        const { reply, outputs } = await client.run(code);
        assert.deepEqual([reply.status, reply.ename], ['error', ename]);
        assert.match(reply.evalue, evalue);
        assert.equal(outputs.at(-1)?.type, 'error');
      }
    });

    it(`so may a timer and a forgotten promise: ${thrown}`, async () => {
      const { id } = await client.run(
        `setTimeout(() => { throw ${thrown}; }, 1); void Promise.reject(${thrown}); undefined`,
      );
      await client.run('await new Promise(done => setTimeout(done, 100))');
      const text = streamText(client.outputsOf(id), 'stderr');
      assert.equal(text.match(/^Uncaught /gm)?.length, 2, text);
    });
  }

  for (const value of [
    'proxy',
    'printer',
    'getters',
    "({ [Symbol.for('Jupyter.display')]: () => ({ a: 1n }) })",
  ]) {
    it(`a result that cannot be shown fails alone: ${value.slice(0, 8)}`, async () => {
      await client.run(HOSTILE);
      assert.equal((await client.run(value)).reply.status, 'error');
      const { reply } = await client.run('1', { user_expressions: { bad: value, good: '2' } });
      assert.equal(reply.user_expressions.bad.status, 'error');
      assert.equal(reply.user_expressions.good.data['text/plain'], '2');
    });
  }

  it('100 MB of output arrive, as one text and as many texts', async () => {
    const one = await client.run("console.log('x'.repeat(50_000_000))");
    assert.equal(streamText(one.outputs, 'stdout').length, 50_000_001);
    const many = await client.run("for (let i = 0; i < 500; i++) console.log('y'.repeat(99_999))");
    assert.equal(streamText(many.outputs, 'stdout').length, 50_000_000);
  });

  it('a cell keeps running when its client disconnects', async () => {
    const busy =
      'for (let i = 0; i < 20; i++) { console.log(i); await new Promise(done => setTimeout(done, 50)); }';
    await client.submitTalking(`let done = false; ${busy} done = true;`);
    await client.replace();
    assert.equal(resultText(await client.run('done')), 'true');
  });

  for (const code of [undefined, null, 7, { text: '1' }]) {
    it(`code that is not a string is refused: ${JSON.stringify(code)}`, async () => {
      const ran = await client.run('', { code });
      assert.equal(ran.reply.ename, 'InvalidRequestError');
      assert.match(ran.reply.evalue, /^execute_request: the field code is of type/);
      for (const type of ['complete_request', 'inspect_request', 'is_complete_request']) {
        const reply = await client.request(type, { code, cursor_pos: 1 });
        assert.deepEqual([reply.status, reply.ename], ['error', 'InvalidRequestError']);
      }
    });
  }

  it('positions outside the code are clamped to its ends', async () => {
    for (const cursor_pos of [-5, 99, null, 'x', 1e30]) {
      const { status } = await client.request('complete_request', { code: 'kept', cursor_pos });
      assert.equal(status, 'ok', String(cursor_pos));
    }
  });

  it('content nested 100,000 levels deep is dropped', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    await client.call('raw', { channel: 'shell', type: 'comm_open', content: `{"data": ${deep}}` });
    await client.call('raw', { channel: 'shell', type: 'execute_request', content: '[1, 2]' });
    await client.call('raw', { channel: 'control', type: 'interrupt_request', content: 'null' });
  });
});

describe('a kernel that dies', () => {
  it('is restarted, and the first cell reports what happened', async () => {
    const client = await Client.start();
    await client.run('const lost = 1');
    await client.submit('process.abort()');
    while (await client.call('alive')) await new Promise(done => setTimeout(done, 20));
    await client.restart({ now: true });
    const first = await client.run("'first'");
    assert.match(
      streamText(first.outputs, 'stderr'),
      /^The previous kernel ended unexpectedly; it last ran cell \[2\]\..*variables of all earlier cells are gone/,
    );
    assert.equal(resultText(first), "'first'");
    assert.deepEqual((await client.run('undefined')).outputs, []);
    await client.restart();
    assert.deepEqual((await client.run('undefined')).outputs, [], 'a restart on purpose needs no word');
    await client.stop();
  });
});
