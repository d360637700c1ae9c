import { Session } from 'node:inspector';
import { noteSignal, State, UNWIND } from './interruptible';

/** How long the kernel's thread may take for its answer before it is helped out of what it is at. */
const PATIENCE_MS = 1000;

/** Ends what keeps the kernel's thread busy, from another thread, and leaves its variables as they are. */
export class Interrupter {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private terminating = false;

  /** @param interruptible what the kernel's thread is at, see `INTERRUPTIBLE` */
  constructor(private readonly interruptible: Int32Array) {}

  /** Interrupts until `settle` is called with the same request. */
  interrupt(request: string): void {
    this.signal();
    this.waiting.set(
      request,
      setInterval(() => this.insist(), PATIENCE_MS),
    );
  }

  /** The kernel's thread has answered this request. */
  settle(request: string): void {
    clearInterval(this.waiting.get(request));
    this.waiting.delete(request);
  }

  close(): void {
    [...this.waiting.keys()].forEach(request => this.settle(request));
  }

  private insist(): void {
    const state = Atomics.load(this.interruptible, 0);
    // A signal that comes before the script of a cell has begun does not end it.
    if (state === State.bySignal) this.signal();
    if (state === State.byDebugger) this.terminate();
  }

  private terminate(): void {
    if (this.terminating) return;
    this.terminating = true;
    const session = new Session();
    session.connectToMainThread();
    session.post('Runtime.evaluate', { expression: `globalThis[Symbol.for('${UNWIND}')]()` });
    session.post('Runtime.terminateExecution', () => {
      session.disconnect();
      this.terminating = false;
    });
  }

  /** Programs that a cell waits for belong to the kernel's process group, if it leads one. */
  private signal(): void {
    noteSignal(this.interruptible);
    try {
      process.kill(-process.pid, 'SIGINT');
    } catch {
      process.kill(process.pid, 'SIGINT');
    }
  }
}
