import type { Connection } from './connection';
import type { ReplyLine } from './input-replies';
import type { Message, Packed } from './wire';

export type Channel = 'shell' | 'control' | 'stdin';

/** What the thread of the sockets starts with. */
export interface SideThreadData {
  connection: Connection;
  session: string;
  /** See `INTERRUPTIBLE`. */
  interruptible: Int32Array;
  /** Receives replies to `prompt`. */
  replies: ReplyLine;
  /** File to remove when the process ends on request, see `Farewell`. */
  farewell: string;
}

/** From the kernel's thread to the thread of the sockets. */
export type ToSockets =
  | { kind: 'send'; channel: Channel | 'iopub'; packed: Packed }
  /** Answered by `drained` when every message that arrived on this machine has been passed on. */
  | { kind: 'drain' }
  | { kind: 'close' };

/** From the thread of the sockets to the kernel's. */
export type FromSockets =
  { kind: 'ready' } | { kind: 'message'; channel: Channel; message: Message } | { kind: 'drained' };
