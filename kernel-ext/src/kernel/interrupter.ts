import { Session } from 'node:inspector';
import { DEBUGGER_AID, holdState, noteRequest, State, stateOf } from './interruptible';

/** How long the kernel's thread may take for its answer before it is helped out of what it is at. */
const PATIENCE_MS = 1000;
/** Long enough for the kernel's thread to leave a function of Node's that it was in. */
const MOMENT_MS = 5;
/** How long it may take until a signal is sent against synchronous code. */
const SOON_MS = 30;

/** Ends what keeps the kernel's thread busy, from another thread, and leaves its variables as they are. */
export class Interrupter {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private terminating = false;

  /** @param interruptible what the kernel's thread is at, see `INTERRUPTIBLE` */
  constructor(private readonly interruptible: Int32Array) {}

  /** Interrupts until `settle` is called with the same request. */
  interrupt(request: string): void {
    noteRequest(this.interruptible);
    const isFirst = this.waiting.size === 0;
    // An answer that is there already is read before anything more is done.
    const insist = (): void => void setImmediate(() => this.insist());
    this.waiting.set(request, setInterval(insist, PATIENCE_MS));
    // A second signal could meet Node where it has just changed its handler because of the first one.
    // And a cell that awaits answers by itself: a signal that met Node at the end of a script could end a later one.
    if (isFirst) setTimeout(() => this.signal(), SOON_MS);
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

  /** As soon as the kernel's thread is where a signal does no harm. */
  private signal(): void {
    if (this.waiting.size === 0) return;
    const sent = holdState(this.interruptible, state => state !== State.notAtAll && this.send());
    if (!sent) setTimeout(() => this.signal(), MOMENT_MS);
  }

  /** Programs that a cell waits for belong to the kernel's process group, if it leads one. */
  private send(): true {
    try {
      return process.kill(-process.pid, 'SIGINT');
    } catch {
      return process.kill(process.pid, 'SIGINT');
    }
  }
}
