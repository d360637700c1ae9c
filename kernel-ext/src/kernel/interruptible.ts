import { HELD_BY, type HeldBy } from '../sink/sink';
import { now, setImmediate } from './own-globals';

/**
 * Tells the thread of the sockets what the kernel's thread is doing. `SIGINT` ends the synchronous part of a cell by
 * itself; anything else that keeps the thread busy (code after an `await`, a timer) needs the debugger's help.
 */
export const INTERRUPTIBLE = new Int32Array(new SharedArrayBuffer(28));

/** Positions in `INTERRUPTIBLE`. */
const STATE = 0;
const REQUESTS = 1;
const LOCK = 2;
/** How many pieces of work must not be cut in the middle, and what the last of them is, as an index into `HELD_BY`. */
const HOLDS = 3;
const HOLDER = 4;
/** How many pieces of long work end by themselves when they are aborted. */
const ABORTABLE = 5;
/** What the two threads have agreed on, see `Cut`. */
const CUT = 6;

/** Values of the state. */
export const State = {
  byDebugger: 0,
  bySignal: 1,
  /** Node changes its signal handlers, or the compiler or a library loads: a signal would end the process, or leave them half done. */
  notAtAll: 2,
} as const;

type State = (typeof State)[keyof typeof State];

/** How the two threads agree to end what the kernel's thread is doing. */
export const Cut = {
  /** The kernel's thread has not looked yet. */
  asked: 0,
  /** The kernel's thread waits; the debugger may end what lies below. */
  ready: 1,
  /** The debugger has its order, and the kernel's thread goes on into it. */
  ordered: 2,
  /** Nothing there may be cut now. */
  refused: 3,
} as const;

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

/** Keeps an interrupt from cutting what runs from now on. @returns a function that ends this */
export function hold(what: HeldBy): () => void {
  const before = changeHolder(1, HELD_BY.indexOf(what));
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    changeHolder(-1, before);
  };
}

/** Runs what an interrupt must not cut, to its end. */
export function whole<T>(what: HeldBy, work: () => T): T {
  const release = hold(what);
  try {
    return work();
  } finally {
    release();
  }
}

/** Work in progress that ends by itself when it is aborted. */
const abortable = new Set<symbol>();

/** Notes that work has begun that ends by itself when it is aborted, so that it is cut later than other code. @returns a function that notes its end */
export function beginAbortable(): () => void {
  const work = Symbol();
  const note = (): void => void Atomics.store(INTERRUPTIBLE, ABORTABLE, abortable.size);
  abortable.add(work);
  note();
  return () => {
    abortable.delete(work);
    note();
  };
}

/** Work that was cut does not note its end. */
export function forgetAbortable(): void {
  abortable.clear();
  Atomics.store(INTERRUPTIBLE, ABORTABLE, 0);
}

export function isAbortable(interruptible: Int32Array): boolean {
  return Atomics.load(interruptible, ABORTABLE) > 0;
}

export function stateOf(interruptible: Int32Array): State {
  const isHeld = Atomics.load(interruptible, HOLDS) > 0;
  return isHeld ? State.notAtAll : (Atomics.load(interruptible, STATE) as State);
}

/** What an interrupt has to wait for. */
export function heldBy(interruptible: Int32Array): HeldBy {
  const isHeld = Atomics.load(interruptible, HOLDS) > 0;
  return HELD_BY[isHeld ? Atomics.load(interruptible, HOLDER) : 0];
}

export function cutOf(interruptible: Int32Array): number {
  return Atomics.load(interruptible, CUT);
}

export function agreeOnCut(interruptible: Int32Array, cut: number): void {
  Atomics.store(interruptible, CUT, cut);
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

function changeHolder(by: 1 | -1, holder: number): number {
  lock(INTERRUPTIBLE);
  Atomics.add(INTERRUPTIBLE, HOLDS, by);
  const before = Atomics.exchange(INTERRUPTIBLE, HOLDER, holder);
  Atomics.store(INTERRUPTIBLE, LOCK, 0);
  return before;
}

function lock(interruptible: Int32Array): void {
  while (Atomics.compareExchange(interruptible, LOCK, 0, 1) !== 0) Atomics.wait(interruptible, LOCK, 1, 1);
}

/** Name of a function on globalThis, `cut`, that the debugger calls in the kernel's thread. */
export const DEBUGGER_AID = 'piecewise.debuggerAid';

interface AsyncWrap {
  clearAsyncIdStack(): void;
}

/** How long the kernel's thread waits for the debugger to get its order. */
const ORDER_MS = 1000;

/** What decides about a cut, besides the state. */
interface Cuts {
  /** Called when what this thread is doing is about to end without its `finally` blocks. */
  onCut(): void;
  /** Whether a script is a cell or a file that cells import. */
  isOwn(script: string): boolean;
}

export function allowDebugger(cuts: Cuts): void {
  const wrap = asyncWrap();
  const value = (ownOnly: boolean): void => cut(wrap, cuts, ownOnly);
  Object.defineProperty(globalThis, Symbol.for(DEBUGGER_AID), { value });
}

/**
 * Prepares for the end of what lies below this call, or refuses; returns when the debugger has its order.
 *
 * Code that the debugger ends does not run its `finally` blocks, not even Node's own, and Node stops if its stack of
 * asynchronous scopes is not what it expects. So that stack is emptied just before. Node 24 hides the stack, and needs
 * this only for loops directly in the callback of a timer: those end the process there.
 *
 * @param ownOnly refuse unless a cell's own code lies below, such as a callback that a library has called
 */
function cut(wrap: AsyncWrap | null, { onCut, isOwn }: Cuts, ownOnly: boolean): void {
  const below = framesBelow();
  const isWanted = !isIdle(below) && (!ownOnly || below.some(frame => isOwn(scriptOf(frame))));
  if (stateOf(INTERRUPTIBLE) !== State.byDebugger || !isWanted) return agreeOnCut(INTERRUPTIBLE, Cut.refused);
  onCut();
  wrap?.clearAsyncIdStack();
  agreeOnCut(INTERRUPTIBLE, Cut.ready);
  // Between this and the debugger's order, no other code may run here. V8 cannot wait within an `Atomics.wait`, so this loops.
  const end = now() + ORDER_MS;
  while (cutOf(INTERRUPTIBLE) === Cut.ready && now() < end);
}

/** What lies below the expression that the debugger evaluates, the innermost frame first. */
function framesBelow(): NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES_OF_DEBUGGER + FRAMES_LOOKED_AT;
  Error.prepareStackTrace = (_, frames) => frames;
  const { stack } = new Error() as unknown as { stack: NodeJS.CallSite[] };
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  return stack.slice(FRAMES_OF_DEBUGGER);
}

/** Whether there is no code that may be cut. The next message of a client must not be cut instead. */
const isIdle = ([innermost]: NodeJS.CallSite[]): boolean =>
  innermost === undefined || SCOPES.has(innermost.getFileName() ?? '');

const scriptOf = (frame: NodeJS.CallSite): string => frame.getScriptNameOrSourceURL() ?? '';

/**
 * Where Node enters and leaves asynchronous scopes. Code ends only where it calls or loops next; these files could still
 * enter a scope before that, although the stack of scopes has been emptied.
 */
const SCOPES = new Set<string>(['node:internal/async_hooks', 'node:async_hooks']);

/** `framesBelow`, `cut`, the function on globalThis that calls it, and the expression that the debugger evaluates. */
const FRAMES_OF_DEBUGGER = 4;

/** Enough for a callback of a cell that a library calls, and for what the callback calls. */
const FRAMES_LOOKED_AT = 100;

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
