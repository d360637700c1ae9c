import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, resultText, streamText } from './client';

/** What sinon.useFakeTimers() does to the globals that cells share with the kernel, and a bit more. */
const FAKES = `for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'clearTimeout', 'clearInterval'])
  (globalThis as any)[name] = () => 0;
(process as any).nextTick = () => {};
(globalThis as any).Date = class { static now() { return 0; } };
performance.now = () => 0;`;

describe('globals that a cell replaces', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    assert.equal((await client.run(FAKES)).reply.status, 'ok');
  });
  after(() => client.stop());

  it('lose no output when they are timers and clocks', async () => {
    const ran = await client.run('await null; for (let i = 0; i < 300; i++) console.log(i); 7');
    assert.equal(streamText(ran.outputs, 'stdout'), Array.from({ length: 300 }, (_, i) => `${i}\n`).join(''));
    assert.equal(resultText(ran), '7');
  });

  it('do not keep a cell from being interrupted', async () => {
    for (const code of ['for (;;);', 'await null; for (;;);', 'await new Promise(() => {})']) {
      const id = await client.submitTalking(`console.log('begun'); ${code}`);
      await sleep(100);
      await client.request('interrupt_request', {}, 'control');
      assert.equal((await client.ended(id)).reply.ename, 'Interrupted');
    }
    assert.equal(resultText(await client.run('1 + 1')), '2');
  });

  it('do not keep the kernel waiting for a signal that comes late', () => {
    const code = `require('./kernel-ext/src/kernel/late-signal').takeLateSignal()`;
    // In a process of its own, since a wait without an end could not be stopped in this one.
    execFileSync(process.execPath, ['--import', 'tsx', '-e', `Date.now = () => 0; ${code}`], {
      cwd: join(__dirname, '../..'),
      timeout: 60_000,
    });
  });

  it('end the cell, and not the kernel, when they are JSON’s functions', async () => {
    await client.run("JSON.stringify = JSON.parse = () => { throw new Error('no JSON') };");
    for (let i = 0; i < 2; i++) {
      const { reply } = await client.run('1 + 1');
      assert.match(reply.status === 'ok' ? 'no JSON' : reply.evalue, /no JSON/);
    }
    assert.equal(await client.call('alive'), true);
  });
});
