import { Session } from 'node:inspector';
import { DEBUGGER_AID, holdState, noteRequest, State, stateOf } from './interruptible';

/** How long to wait for the kernel's thread before the debugger ends what it is doing. */
const PATIENCE_MS = 1000;
/** Long enough for the kernel's thread to return from a function of Node. */
const MOMENT_MS = 5;
/** How long to wait before a signal is sent to end synchronous code. */
const SOON_MS = 30;

/** Ends, from another thread, whatever keeps the kernel's thread busy, and leaves its variables intact. */
export class Interrupter {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private terminating = false;

  /** @param interruptible what the kernel's thread is doing, see `INTERRUPTIBLE` */
  constructor(private readonly interruptible: Int32Array) {}

  /** Interrupts until `settle` is called with the same request. */
  interrupt(request: string): void {
    noteRequest(this.interruptible);
    const isFirst = this.waiting.size === 0;
    // Read an answer that has already arrived before doing more.
    const insist = (): void => void setImmediate(() => this.insist());
    this.waiting.set(request, setInterval(insist, PATIENCE_MS));
    // A second signal could arrive just when Node has changed its handler because of the first.
    // And a cell at an `await` answers by itself: a signal at the very end of a script could end a later script.
    if (isFirst) setTimeout(() => this.signal(), SOON_MS);
  }

  /** Tells that the kernel's thread has answered this request. */
  settle(request: string): void {
    clearInterval(this.waiting.get(request));
    this.waiting.delete(request);
  }

  close(): void {
    [...this.waiting.keys()].forEach(request => this.settle(request));
  }

  private insist(): void {
    if (this.waiting.size === 0) return;
    const state = stateOf(this.interruptible);
    if (state === State.bySignal) this.signal();
    if (state === State.byDebugger) this.terminate();
  }

  private terminate(): void {
    if (this.terminating) return;
    this.terminating = true;
    const session = new Session();
    session.connectToMainThread();
    const call = (step: string, done?: () => void): void =>
      session.post(
        'Runtime.evaluate',
        { expression: `globalThis[Symbol.for('${DEBUGGER_AID}')].${step}()` },
        done,
      );
    const leave = (): void => {
      session.disconnect();
      this.terminating = false;
    };
    const end = (): void => {
      if (this.waiting.size === 0) return leave();
      call('unwind');
      session.post('Runtime.terminateExecution', leave);
    };
    call('quiet', () => setTimeout(end, MOMENT_MS));
  }

  /** Sends the signal as soon as it can do no harm to the kernel's thread. */
  private signal(): void {
    if (this.waiting.size === 0) return;
    const sent = holdState(this.interruptible, state => state !== State.notAtAll && this.send());
    if (!sent) setTimeout(() => this.signal(), MOMENT_MS);
  }

  /** Programs that a cell waits for belong to the kernel's process group, if the kernel leads one. */
  private send(): true {
    try {
      return process.kill(-process.pid, 'SIGINT');
    } catch {
      return process.kill(process.pid, 'SIGINT');
    }
  }
}
