import { COMM_TARGET } from '../payload';
import type { Json, Message } from './wire';

/** How much is kept, in bytes; the least recently used rows are dropped first. */
const MAX_BYTES = 64 * 2 ** 20;

interface Request {
  handle: string;
  indices: number[];
}

/**
 * Rows of W that were sent to a page, kept on the thread of the sockets, so that a page that asks again (reloaded, or a
 * second view) gets its answer while a cell computes. A row never changes, so it may outlive its linearization.
 */
export class StoredRows {
  /** The unanswered questions of each open comm, by id. */
  private readonly comms = new Map<string, Map<unknown, Request>>();
  private readonly rows = new Map<string, Uint8Array>();
  private readonly shapes = new Map<string, unknown>();
  private bytes = 0;

  /** Records a message on its way to the kernel. @returns the complete answer if it is here, else null */
  answer({ header, content }: Message): { content: Json; buffers: Uint8Array[] } | null {
    const comm = String(content.comm_id);
    if (header.msg_type === 'comm_open' && content.target_name === COMM_TARGET)
      this.comms.set(comm, new Map());
    if (header.msg_type === 'comm_close') this.comms.delete(comm);
    const asked = this.comms.get(comm);
    const data = content.data as (Json & Request) | undefined;
    if (data?.op === 'cancel') asked?.delete(data.cancels);
    if (header.msg_type !== 'comm_msg' || !asked || data?.op !== 'rows') return null;
    const { id, handle, indices } = data;
    if (typeof handle !== 'string' || !Array.isArray(indices) || indices.length === 0) return null;
    const buffers = indices.map(index => this.rows.get(`${handle} ${index}`));
    if (buffers.includes(undefined)) {
      asked.set(id, { handle, indices });
      return null;
    }
    const reply = { id, ok: true, op: 'rows', indices, shape: this.shapes.get(handle) };
    return { content: { comm_id: comm, data: reply }, buffers: buffers as Uint8Array[] };
  }

  /** Keeps the rows in an answer of the kernel. */
  keep(content: Json, buffers: Uint8Array[]): void {
    const data = content.data as Json | undefined;
    const asked = this.comms.get(String(content.comm_id));
    const request = asked?.get(data?.id);
    if (!request) return;
    asked!.delete(data?.id);
    if (!data?.ok || buffers.length !== request.indices.length) return;
    this.shapes.set(request.handle, data.shape);
    buffers.forEach((row, i) => this.store(`${request.handle} ${request.indices[i]}`, row));
  }

  private store(key: string, row: Uint8Array): void {
    this.bytes += row.byteLength - (this.rows.get(key)?.byteLength ?? 0);
    this.rows.delete(key);
    this.rows.set(key, row);
    for (const [oldest, { byteLength }] of this.rows) {
      if (this.bytes <= MAX_BYTES) return;
      this.rows.delete(oldest);
      this.bytes -= byteLength;
    }
  }
}
