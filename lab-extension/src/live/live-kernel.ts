import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { JSONObject } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import { COMM_TARGET, type Op, type Question as Asked } from 'piecewise/payload';
import type { Delay, Delaying } from './delay';
import { NoAnswerError, type Problem } from './no-answer';
import { Question, type Reply } from './question';

/**
 * The kernel of one notebook, as far as views need it: questions and answers on the comm `piecewise.v1`.
 * The front end opens the comm when a view first asks, since a comm that the kernel opens races with the page. The comm is
 * forgotten when the kernel restarts, and closed with the notebook.
 */
export class LiveKernel implements Delaying, IDisposable {
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

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    const comm = this.comm;
    this.forget('gone', 'The notebook was closed.');
    // The connection, and with it the comm, may have ended before the notebook.
    if (comm && !comm.isDisposed) comm.close();
    Signal.clearData(this);
  }

  /**
   * Asks one question.
   * @param fields of the question besides id, op and handle
   * @param buffers binary data that the question carries
   * @throws NoAnswerError if there is no kernel, if it does not know the handle or does not answer, or when `signal` aborts
   */
  async ask<O extends Op>(
    op: O,
    handle: string,
    fields: Asked<O>,
    buffers: ArrayBufferView[] = [],
    signal?: AbortSignal,
  ): Promise<Reply> {
    const comm = this.open();
    const id = ++this.lastId;
    const question = new Question({ id, op, handle, ...fields }, buffers, {
      late: () => this.delays.emit(),
      overdue: () => this.endPatience(id),
    });
    this.pending.set(id, question);
    const leave = () => this.giveUp(id, 'cancelled', 'Nobody is waiting for the answer any longer.');
    signal?.addEventListener('abort', leave, { once: true });
    if (signal?.aborted) leave();
    else question.send(comm);
    return question.answer.finally(() => signal?.removeEventListener('abort', leave));
  }

  private open(): Kernel.IComm {
    if (this.comm && !this.comm.isDisposed) return this.comm;
    const kernel = this.context.session?.kernel;
    if (!kernel || kernel.status === 'dead') {
      throw new NoAnswerError('no-kernel', 'No kernel is running.');
    }
    if (!kernel.handleComms) {
      throw new NoAnswerError('no-kernel', 'This connection to the kernel does not carry comms.');
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
    waiting.reject(new NoAnswerError(problem, String(reply.message)));
  }

  private fail(id: number, error: NoAnswerError): void {
    this.pending.get(id)?.reject(error);
    this.pending.delete(id);
  }

  private get isConnected(): boolean {
    return this.context.session?.kernel?.connectionStatus === 'connected';
  }

  /** While there is no connection, no answer can be late. */
  private endPatience(id: number): void {
    if (this.isConnected) this.giveUp(id, 'timeout', 'The kernel did not answer within 30 seconds.');
    else this.pending.get(id)?.wait();
  }

  private giveUp(id: number, problem: Problem, sentence: string): void {
    if (this.comm && !this.comm.isDisposed) this.comm.send({ id: ++this.lastId, op: 'cancel', cancels: id });
    this.fail(id, new NoAnswerError(problem, sentence));
  }

  private onConnection(_: ISessionContext, status: Kernel.ConnectionStatus): void {
    // JupyterLab gives up after some attempts.
    if (status === 'disconnected') this.forget('lost', 'The connection to the kernel is lost.');
    if (status === 'connected' && this.pending.size > 0) this.askAgain();
    this.delays.emit();
  }

  /** Sends the open questions again: they, their answers and the comm itself may have been lost with the connection. */
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

  /** Gives up on every open question: the kernel at the other end of the comm is gone. */
  private forget(problem: Problem, sentence: string): void {
    this.comm = null;
    for (const id of [...this.pending.keys()]) this.fail(id, new NoAnswerError(problem, sentence));
  }
}
