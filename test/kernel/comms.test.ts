import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client, streamText } from './client';

/** A target that answers numbers by their doubles, and reports when it is closed. */
const TARGET = `
const comms = (globalThis as any)[Symbol.for('piecewise.comms')];
comms.registerTarget('test.double', (comm: any, opened: any) => {
  comm.send({ hello: opened.data.name });
  comm.onMessage = ({ data, buffers }: any) => {
    if (data.fail) throw new Error('cannot double');
    const numbers = new Float32Array(buffers[0].buffer.slice(buffers[0].byteOffset), 0, buffers[0].byteLength / 4);
    comm.send({ count: numbers.length }, { buffers: [numbers.map(x => 2 * x), new Uint8Array([7])] });
  };
  comm.onClose = () => console.log('closed by the front end');
});`;

describe('comms', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run(TARGET);
  });
  after(() => client.stop());

  async function open(target: string): Promise<string> {
    const comm_id = randomUUID();
    await client.send('shell', 'comm_open', { comm_id, target_name: target, data: { name: 'test' } });
    return comm_id;
  }

  function answer(id: string, type: string, nth = 0) {
    let seen = 0;
    return client.find(message => message.type === type && message.content.comm_id === id && seen++ === nth);
  }

  const floats = (...numbers: number[]) => Buffer.from(new Float32Array(numbers).buffer).toString('base64');

  it('carry binary buffers both ways', async () => {
    const comm_id = await open('test.double');
    assert.deepEqual((await answer(comm_id, 'comm_msg')).content.data, { hello: 'test' });
    await client.send('shell', 'comm_msg', { comm_id, data: {} }, { buffers: [floats(1.5, -2)] });
    const { content, buffers } = await client.find(
      ({ content }) => content.comm_id === comm_id && content.data?.count,
    );
    assert.equal(content.data.count, 2);
    assert.deepEqual(
      buffers.map(buffer => [...buffer]),
      [[...Buffer.from(new Float32Array([3, -4]).buffer)], [7]],
    );
  });

  it('are answered while a cell awaits', async () => {
    const waiting = await client.submit('await new Promise(done => setTimeout(done, 1000))');
    const comm_id = await open('test.double');
    await answer(comm_id, 'comm_msg');
    assert.ok(!client.received.some(({ parent, channel }) => parent === waiting && channel === 'shell'));
    await client.ended(waiting);
  });

  it('of an unknown target are closed by the kernel', async () => {
    const comm_id = await open('test.unknown');
    await answer(comm_id, 'comm_close');
  });

  it('tell the kernel when the front end closes them, and leave comm_info', async () => {
    const comm_id = await open('test.double');
    const info = await client.request('comm_info_request', { target_name: 'test.double' });
    assert.deepEqual(info.comms[comm_id], { target_name: 'test.double' });
    const closing = await client.send('shell', 'comm_close', { comm_id, data: {} });
    await client.find(({ parent, content }) => parent === closing && content.execution_state === 'idle');
    assert.equal(streamText(client.outputsOf(closing), 'stdout'), 'closed by the front end\n');
    assert.equal(comm_id in (await client.request('comm_info_request')).comms, false);
  });

  it('can be opened and closed by the kernel', async () => {
    const { outputs } = await client.run(
      "const own = comms.connect('test.front', { a: 1 }); own.close({ b: 2 })",
    );
    assert.deepEqual(
      outputs.map(({ type, content }) => [type, content.target_name, content.data]),
      [
        ['comm_open', 'test.front', { a: 1 }],
        ['comm_close', undefined, { b: 2 }],
      ],
    );
  });

  it('survive an error in their handler, which shows on stderr', async () => {
    const comm_id = await open('test.double');
    const failing = await client.send('shell', 'comm_msg', { comm_id, data: { fail: true } });
    await client.find(({ parent, content }) => parent === failing && content.execution_state === 'idle');
    assert.match(
      streamText(client.outputsOf(failing), 'stderr'),
      /Error: cannot double\n.*cell \[\d+\], line \d+/,
    );
    await client.send('shell', 'comm_msg', { comm_id, data: {} }, { buffers: [floats(1)] });
    await client.find(({ content }) => content.comm_id === comm_id && content.data?.count === 1);
  });
});
