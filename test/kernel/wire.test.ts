import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { History } from '../../kernel-ext/src/kernel/history';
import { strayMessages } from './stray-messages';
import { connectionFile, MAIN, REQUEST_CHANNELS, WireClient } from './wire-client';

describe('cells beside stray messages', () => {
  let client: WireClient;
  before(async () => {
    client = await WireClient.start();
    await client.run('let aa = 1');
  });
  after(() => client.stop());

  it('are all answered', async () => {
    for (let cell = 0; cell < 150; cell++) {
      if (cell % 5 === 0) await strayMessages(client, cell / 5);
      const { content } = await client.run('aa + 1');
      assert.notEqual(content.status, 'aborted');
    }
    assert.equal((await client.run('aa + 1')).content.status, 'ok');
  });

  it('stay alone when a stray interrupt_request or shutdown_request has come on stdin', async () => {
    await client.send('stdin', 'interrupt_request');
    await client.send('stdin', 'shutdown_request', { restart: false });
    await new Promise(done => setTimeout(done, 1500));
    const { content } = await client.run(
      'await null; { const end = Date.now() + 1500; while (Date.now() < end); }',
    );
    assert.equal(content.status, 'ok');
  });

  it('are answered after interrupts that the same id names twice', async () => {
    for (const channel of ['shell', 'control'] as const) {
      const loop = client.run('await null; for (;;);');
      await new Promise(done => setTimeout(done, 300));
      await client.send(channel, 'interrupt_request', {}, { id: 'twice' });
      await client.send('control', 'interrupt_request', {}, { id: 'twice' });
      assert.equal((await loop).content.ename, 'Interrupted');
      assert.equal((await client.run('aa + 1')).content.status, 'ok');
    }
  });
});

describe('halves of surrogate pairs', () => {
  it('become U+FFFD in every message, and whole pairs and escapes stay', async () => {
    const client = await WireClient.start();
    const half = String.raw`'😀'.slice(0, 1)`;
    await client.run(
      `console.log(${half}, '😀', ${JSON.stringify('\\ud83d')}); display({ ['text/plain']: ${half} + '\\\\ud83d' })`,
    );
    await client.run(`throw new Error(${half})`);
    await client.run(`({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': ${half} + 'result' }) })`);
    await client.request('shell', 'inspect_request', {
      code: `'${'\ud83d'}'.at`,
      cursor_pos: 5,
      detail_level: 0,
    });
    await client.request('shell', 'history_request', {
      hist_access_type: 'tail',
      n: 9,
      output: true,
      raw: true,
    });
    const sent = JSON.stringify(client.received);
    assert.doesNotMatch(sent, /(^|[^\\])(\\\\)*\\ud[89a-f]/);
    const text = client.received.find(({ type }) => type === 'stream')?.content.text;
    assert.equal(text, '\uFFFD 😀 \\ud83d\n');
    assert.match(sent, /\uFFFDresult/);
    await client.stop();
  });
});

describe('a connection file that cannot be used', () => {
  const CASES: [string, Record<string, unknown> | string, RegExp][] = [
    ['has a number as its key', { key: 7 }, /key of type number/],
    ['names an address of another machine', { ip: '203.0.113.7' }, /cannot listen on tcp:\/\/203\.0\.113\.7/],
    ['names no address', { ip: 'no address' }, /cannot listen on tcp:\/\/no address/],
    ['lacks a port', { iopub_port: undefined }, /has no iopub_port/],
    ['has port 0', { hb_port: 0 }, /has 0 as its hb_port/],
    ['has port 99999', { shell_port: 99999 }, /has 99999 as its shell_port/],
    ['has a negative port', { shell_port: -1 }, /has -1 as its shell_port/],
    ['has a fraction as a port', { stdin_port: 5.5 }, /has 5\.5 as its stdin_port/],
    ['has a text as a port', { control_port: '5000' }, /has "5000" as its control_port/],
    ['names an unknown transport', { transport: 'pigeon' }, /asks for the transport "pigeon"/],
    ['names an unknown signature', { signature_scheme: 'hmac-md5' }, /asks for hmac-md5/],
    ['is not JSON', '{', /is not JSON/],
    ['is a list', '[]', /is not a JSON object/],
  ];
  for (const [what, changes, sentence] of CASES) {
    it(`ends the process with one sentence: ${what}`, async () => {
      const { path } = await connectionFile(typeof changes === 'object' ? changes : {});
      if (typeof changes === 'string') writeFileSync(path, changes);
      assert.match(await lastWords(path), sentence);
    });
  }

  it('ends the process with one sentence: it is missing', async () => {
    assert.match(await lastWords('/nowhere/connection.json'), /cannot be read \(ENOENT\)/);
  });

  async function lastWords(path: string): Promise<string> {
    const kernel = spawn(process.execPath, [MAIN, path], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    kernel.stderr.on('data', chunk => (text += String(chunk)));
    const [code] = await once(kernel, 'close');
    assert.equal(code, 1, text);
    assert.equal(text.trim().split('\n').length, 1, text);
    return text;
  }
});

describe('a kernel whose client was killed', () => {
  it('ends, even while a cell loops', async () => {
    const { path, ...connection } = await connectionFile();
    const start = `require('node:child_process').spawn(process.execPath, ${JSON.stringify([MAIN, path])}, { stdio: 'ignore', detached: true, env: { ...process.env, JPY_PARENT_PID: String(process.pid) } }).on('spawn', function () { console.log(this.pid); }); setInterval(() => {}, 1e6)`;
    const parent = spawn(process.execPath, ['-e', start], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout, 'data');
    const kernel = Number(String(line));
    const client = await WireClient.join(connection);
    const loop = client.run('for (;;);').catch((error: Error) => error);
    await new Promise(done => setTimeout(done, 500));
    parent.kill('SIGKILL');
    while (isAlive(kernel)) await new Promise(done => setTimeout(done, 100));
    client.leave();
    assert.ok(loop);
  });

  function isAlive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
});

describe('messages that are no requests', () => {
  it('leave every channel answering', async () => {
    const client = await WireClient.start();
    for (const channel of REQUEST_CHANNELS) {
      await client.sendFrames(channel, ['GET / HTTP/1.1']);
      await client.send(channel, 'kernel_info_request', {}, { signature: 'f'.repeat(64) });
      await client.send(
        channel,
        'kernel_info_request',
        {},
        { content: `${'['.repeat(8000)}${']'.repeat(8000)}` },
      );
    }
    for (const depth of [500, 2000, 8000, 50_000])
      await client.send(
        'shell',
        'future_request',
        {},
        { content: `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}` },
      );
    assert.equal((await client.request('shell', 'kernel_info_request')).content.status, 'ok');
    assert.equal((await client.request('control', 'kernel_info_request')).content.status, 'ok');
    assert.ok(await client.beats());
    await client.stop();
  });
});

describe('a search of the history', () => {
  it('answers patterns that a regular expression would take for ever with', () => {
    const history = new History();
    const long = 'a'.repeat(20_000);
    history.add(1, long);
    history.add(2, `${long}b`);
    history.add(3, '1 + 1');
    const search = (pattern: string): unknown[] =>
      history.query({ hist_access_type: 'search', pattern }).map(entry => (entry as unknown[])[1]);
    assert.deepEqual(search('*a*a*a*a*a*a*b'), [2]);
    assert.deepEqual(search('1 ? 1'), [3]);
    assert.deepEqual(search('*'), [1, 2, 3]);
    assert.deepEqual(search('1 + 1?'), []);
    assert.deepEqual(search('*+*'), [3]);
  });
});
