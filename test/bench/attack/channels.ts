/** Messages that anybody on this machine may send to a kernel: none may end it, wedge it or fill its memory. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { type Flaws, REQUEST_CHANNELS, type RequestChannel, WireClient } from '../../kernel/wire-client';
import type { Row } from './row';

type Json = Record<string, unknown>;

interface Attack {
  name: string;
  tries: number;
  send(client: WireClient, turn: number): Promise<unknown>;
}

const MEGABYTE = 2 ** 20;
/** How long an answer may take on a loaded machine. */
const PATIENCE_MS = 30_000;

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const channelOf = (turn: number): RequestChannel => REQUEST_CHANNELS[turn % REQUEST_CHANNELS.length];

/** A kernel_info_request with a flaw, on the three channels in turn. */
const flawed = (name: string, tries: number, flaws: (turn: number) => Flaws, content: Json = {}): Attack => ({
  name,
  tries,
  send: (client, turn) => client.send(channelOf(turn), 'kernel_info_request', content, flaws(turn)),
});

const frames = (name: string, tries: number, of: (turn: number) => (string | Uint8Array)[]): Attack => ({
  name,
  tries,
  send: (client, turn) => client.sendFrames(channelOf(turn), of(turn)),
});

const ATTACKS: Attack[] = [
  flawed('a wrong signature', 150, turn => ({ signature: 'f'.repeat(turn % 130) })),
  frames('missing frames', 150, turn => ['<IDS|MSG>', 'x', '{}', '{}', '{}', '{}'].slice(turn % 5, 5)),
  flawed('not JSON', 150, turn => ({ [['header', 'parent', 'metadata', 'content'][turn % 4]]: '{"a":' })),
  flawed('not an object', 100, turn => ({ content: ['null', '[]', '1', '"text"'][turn % 4] })),
  flawed('content nested 500 to 8,000 deep', 80, turn => ({ content: nested(500 + 100 * (turn % 76)) })),
  flawed('a header nested 500 to 8,000 deep', 80, turn => ({ header: nested(500 + 100 * (turn % 76)) })),
  flawed('ids that came before', 100, () => ({ id: 'doubled' })),
  {
    name: 'fields of wrong types',
    tries: 100,
    send: (client, turn) => {
      const types = [
        'execute_request',
        'complete_request',
        'inspect_request',
        'history_request',
        'comm_open',
      ];
      const value = [null, 7, [], {}, true][Math.floor(turn / 5) % 5];
      const content = {
        code: value,
        cursor_pos: value,
        pattern: value,
        comm_id: value,
        hist_access_type: value,
      };
      return client.send(channelOf(turn), types[turn % 5], content);
    },
  },
  {
    name: 'replies and requests on the wrong channel',
    tries: 100,
    send: (client, turn) => {
      const types = ['input_reply', 'interrupt_request', 'status', 'execute_reply', 'comm_close'];
      return client.send(turn % 5 === 1 ? 'stdin' : channelOf(turn), types[turn % 5], { value: 'x' });
    },
  },
  {
    name: '100 MB without the key',
    tries: 9,
    send: (client, turn) => client.sendFrames(channelOf(turn), [Buffer.alloc(100 * MEGABYTE)]),
  },
  {
    name: '300 MB with a wrong signature',
    tries: 3,
    send: async (client, turn) => {
      const content = JSON.stringify({ code: 'x'.repeat(300 * MEGABYTE) });
      await client.send(channelOf(turn), 'execute_request', {}, { content, signature: '0'.repeat(64) });
    },
  },
  {
    name: '100 MB with a right signature, for a comm that does not exist',
    tries: 3,
    send: async (client, turn) => {
      const data = { text: 'x'.repeat(100 * MEGABYTE) };
      await client.send(channelOf(turn), 'comm_msg', { comm_id: 'none', data });
    },
  },
  {
    name: 'HTTP requests on every port',
    tries: 50,
    send: (client, turn) =>
      raw(Object.values(client.ports)[turn % 5], 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  },
  {
    name: 'a frame that announces 2⁶² bytes on every port',
    tries: 50,
    send: (client, turn) => raw(Object.values(client.ports)[turn % 5], endlessFrame()),
  },
];

/** @returns one row per kind of attack, and one for the memory of the kernel */
export async function attackChannels(): Promise<Row[]> {
  const client = await WireClient.start({ keep: false });
  const rows: Row[] = [];
  try {
    await client.run('let aa = 1');
    for (const attack of ATTACKS) rows.push(await rowOf(client, attack));
    rows.push(await idleConnections(client), memoryRow(client));
  } finally {
    await client.stop();
  }
  return rows;
}

/** After each message, control must answer; after the last, a cell and the heartbeat. */
async function rowOf(client: WireClient, { name, tries, send }: Attack): Promise<Row> {
  let failures = 0;
  let note = '';
  const fail = (error: unknown): void => {
    failures++;
    note = String(error).slice(0, 200);
  };
  for (let turn = 0; turn < tries && !client.ended; turn++) {
    await send(client, turn);
    await client.request('control', 'kernel_info_request', {}, { patience: PATIENCE_MS }).catch(fail);
  }
  await client.run('aa + 1', PATIENCE_MS).catch(fail);
  if (!(await client.beats())) fail('the heartbeat is silent');
  return { attack: name, tries, failures, note };
}

async function idleConnections(client: WireClient): Promise<Row> {
  const ports = Object.values(client.ports);
  const idle = await Promise.all(Array.from({ length: 500 }, (_, i) => open(ports[i % 5])));
  const row = await rowOf(client, { name: '500 idle connections', tries: 1, send: () => Promise.resolve() });
  for (const socket of idle) socket.destroy();
  return { ...row, tries: idle.length };
}

/** The most memory that the kernel has held, where the system tells. */
function memoryRow({ kernel }: WireClient): Row {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${kernel?.pid}/status`, 'utf8'));
  const megabytes = Math.round(Number(peak?.[1] ?? NaN) / 1024);
  const attack = 'memory of the kernel at its peak, below 1,500 MiB';
  return { attack, tries: 1, failures: megabytes < 1500 ? 0 : 1, note: `${megabytes} MiB` };
}

/** A greeting of ZMTP 3 without security, its READY command, and the head of a frame. */
function endlessFrame(): Buffer {
  const greeting = Buffer.alloc(64);
  greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]);
  greeting.write('NULL', 12);
  const properties = Buffer.from('\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER', 'latin1');
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(2n ** 62n);
  return Buffer.concat([greeting, Buffer.from([4, properties.length]), properties, Buffer.from([2]), size]);
}

function open(port: number): Promise<ReturnType<typeof connect>> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => done(socket));
    socket.on('error', fail);
  });
}

async function raw(port: number, bytes: string | Buffer): Promise<void> {
  const socket = await open(port);
  socket.on('error', () => {});
  await new Promise<void>(done => socket.write(bytes, () => done()));
  await new Promise(done => setTimeout(done, 20));
  socket.destroy();
}
