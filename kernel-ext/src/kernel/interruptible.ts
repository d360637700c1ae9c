/**
 * Says to the thread of the sockets what the kernel's thread is at. `SIGINT` ends the synchronous part of a cell by
 * itself; anything else that keeps the thread busy (code behind an `await`, a timer) needs the debugger's help.
 */
export const INTERRUPTIBLE = new Int32Array(new SharedArrayBuffer(12));

/** Places in `INTERRUPTIBLE`. */
const STATE = 0;
const REQUESTS = 1;
const LOCK = 2;

/** Values of the state. */
export const State = {
  byDebugger: 0,
  bySignal: 1,
  /** Node changes its handlers of signals, the compiler or a library loads: a signal would end the process, or leave them half done. */
  notAtAll: 2,
} as const;

type State = (typeof State)[keyof typeof State];

/** Sets the state. @returns a function that sets it back */
export function enter(state: State): () => void {
  const before = change(INTERRUPTIBLE, state);
  return () => void change(INTERRUPTIBLE, before);
}

/** Runs the synchronous part of a cell, inside of the script that `SIGINT` ends. */
export function runBySignal<T>(cell: () => T): T {
  const leave = enter(State.bySignal);
  try {
    return cell();
  } finally {
    leave();
  }
}

export function stateOf(interruptible: Int32Array): State {
  return Atomics.load(interruptible, STATE) as State;
}

/** Runs `act` with the state, which does not change meanwhile: in the thread of the sockets. */
export function holdState<T>(interruptible: Int32Array, act: (state: State) => T): T {
  lock(interruptible);
  try {
    return act(stateOf(interruptible));
  } finally {
    Atomics.store(interruptible, LOCK, 0);
  }
}

/** Notes an interrupt_request, which interrupts the cell by itself: its signals do not. */
export function noteRequest(interruptible: Int32Array): void {
  Atomics.add(interruptible, REQUESTS, 1);
}

/** Whether a SIGINT that arrives may belong to an interrupt_request. */
export function isRequested(): boolean {
  return Atomics.load(INTERRUPTIBLE, REQUESTS) > 0;
}

/** The interrupt_request is answered; a signal of it may arrive with what this turn of the event loop has still to read. */
export function forgetRequest(): void {
  setImmediate(() => setImmediate(() => void Atomics.sub(INTERRUPTIBLE, REQUESTS, 1)));
}

/** Nothing is called while the lock is held: V8 ends code where it calls or repeats. */
function change(interruptible: Int32Array, state: State): State {
  lock(interruptible);
  const before = Atomics.exchange(interruptible, STATE, state);
  Atomics.store(interruptible, LOCK, 0);
  return before as State;
}

function lock(interruptible: Int32Array): void {
  while (Atomics.compareExchange(interruptible, LOCK, 0, 1) !== 0) Atomics.wait(interruptible, LOCK, 1, 1);
}

/** Name of an object on globalThis, a `DebuggerAid`, that the debugger calls in the kernel's thread. */
export const DEBUGGER_AID = 'piecewise.debuggerAid';

/**
 * Code that the debugger ends does not run its `finally` blocks, Node's own ones neither, and Node stops when its stack of
 * asynchronous scopes is not what it expects. So that stack is emptied just before. Node 24 hides the way to it and
 * needs it only for loops right in a callback of a timer: those end the process there.
 */
interface DebuggerAid {
  /**
   * From here to the next turn of the event loop a continued promise enters no scope, which it would do between the
   * emptying and the end. To be called a moment before `unwind`: the thread may be on its way into one.
   */
  quiet(): void;
  unwind(): void;
}

type PromiseHook = ((promise: Promise<unknown>) => void) | undefined;

interface AsyncWrap {
  clearAsyncIdStack(): void;
  getPromiseHooks(): PromiseHook[];
  setPromiseHooks(...hooks: PromiseHook[]): void;
}

export function allowDebugger(): void {
  const wrap = asyncWrap();
  const aid: DebuggerAid = wrap ? aidBy(wrap) : { quiet: () => {}, unwind: () => {} };
  Object.defineProperty(globalThis, Symbol.for(DEBUGGER_AID), { value: aid });
}

function aidBy(wrap: AsyncWrap): DebuggerAid {
  return {
    quiet: () => {
      const hooks = wrap.getPromiseHooks();
      if (hooks.every(hook => hook === undefined)) return;
      wrap.setPromiseHooks(undefined, undefined, undefined, undefined);
      setImmediate(() => wrap.setPromiseHooks(...hooks));
    },
    unwind: () => wrap.clearAsyncIdStack(),
  };
}

/** Node's own table of asynchronous scopes; null where this Node does not hand it out. */
function asyncWrap(): AsyncWrap | null {
  const { binding } = process as unknown as { binding(name: string): AsyncWrap };
  process.noDeprecation = true;
  try {
    return binding('async_wrap');
  } catch {
    return null;
  } finally {
    process.noDeprecation = false;
  }
}
