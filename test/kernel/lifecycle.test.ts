import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, environment, OWN_KERNEL, python, resultText } from './client';

describe('interrupt', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run('const kept = 7');
    await client.run(
      "import { pbkdf2Sync } from 'node:crypto'; import { spawnSync } from 'node:child_process';",
    );
  });
  after(() => client.stop());

  const SYNCHRONOUS = "console.log('started'); while (true) {}";
  const AWAITING = "console.log('started'); await new Promise(() => {})";
  const PROMISE = "console.log('started'); new Promise(() => {})";

  for (const [what, code] of [
    ['a synchronous loop', SYNCHRONOUS],
    ['an awaiting cell', AWAITING],
    ['a cell whose value is pending', PROMISE],
  ]) {
    for (const way of ['SIGINT', 'interrupt_request']) {
      it(`by ${way} ends ${what} and keeps the variables`, async () => {
        const id = await client.submitTalking(code);
        if (way === 'SIGINT') {
          // Node loses a SIGINT that arrives just as the script that it would interrupt ends.
          await new Promise(done => setTimeout(done, 200));
          await client.call('interrupt');
        } else {
          assert.deepEqual(await client.request('interrupt_request', {}, 'control'), { status: 'ok' });
        }
        const { reply, outputs } = await client.ended(id);
        assert.equal(reply.ename, 'Interrupted');
        assert.equal(outputs.at(-1)?.type, 'error');
        assert.equal(resultText(await client.run('kept')), '7');
      });
    }
  }

  const BUSY: [string, string][] = [
    ['a loop after an await', "await null; console.log('started'); while (true) {}"],
    ['a loop that never yields to timers', "console.log('started'); while (true) await null"],
    ['a long native call', "console.log('started'); pbkdf2Sync('p', 's', 1_000_000, 64, 'sha512')"],
    ['a program that a cell waits for', "console.log('started'); spawnSync('sleep', ['60'])"],
  ];
  for (const [what, code] of BUSY) {
    it(`by interrupt_request ends ${what} and keeps the variables`, async () => {
      const id = await client.submitTalking(code);
      assert.deepEqual(await client.request('interrupt_request', {}, 'control'), { status: 'ok' });
      const { reply } = await client.ended(id);
      assert.equal(reply.ename, 'Interrupted');
      assert.equal(resultText(await client.run('kept')), '7');
    });
  }

  it('ends loops that never yield to timers, one after another', async () => {
    for (let round = 0; round < 8; round++) {
      const id = await client.submitTalking("console.log('started'); while (true) await null");
      await client.request('interrupt_request', {}, 'control');
      assert.equal((await client.ended(id)).reply.ename, 'Interrupted');
    }
  });

  it('ends cells that have just begun to wait, one after another', async () => {
    for (let round = 0; round < 40; round++) {
      const id = await client.submitTalking("console.log('started'); await new Promise(() => {})");
      await client.request('interrupt_request', {}, 'control');
      assert.equal((await client.ended(id)).reply.ename, 'Interrupted');
      assert.equal(resultText(await client.run('kept')), '7');
    }
  });

  it('by SIGINT ends a cell when its long native call returns, and keeps the variables', async () => {
    const code = "console.log('started'); for (;;) pbkdf2Sync('p', 's', 300_000, 64, 'sha512')";
    const id = await client.submitTalking(code);
    await new Promise(done => setTimeout(done, 200));
    await client.call('interrupt');
    assert.equal((await client.ended(id)).reply.ename, 'Interrupted');
    assert.equal(resultText(await client.run('kept')), '7');
  });

  it('by Ctrl-C in `jupyter run` ends a loop after an await', async () => {
    const notebook = join(mkdtempSync(join(tmpdir(), 'piecewise-run-')), 'loop.ts');
    writeFileSync(notebook, "console.log('started'); await null; while (true) {}");
    const env = environment('run-test', OWN_KERNEL, 'message');
    const jupyter = spawn(python(), ['-m', 'jupyter_client.runapp', '--kernel=run-test', notebook], { env });
    let text = '';
    for (const stream of [jupyter.stdout, jupyter.stderr]) {
      stream.on('data', chunk => {
        text += String(chunk);
        if (String(chunk).includes('started')) setTimeout(() => jupyter.kill('SIGINT'), 200);
      });
    }
    await new Promise(done => jupyter.once('close', done));
    assert.match(text, /Interrupted: the cell was interrupted/);
  });

  it('keeps the values that a loop had reached, if it calls something', async () => {
    const id = await client.submitTalking(
      "let steps = 0; console.log('started'); while (true) { steps++; Date.now(); }",
    );
    await client.request('interrupt_request', {}, 'control');
    await client.ended(id);
    assert.equal(resultText(await client.run('steps > 0')), 'true');
  });

  it('of an idle kernel does nothing', async () => {
    assert.deepEqual(await client.request('interrupt_request', {}, 'control'), { status: 'ok' });
    await client.call('interrupt');
    assert.equal(resultText(await client.run('kept')), '7');
  });

  it('leaves the heartbeat alive while a cell computes', async () => {
    const id = await client.submitTalking(SYNCHRONOUS);
    assert.equal(await client.call('beating'), true);
    await client.call('interrupt');
    await client.ended(id);
  });

  it('finds control answering while a cell computes, and the kernel busy', async () => {
    const id = await client.submitTalking(SYNCHRONOUS);
    const { status, implementation } = await client.request('kernel_info_request', {}, 'control');
    assert.deepEqual([status, implementation], ['ok', 'piecewise']);
    await new Promise(done => setTimeout(done, 100));
    const last = client.received.filter(({ type }) => type === 'status').at(-1);
    assert.deepEqual([last?.parent, last?.content.execution_state], [id, 'busy']);
    await client.request('interrupt_request', {}, 'control');
    await client.ended(id);
  });
});

describe('hostile and broken messages', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(() => client.stop());

  it('with a wrong signature are dropped', async () => {
    await client.run('(globalThis as any).broken = 0');
    const content = { code: '(globalThis as any).broken = 1', silent: false };
    const id = await client.send('shell', 'execute_request', content, { key: 'not the key' });
    assert.equal(resultText(await client.run('(globalThis as any).broken')), '0');
    assert.equal(client.received.filter(({ parent }) => parent === id).length, 0);
  });

  it('that are not messages are dropped', async () => {
    for (const channel of ['shell', 'control']) {
      await client.call('frames', { channel, frames: ['hello'] });
      await client.call('frames', { channel, frames: ['<IDS|MSG>', 'signature', '{', '{}', '{}', '{}'] });
    }
    assert.equal((await client.request('kernel_info_request', {}, 'control')).status, 'ok');
    assert.equal(resultText(await client.run('1 + 1')), '2');
  });

  it('of an unknown type are ignored', async () => {
    const id = await client.send('shell', 'future_request', {});
    await client.find(({ parent, content }) => parent === id && content.execution_state === 'idle');
    assert.equal(resultText(await client.run('2 + 2')), '4');
  });
});

describe('shutdown and restart', () => {
  it('when a kernel is killed, everything that waits for it fails at once', async () => {
    const client = await Client.start();
    await assert.rejects(client.run("process.kill(process.pid, 'SIGKILL')"), /The kernel ended before/);
    await client.stop();
  });

  it('a restarted kernel runs again, without the old variables', async () => {
    const client = await Client.start();
    await client.run('const old = 1');
    await client.restart();
    const { reply } = await client.run('old');
    assert.equal(reply.ename, 'TypeScriptError');
    assert.equal(reply.execution_count, 1);
    await client.stop();
  });

  it('shutdown_request is answered and ends the process', async () => {
    const client = await Client.start();
    const reply = await client.request('shutdown_request', { restart: false }, 'control');
    assert.deepEqual(reply, { status: 'ok', restart: false });
    while (await client.call('alive')) await new Promise(done => setTimeout(done, 20));
    await client.stop();
  });

  it('shutdown_request is answered even while a cell computes', async () => {
    const client = await Client.start();
    await client.submitTalking("console.log('started'); while (true) {}");
    const reply = await client.request('shutdown_request', { restart: true }, 'control');
    assert.deepEqual(reply, { status: 'ok', restart: true });
    await client.stop();
  });
});
