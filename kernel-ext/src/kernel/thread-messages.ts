import type { Connection } from './connection';
import type { ReplyLine } from './input-replies';
import type { Message, Packed } from './wire';

export type Channel = 'shell' | 'control' | 'stdin';

/** The channels on which requests arrive. */
export type RequestChannel = Exclude<Channel, 'stdin'>;

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
  /** See `NumberedReceiver`. */
  taken: Int32Array;
}

/** From the kernel's thread to the thread of the sockets. */
export type ToSockets =
  | { kind: 'send'; channel: Channel | 'iopub'; packed: Packed }
  /** Answered by `drained` when every message that arrived on this machine has been passed on. */
  | { kind: 'drain'; number: number }
  | { kind: 'close' };

/** From the thread of the sockets to the kernel's, as entries of a line that loses nothing, see `NumberedSender`. */
export type FromSockets =
  | { kind: 'ready' }
  | { kind: 'message'; channel: RequestChannel; message: Message }
  | { kind: 'drained'; number: number }
  /** The process that started the kernel is gone. */
  | { kind: 'orphaned' }
  /** The sockets cannot be bound; a sentence for the log of the Jupyter server. */
  | { kind: 'failed'; reason: string }
  /** The debugger has ended what the kernel's thread was doing. */
  | { kind: 'ended' };
