/**
 * Tells the thread of the sockets what the kernel's thread is doing. `SIGINT` ends the synchronous part of a cell by
 * itself; anything else that keeps the thread busy (code after an `await`, a timer) needs the debugger's help.
 */
export const INTERRUPTIBLE = new Int32Array(new SharedArrayBuffer(12));

/** Positions in `INTERRUPTIBLE`. */
const STATE = 0;
const REQUESTS = 1;
const LOCK = 2;

/** Values of the state. */
export const State = {
  byDebugger: 0,
  bySignal: 1,
  /** Node changes its signal handlers, or the compiler or a library loads: a signal would end the process, or leave them half done. */
  notAtAll: 2,
} as const;

type State = (typeof State)[keyof typeof State];

/** Sets the state. @returns a function that restores the previous one */
export function enter(state: State): () => void {
  const before = change(INTERRUPTIBLE, state);
  return () => void change(INTERRUPTIBLE, before);
}

/** Runs the synchronous part of a cell, inside the script that `SIGINT` ends. */
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

/** Runs `act` with the state, which does not change meanwhile. For the thread of the sockets. */
export function holdState<T>(interruptible: Int32Array, act: (state: State) => T): T {
  lock(interruptible);
  try {
    return act(stateOf(interruptible));
  } finally {
    Atomics.store(interruptible, LOCK, 0);
  }
}

/** Records an interrupt_request. The request itself interrupts the cell; its signals do not. */
export function noteRequest(interruptible: Int32Array): void {
  Atomics.add(interruptible, REQUESTS, 1);
}

/** Whether a SIGINT may belong to an interrupt_request. */
export function isRequested(): boolean {
  return Atomics.load(INTERRUPTIBLE, REQUESTS) > 0;
}

/** Marks the interrupt_request as answered. One of its signals may still arrive in this turn of the event loop. */
export function forgetRequest(): void {
  setImmediate(() => setImmediate(() => void Atomics.sub(INTERRUPTIBLE, REQUESTS, 1)));
}

/** Calls nothing while the lock is held, because V8 ends code where it calls or loops. */
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
 * Code that the debugger ends does not run its `finally` blocks, not even Node's own, and Node stops if its stack of
 * asynchronous scopes is not what it expects. So that stack is emptied just before. Node 24 hides the stack, and needs
 * this only for loops directly in the callback of a timer: those end the process there.
 */
interface DebuggerAid {
  /**
   * From now until the next turn of the event loop, a continued promise enters no scope; otherwise it could enter one
   * after the stack was emptied. Call this a moment before `unwind`, because the thread may be about to enter one.
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

/** Node's own table of asynchronous scopes; null if this Node does not expose it. */
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
