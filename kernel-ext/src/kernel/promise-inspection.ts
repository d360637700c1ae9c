import { inspect } from 'node:util';

/** Where Node notes on each promise what belongs to its asynchronous context. Node 24 keeps this out of sight by itself. */
const NOTES = /^(async_id_symbol|trigger_async_id_symbol|kResourceStore|destroyed)$/;

/**
 * Makes promises print as in a plain Node. The kernel follows which cell each output belongs to, and for that Node adds
 * properties to every promise, which `console.log` would print with everything that they lead to.
 */
export function hidePromiseNotes(): void {
  Object.defineProperty(Promise.prototype, inspect.custom, {
    value: withoutNotes,
    configurable: true,
    writable: true,
  });
}

function withoutNotes(this: object): object {
  for (const key of Object.getOwnPropertySymbols(this)) {
    if (NOTES.test(key.description ?? '') && Object.getOwnPropertyDescriptor(this, key)?.configurable)
      Object.defineProperty(this, key, { enumerable: false });
  }
  return this;
}
