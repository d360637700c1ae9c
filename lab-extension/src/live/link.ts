import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { JSONObject } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import { COMM_TARGET, type RadiusReply, type Reach } from 'piecewise/payload';
import type { Delay, Delaying } from './delay';
import { asIndex, asNumber, asNumbers } from '../payload/fields';
import { type HoldSource, readRadius, readReach } from '../decomposition/validity';
import { MalformedPayloadError } from '../payload/malformed-payload';
import { RowsUnavailableError, type RowProblem, type RowSource } from './row-store';
import { readTie, type Tie, type TieSource } from '../decomposition/contrast-edit';
import type { Wall, WallSource } from '../decomposition/channels';
import type { Elsewhere, WhatIfSource } from '../decomposition/what-if';
import { Question, type Reply } from './question';

/** Rows asked for in one message; a reply of eight MNIST rows is 25 KB, of 224 × 224 × 3 rows 4.8 MB. */
const ROWS_PER_REQUEST = 8;

/** An answer with more numbers than this is not from our kernel. */
const MOST_NUMBERS = 100_000;

/**
 * The kernel of one notebook, as far as views need it: rows of W and other inputs over the comm `piecewise.v1`.
 * The front end opens the comm when a view first asks (a kernel that opens one races with the page); it is
 * forgotten when the kernel restarts, and closed with the notebook.
 */
export class LiveKernel
  implements RowSource, WhatIfSource, WallSource, HoldSource, TieSource, Delaying, IDisposable
{
  private comm: Kernel.IComm | null = null;
  private lastId = 0;
  private readonly pending = new Map<number, Question>();
  private readonly delays = new Signal<this, void>(this);
  private disposed = false;

  constructor(private readonly context: ISessionContext) {
    context.connectionStatusChanged.connect(this.onConnection, this);
    context.kernelChanged.connect(this.onKernelChanged, this);
    context.statusChanged.connect(this.onStatus, this);
    context.disposed.connect(this.dispose, this);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  get isAvailable(): boolean {
    return Boolean(this.context.session?.kernel);
  }

  get delay(): Delay | null {
    if (![...this.pending.values()].some(({ isLate }) => isLate)) return null;
    return this.isConnected ? 'busy' : 'reconnecting';
  }

  get delayed(): ISignal<this, void> {
    return this.delays;
  }

  /** @throws RowsUnavailableError if there is no kernel, it does not know the handle, or it does not answer. */
  async rows(handle: string, indices: readonly number[], signal: AbortSignal): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (let i = 0; i < indices.length; i += ROWS_PER_REQUEST) {
      const some = indices.slice(i, i + ROWS_PER_REQUEST);
      const { buffers } = await this.ask({ op: 'rows', handle, indices: some }, [], signal);
      rows.push(...buffers.map(toFloats));
    }
    return rows;
  }

  /** @throws RowsUnavailableError as for rows; Error if the answer is none. */
  async whatIf(handle: string, x: Float32Array): Promise<Elsewhere> {
    const { data } = await this.ask({ op: 'whatIf', handle }, [toBytes(x)]);
    const output = asNumbers(data.output, 1, MOST_NUMBERS, 'output');
    return {
      output,
      predicted: asNumbers(data.predicted, output.length, output.length, 'predicted'),
      switched: asNumber(data.switched, 'switched'),
      units: asNumber(data.units, 'units'),
    };
  }

  /** @throws RowsUnavailableError as for rows; MalformedPayloadError if the answer does not fit together. */
  async channels(
    handle: string,
    layer: string,
    index: number,
    rival: number | null,
    most: number,
  ): Promise<Wall> {
    const question = { op: 'channels', handle, layer, index, most };
    const { data, buffers } = await this.ask(rival === null ? question : { ...question, rival });
    return wallOf(layer, data, buffers.map(toFloats));
  }

  /** @throws RowsUnavailableError as for rows; MalformedPayloadError if the answer is none, as for reach. */
  async radius(handle: string, signal: AbortSignal): Promise<RadiusReply> {
    return readRadius((await this.ask({ op: 'radius', handle }, [], signal)).data);
  }

  async reach(handle: string, x: Float32Array): Promise<Reach> {
    return readReach((await this.ask({ op: 'reach', handle }, [toBytes(x)])).data);
  }

  async tie(handle: string, index: number, rival: number, signal: AbortSignal): Promise<Tie> {
    const { data, buffers } = await this.ask({ op: 'tie', handle, index, rival }, [], signal);
    return readTie(data, buffers.map(toFloats));
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    const comm = this.comm;
    this.forget('gone', 'The notebook was closed.');
    // The connection may have ended before the notebook, and its comms with it.
    if (comm && !comm.isDisposed) comm.close();
    Signal.clearData(this);
  }

  /**
   * One question on the comm. @throws RowsUnavailableError if there is no kernel, it does not know the handle, it does not
   * answer, or `signal` aborts.
   */
  async ask(request: JSONObject, buffers: ArrayBuffer[] = [], signal?: AbortSignal): Promise<Reply> {
    const comm = this.open();
    const id = ++this.lastId;
    const question = new Question({ id, ...request }, buffers, {
      late: () => this.delays.emit(),
      overdue: () => this.endPatience(id),
    });
    this.pending.set(id, question);
    const leave = () => this.giveUp(id, 'cancelled', 'Nobody waits for the answer any more.');
    signal?.addEventListener('abort', leave, { once: true });
    if (signal?.aborted) leave();
    else question.send(comm);
    return question.answer.finally(() => signal?.removeEventListener('abort', leave));
  }

  private open(): Kernel.IComm {
    if (this.comm && !this.comm.isDisposed) return this.comm;
    const kernel = this.context.session?.kernel;
    if (!kernel || kernel.status === 'dead') {
      throw new RowsUnavailableError('no-kernel', 'No kernel is running.');
    }
    if (!kernel.handleComms) {
      throw new RowsUnavailableError('no-kernel', 'This connection to the kernel carries no comms.');
    }
    const comm = kernel.createComm(COMM_TARGET);
    comm.onMsg = message => this.receive(message);
    comm.onClose = () => {
      if (this.comm === comm) this.forget('foreign', 'The kernel does not answer on the comm of Piecewise.');
    };
    comm.open();
    this.comm = comm;
    return comm;
  }

  private receive(message: KernelMessage.ICommMsgMsg): void {
    const reply = message.content.data as JSONObject;
    const waiting = this.pending.get(Number(reply.id));
    if (!waiting) return;
    this.pending.delete(Number(reply.id));
    if (reply.ok === true) {
      waiting.resolve({ data: reply, buffers: message.buffers ?? [] });
      return;
    }
    const problem = reply.code === 'gone' ? 'gone' : 'failed';
    waiting.reject(new RowsUnavailableError(problem, String(reply.message)));
  }

  private fail(id: number, error: RowsUnavailableError): void {
    this.pending.get(id)?.reject(error);
    this.pending.delete(id);
  }

  private get isConnected(): boolean {
    return this.context.session?.kernel?.connectionStatus === 'connected';
  }

  /** What is on its way while there is no way cannot be late. */
  private endPatience(id: number): void {
    if (this.isConnected) this.giveUp(id, 'timeout', 'The kernel did not answer within 30 seconds.');
    else this.pending.get(id)?.wait();
  }

  private giveUp(id: number, problem: RowProblem, sentence: string): void {
    if (this.comm && !this.comm.isDisposed) this.comm.send({ id: ++this.lastId, op: 'cancel', cancels: id });
    this.fail(id, new RowsUnavailableError(problem, sentence));
  }

  private onConnection(_: ISessionContext, status: Kernel.ConnectionStatus): void {
    // JupyterLab gives up after some attempts.
    if (status === 'disconnected') this.forget('lost', 'The connection to the kernel is lost.');
    if (status === 'connected' && this.pending.size > 0) this.askAgain();
    this.delays.emit();
  }

  /** Questions and answers, and the comm itself, may have been lost while there was no connection. */
  private askAgain(): void {
    const { comm: old } = this;
    this.comm = null;
    if (old && !old.isDisposed) old.close();
    const comm = this.open();
    this.pending.forEach(question => question.send(comm));
  }

  private onKernelChanged(): void {
    this.forget('gone', 'The notebook has another kernel now.');
  }

  private onStatus(_: ISessionContext, status: Kernel.Status): void {
    if (status !== 'restarting' && status !== 'autorestarting' && status !== 'dead') return;
    this.forget('gone', 'The kernel was restarted.');
  }

  /** The kernel at the other end of the comm is not there any more, and nothing under way will be answered. */
  private forget(problem: RowProblem, sentence: string): void {
    this.comm = null;
    for (const id of [...this.pending.keys()]) this.fail(id, new RowsUnavailableError(problem, sentence));
  }
}

function wallOf(layer: string, data: JSONObject, [sums, ...planes]: Float32Array[]): Wall {
  const shape = asNumbers(data.shape, 1, 8, 'shape').map(n => asIndex(n, 2 ** 24, 'shape'));
  const channels = shape.at(-1)!;
  const positions = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  const shown = asNumbers(data.shown, 0, channels, 'shown').map(c => asIndex(c, channels, 'shown'));
  if (sums?.length !== channels || planes.length !== shown.length)
    throw new MalformedPayloadError('buffers', 'are not those of the channels');
  if (planes.some(plane => plane.length !== positions))
    throw new MalformedPayloadError('buffers', `do not hold ${positions} numbers a channel`);
  return {
    layer,
    shape,
    linear: asNumber(data.linear, 'linear'),
    bias: asNumber(data.bias, 'bias'),
    sums,
    shown: shown.map((channel, i) => ({ channel, values: planes[i] })),
  };
}

/** Little endian float32, copied: buffers of a message lie at any offset. */
export function toFloats(buffer: ArrayBuffer | ArrayBufferView): Float32Array {
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  return new Float32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer);
}

/** Little endian, whatever the machine. */
export function toBytes(values: Float32Array): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return view.buffer;
}
