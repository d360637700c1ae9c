import { rmSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { NumberedSender } from './hand-over';
import { passOn, type ReplyLine } from './input-replies';
import { Interrupter } from './interrupter';
import { kernelInfo } from './kernel-info';
import { Sockets } from './sockets';
import { StoredRows } from './stored-rows';
import type { Channel, FromSockets, RequestChannel, SideThreadData, ToSockets } from './thread-messages';
import { type Header, type Message, pack, type Packed, Wire } from './wire';

/** If the kernel's thread has not begun to shut down by then, it is doing something that will not end soon. */
const SHUTDOWN_MS = 1000;
/** How often to look whether the process that started the kernel is still there. */
const PARENT_MS = 1000;
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
  /** Ids of the input_requests that were sent. */
  private readonly questions = new Set<string>();
  /** The last one, if it has not been answered. */
  private question: string | null = null;
  private readonly line: NumberedSender;
  private readonly replies: ReplyLine;
  private readonly farewell: string;

  constructor(
    private readonly kernel: MessagePort,
    { connection, session, interruptible, taken, replies, farewell }: SideThreadData,
  ) {
    this.line = new NumberedSender(entry => kernel.postMessage(entry), taken);
    this.replies = replies;
    this.farewell = farewell;
    this.wire = new Wire(connection.key, session);
    this.sockets = new Sockets(connection, this.wire, (channel, message) => this.receive(channel, message));
    this.interrupter = new Interrupter(
      interruptible,
      what => this.tellWaiting(what),
      () => this.noteEnd(),
    );
  }

  async start(): Promise<void> {
    try {
      await this.sockets.bind();
      if (process.env.JPY_PARENT_PID) this.watchParent();
      this.post({ kind: 'ready' });
    } catch (error) {
      this.post({ kind: 'failed', reason: (error as Error).message });
    }
  }

  /** Ends the kernel when its Jupyter server is gone, because nothing else would, whatever a cell is doing. */
  private watchParent(): void {
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      this.shutdown ??= setTimeout(() => this.kill(), SHUTDOWN_MS);
      this.post({ kind: 'orphaned' });
    }, PARENT_MS).unref();
  }

  take(order: ToSockets): void {
    this.line.forgetTaken();
    if (order.kind === 'send') this.send(order.channel, order.packed);
    else if (order.kind === 'drain') void this.drain(order.number);
    else this.close();
  }

  private async drain(number: number): Promise<void> {
    await this.sockets.drained();
    this.post({ kind: 'drained', number });
  }

  /** What the debugger ended may have been the taking of a message. */
  private noteEnd(): void {
    this.line.repeat();
    this.post({ kind: 'ended' });
  }

  private receive(channel: Channel, message: Message): void {
    if (channel === 'stdin') this.receiveReply(message);
    else this.receiveRequest(channel, message);
  }

  /** Whatever answers no open question is dropped: a request on the wrong channel, a reply that comes late or twice. */
  private receiveReply(message: Message): void {
    const { header, parent } = message;
    if (header.msg_type !== 'input_reply' || this.question === null) return;
    // Many clients name no question, or the cell that asked.
    if (parent && parent.msg_id !== this.question && this.questions.has(parent.msg_id)) return;
    this.question = null;
    passOn(this.replies, message);
  }

  private receiveRequest(channel: RequestChannel, message: Message): void {
    const { msg_type, msg_id } = message.header;
    if (msg_type === 'interrupt_request') this.interrupter.interrupt(msg_id);
    if (msg_type === 'shutdown_request')
      this.shutdown ??= setTimeout(() => this.end(channel, message), SHUTDOWN_MS);
    const stored = channel === 'shell' ? this.rows.answer(message) : null;
    if (stored) this.answerRows(message.header, stored.content, stored.buffers);
    else if (channel === 'control' && msg_type === 'kernel_info_request') this.answerInfo(message);
    else this.post({ kind: 'message', channel, message });
  }

  private send(channel: Channel | 'iopub', packed: Packed): void {
    const type = /"msg_type":"(\w+)"/.exec(packed.parts[0])?.[1];
    if (type === 'interrupt_reply') this.interrupter.settle(String(JSON.parse(packed.parts[1]).msg_id));
    if (type === 'input_request') this.ask(String(JSON.parse(packed.parts[0]).msg_id));
    if (type === 'comm_msg') this.rows.keep(JSON.parse(packed.parts[3]), packed.buffers);
    if (type === 'status') this.noteStatus(packed);
    this.sockets.send(channel, packed);
  }

  private ask(question: string): void {
    this.questions.add(question);
    this.question = question;
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
  private end(channel: RequestChannel, { header, identities, content }: Message): void {
    const reply = { status: 'ok', restart: content.restart === true };
    this.sockets.send(channel, pack(this.wire.message('shutdown_reply', reply, header, { identities })));
    setTimeout(() => this.kill(), FAREWELL_MS);
  }

  private kill(): void {
    rmSync(this.farewell, { force: true });
    process.kill(process.pid, 'SIGKILL');
  }

  private close(): void {
    clearTimeout(this.shutdown);
    this.interrupter.close();
    this.sockets.close();
    this.kernel.close();
  }

  private post(message: FromSockets): void {
    this.line.send(message);
  }
}

const thread = new SideThread(parentPort!, workerData as SideThreadData);
parentPort!.on('message', (order: ToSockets) => thread.take(order));
void thread.start();
