import { rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { passOn, type ReplyLine } from './input-replies';
import { Interrupter } from './interrupter';
import { kernelInfo } from './kernel-info';
import { Sockets } from './sockets';
import { StoredRows } from './stored-rows';
import type { Channel, FromSockets, SideThreadData, ToSockets } from './thread-messages';
import { type Header, type Message, pack, type Packed, Wire } from './wire';

/** If the kernel's thread has not begun to shut down by then, it is doing something that will not end soon. */
const SHUTDOWN_MS = 1000;
/** Long enough to send a reply. */
const FAREWELL_MS = 100;

/**
 * The thread of the sockets. While a cell computes on the kernel's own thread, this thread answers heartbeats and requests
 * for rows that it has seen before, receives requests, sends what the cell prints, and interrupts the cell.
 */
class SideThread {
  private readonly wire: Wire;
  private readonly sockets: Sockets;
  private readonly interrupter: Interrupter;
  private readonly rows = new StoredRows();
  /** The request that the kernel is busy with according to the last status that front ends received. */
  private busyWith: Header | null = null;
  private shutdown: NodeJS.Timeout | undefined;
  private readonly replies: ReplyLine;
  private readonly farewell: string;

  constructor({ connection, session, interruptible, replies, farewell }: SideThreadData) {
    this.replies = replies;
    this.farewell = farewell;
    this.wire = new Wire(connection.key, session);
    this.sockets = new Sockets(connection, this.wire, (channel, message) => this.receive(channel, message));
    this.interrupter = new Interrupter(interruptible, what => this.tellWaiting(what));
  }

  async start(): Promise<void> {
    await this.sockets.bind();
    this.post({ kind: 'ready' });
  }

  take(order: ToSockets): void {
    if (order.kind === 'send') this.send(order.channel, order.packed);
    else if (order.kind === 'drain') void this.sockets.drained().then(() => this.post({ kind: 'drained' }));
    else this.close();
  }

  private receive(channel: Channel, message: Message): void {
    const { msg_type, msg_id } = message.header;
    if (msg_type === 'input_reply') return passOn(this.replies, message);
    if (msg_type === 'interrupt_request') this.interrupter.interrupt(msg_id);
    if (msg_type === 'shutdown_request') this.shutdown = setTimeout(() => this.end(message), SHUTDOWN_MS);
    const stored = channel === 'shell' ? this.rows.answer(message) : null;
    if (stored) this.answerRows(message.header, stored.content, stored.buffers);
    else if (channel === 'control' && msg_type === 'kernel_info_request') this.answerInfo(message);
    else this.post({ kind: 'message', channel, message });
  }

  private send(channel: Channel | 'iopub', packed: Packed): void {
    const type = /"msg_type":"(\w+)"/.exec(packed.parts[0])?.[1];
    if (channel === 'control') this.interrupter.settle(String(JSON.parse(packed.parts[1]).msg_id));
    if (type === 'comm_msg') this.rows.keep(JSON.parse(packed.parts[3]), packed.buffers);
    if (type === 'status') this.noteStatus(packed);
    this.sockets.send(channel, packed);
  }

  private noteStatus({ parts: [, parent, , content] }: Packed): void {
    this.busyWith = content.includes('"busy"') ? (JSON.parse(parent) as Header) : null;
  }

  /** Tells the user under the running cell why an interrupt has no effect yet. */
  private tellWaiting(what: string): void {
    const text = `The interrupt is waiting for ${what}; the cell ends then. To end it now, restart the kernel.\n`;
    if (this.busyWith) this.publish('stream', { name: 'stderr', text }, this.busyWith);
  }

  private answerRows(parent: Header, content: Message['content'], buffers: Uint8Array[]): void {
    this.answerAlone(parent, () => this.publish('comm_msg', content, parent, { buffers }));
  }

  private answerInfo({ header, identities }: Message): void {
    this.answerAlone(header, () =>
      this.sockets.send(
        'control',
        pack(this.wire.message('kernel_info_reply', kernelInfo(), header, { identities })),
      ),
    );
  }

  /** The kernel's thread does not see this request, but front ends still get its states. */
  private answerAlone(parent: Header, answer: () => void): void {
    this.publish('status', { execution_state: 'busy' }, parent);
    answer();
    this.publish('status', { execution_state: 'idle' }, parent);
    // A new message, because clients refuse one that they have already seen.
    if (this.busyWith) this.publish('status', { execution_state: 'busy' }, this.busyWith);
  }

  private publish(
    type: string,
    content: Message['content'],
    parent: Header,
    extras: Partial<Message> = {},
  ): void {
    const identities = [Buffer.from(`kernel.${type}`)];
    this.sockets.send('iopub', pack(this.wire.message(type, content, parent, { identities, ...extras })));
  }

  /** Ends the process, whatever its other thread is doing; Jupyter would do the same after five seconds. */
  private end({ header, identities, content }: Message): void {
    const reply = { status: 'ok', restart: content.restart === true };
    this.sockets.send('control', pack(this.wire.message('shutdown_reply', reply, header, { identities })));
    rmSync(this.farewell, { force: true });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), FAREWELL_MS);
  }

  private close(): void {
    clearTimeout(this.shutdown);
    this.interrupter.close();
    this.sockets.close();
    parentPort?.close();
  }

  private post(message: FromSockets): void {
    parentPort?.postMessage(message);
  }
}

const thread = new SideThread(workerData as SideThreadData);
parentPort?.on('message', (order: ToSockets) => thread.take(order));
void thread.start();
