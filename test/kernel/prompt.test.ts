import assert from 'node:assert/strict';
import { Client, resultText, streamText } from './client';

describe('prompt', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run('const kept = 7');
  });
  after(() => client.stop());

  async function asked(code: string) {
    const id = await client.submit(code, { allow_stdin: true });
    const request = await client.find(({ type, parent }) => type === 'input_request' && parent === id);
    return { id, request };
  }

  for (const [where, code] of [
    ['at once', "console.log('hello'); prompt('Name?')"],
    ['after an await', "console.log('hello'); await null; prompt('Name?')"],
  ]) {
    it(`asks the client and returns its answer, ${where}`, async () => {
      const { id, request } = await asked(code);
      assert.deepEqual([request.channel, request.content], ['stdin', { prompt: 'Name?', password: false }]);
      await client.find(({ parent, type }) => parent === id && type === 'stream');
      await client.send('stdin', 'input_reply', { status: 'ok', value: 'Ada 😀' });
      const ran = await client.ended(id);
      assert.equal(resultText(ran), "'Ada 😀'");
      assert.equal(streamText(ran.outputs, 'stdout'), 'hello\n');
    });
  }

  it('asks for a password, and returns null at the end of the input', async () => {
    const { id, request } = await asked("prompt('Key', { password: true })");
    assert.equal(request.content.password, true);
    await client.send('stdin', 'input_reply', { status: 'ok', value: '\x04' });
    assert.equal(resultText(await client.ended(id)), 'null');
  });

  it('ignores an answer that no cell asked for', async () => {
    await client.send('stdin', 'input_reply', { status: 'ok', value: 'early' });
    const { id } = await asked("prompt('Now?')");
    await client.send('stdin', 'input_reply', { status: 'ok', value: 'now' });
    assert.equal(resultText(await client.ended(id)), "'now'");
  });

  it('is answered several times in one cell', async () => {
    const { id } = await asked("[prompt('a'), prompt('b')]");
    await client.send('stdin', 'input_reply', { status: 'ok', value: '1' });
    await client.find(
      ({ type, content, parent }) => parent === id && type === 'input_request' && content.prompt === 'b',
    );
    await client.send('stdin', 'input_reply', { status: 'ok', value: '2' });
    assert.equal(resultText(await client.ended(id)), "[ '1', '2' ]");
  });

  for (const [where, code] of [
    ['at once', "prompt('Wait')"],
    ['after an await', "await null; prompt('Wait')"],
  ]) {
    it(`can be interrupted, ${where}, and keeps the variables`, async () => {
      const { id } = await asked(code);
      assert.deepEqual(await client.request('interrupt_request', {}, 'control'), { status: 'ok' });
      assert.equal((await client.ended(id)).reply.ename, 'Interrupted');
      assert.equal(resultText(await client.run('kept')), '7');
    });
  }

  it('fails with an explanation if the client takes no input', async () => {
    const { reply } = await client.run("prompt('Name?')", { allow_stdin: false });
    assert.equal(reply.ename, 'InputNotAllowedError');
    assert.match(reply.evalue, /prompt\("Name\?"\) cannot ask: this client takes no input/);
  });
});
