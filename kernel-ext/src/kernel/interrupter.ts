import { Session } from 'node:inspector';
import type { HeldBy } from '../sink/sink';
import {
  agreeOnCut,
  Cut,
  cutOf,
  DEBUGGER_AID,
  heldBy,
  holdState,
  isAbortable,
  noteRequest,
  State,
  stateOf,
} from './interruptible';

/** How often the kernel's thread is looked at until it has answered. */
const LOOK_MS = 250;
/** How long work that ends by itself when it is aborted may take for that. */
const PATIENCE_MS = 2000;
/** How long to wait before the user is told what the interrupt waits for. */
const SILENCE_MS = 750;
/** Long enough for the kernel's thread to return from a function of Node. */
const MOMENT_MS = 5;
/** How often the debugger asks in a row: between two awaits, a thread looks idle for a moment. */
const TRIES = 40;
/** How long to wait before a signal is sent to end synchronous code. */
const SOON_MS = 30;

/** An interrupt that the kernel's thread has not answered. */
interface Waiting {
  timer: NodeJS.Timeout;
  since: number;
  isTold: boolean;
}

/** Ends, from another thread, whatever keeps the kernel's thread busy, and leaves its variables intact. */
export class Interrupter {
  private readonly waiting = new Map<string, Waiting>();
  private terminating = false;

  /**
   * @param interruptible what the kernel's thread is doing, see `INTERRUPTIBLE`
   * @param tell called once for an interrupt that has to wait, with what it waits for
   * @param ended called when the debugger has ended what the kernel's thread was doing, which need not be the cell itself
   */
  constructor(
    private readonly interruptible: Int32Array,
    private readonly tell: (what: HeldBy) => void,
    private readonly ended: () => void,
  ) {}

  /** Interrupts until `settle` is called with the same request. */
  interrupt(request: string): void {
    noteRequest(this.interruptible);
    const isFirst = this.waiting.size === 0;
    // Read an answer that has already arrived before doing more.
    const insist = (): void => void setImmediate(() => this.insist(request));
    this.settle(request); // A message may arrive twice.
    this.waiting.set(request, { timer: setInterval(insist, LOOK_MS), since: Date.now(), isTold: false });
    // A second signal could arrive just when Node has changed its handler because of the first.
    // And a cell at an `await` answers by itself: a signal at the very end of a script could end a later script.
    if (isFirst) setTimeout(() => this.signal(), SOON_MS);
  }

  /** Tells that the kernel's thread has answered this request. */
  settle(request: string): void {
    clearInterval(this.waiting.get(request)?.timer);
    this.waiting.delete(request);
  }

  close(): void {
    [...this.waiting.keys()].forEach(request => this.settle(request));
  }

  private insist(request: string): void {
    const waiting = this.waiting.get(request);
    if (!waiting) return;
    const passed = Date.now() - waiting.since;
    const state = stateOf(this.interruptible);
    if (passed >= SILENCE_MS && !waiting.isTold) {
      waiting.isTold = true;
      this.tell(heldBy(this.interruptible));
    }
    if (state === State.bySignal) this.signal();
    const isPatient = isAbortable(this.interruptible) && passed < PATIENCE_MS;
    if (state === State.byDebugger) this.terminate(isPatient);
  }

  /** @param ownOnly end only a cell's own code, such as a callback of a training, and not the work that has called it */
  private terminate(ownOnly: boolean): void {
    if (this.terminating) return;
    this.terminating = true;
    const session = new Session();
    session.connectToMainThread();
    const expression = `globalThis[Symbol.for('${DEBUGGER_AID}')](${ownOnly})`;
    const leave = (): void => {
      session.disconnect();
      this.terminating = false;
    };
    let tries = ownOnly ? 0 : TRIES;
    const order = (): void => {
      const cut = cutOf(this.interruptible);
      if (cut === Cut.asked) return void setTimeout(order, MOMENT_MS);
      if (cut === Cut.refused) return tries-- > 0 ? void setTimeout(ask, MOMENT_MS) : leave();
      session.post('Runtime.terminateExecution', () => {
        leave();
        this.ended();
      });
      agreeOnCut(this.interruptible, Cut.ordered);
    };
    const ask = (): void => {
      if (this.waiting.size === 0) return leave();
      agreeOnCut(this.interruptible, Cut.asked);
      session.post('Runtime.evaluate', { expression });
      order();
    };
    ask();
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
