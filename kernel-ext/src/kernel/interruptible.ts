/**
 * Says to the thread of the sockets what the kernel's thread is at. `SIGINT` ends the synchronous part of a cell by
 * itself; anything else that keeps the thread busy (code behind an `await`, a timer) needs the debugger's help.
 */
export const INTERRUPTIBLE = new Int32Array(new SharedArrayBuffer(8));

/** Values of `INTERRUPTIBLE`. */
export const State = { byDebugger: 0, bySignal: 1, notAtAll: 2 } as const;

/** Notes that the thread of the sockets sends a SIGINT for an interrupt_request. */
export function noteSignal(interruptible: Int32Array): void {
  Atomics.store(interruptible, 1, 1);
}

/** Whether the SIGINT that arrived belongs to an interrupt_request, which interrupts the cell by itself. */
export function takeNotedSignal(): boolean {
  return Atomics.exchange(INTERRUPTIBLE, 1, 0) === 1;
}

/** Sets the state. @returns a function that sets it back */
export function enter(state: (typeof State)[keyof typeof State]): () => void {
  const before = Atomics.exchange(INTERRUPTIBLE, 0, state);
  return () => void Atomics.store(INTERRUPTIBLE, 0, before);
}

/** Name of a function on globalThis that the debugger calls in the kernel's thread before it ends what that is at. */
export const UNWIND = 'piecewise.unwind';

interface AsyncWrap {
  clearAsyncIdStack(): void;
}

/**
 * Code that the debugger ends does not run its `finally` blocks, Node's own ones neither, and Node stops when its stack of
 * asynchronous scopes is not what it expects. So that stack is emptied first. Node 24 hides the way to it and needs
 * it only for loops right in a callback of a timer: those end the process there.
 */
export function allowDebugger(): void {
  const { binding } = process as unknown as { binding(name: string): AsyncWrap };
  let wrap: AsyncWrap | null = null;
  process.noDeprecation = true;
  try {
    wrap = binding('async_wrap');
  } catch {
    // This Node does not hand it out.
  }
  process.noDeprecation = false;
  Object.defineProperty(globalThis, Symbol.for(UNWIND), { value: () => wrap?.clearAsyncIdStack() });
}
