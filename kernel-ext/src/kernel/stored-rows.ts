import { COMM_TARGET } from '../display/payload';
import type { Json, Message } from './wire';

/** So much is kept; what was asked for longest ago goes first. */
const MAX_BYTES = 64 * 2 ** 20;

interface Request {
  handle: string;
  indices: number[];
}

/**
 * Rows of W that went to a page, kept on the thread of the sockets: a page that asks again (reloaded, or a second view) is
 * answered while a cell computes. A row never changes, so it may also outlive its linearization.
 */
export class StoredRows {
  private readonly comms = new Set<string>();
  private readonly asked = new Map<string, Request>();
  private readonly rows = new Map<string, Uint8Array>();
  private readonly shapes = new Map<string, unknown>();
  private bytes = 0;

  /** Takes note of a message on its way to the kernel. @returns the whole answer, if it is here; else null */
  answer({ header, content }: Message): { content: Json; buffers: Uint8Array[] } | null {
    const comm = String(content.comm_id);
    if (header.msg_type === 'comm_open' && content.target_name === COMM_TARGET) this.comms.add(comm);
    if (header.msg_type === 'comm_close') this.comms.delete(comm);
    const data = content.data as (Json & Request) | undefined;
    if (header.msg_type !== 'comm_msg' || !this.comms.has(comm) || data?.op !== 'rows') return null;
    const { id, handle, indices } = data;
    if (typeof handle !== 'string' || !Array.isArray(indices) || indices.length === 0) return null;
    const buffers = indices.map(index => this.rows.get(`${handle} ${index}`));
    if (buffers.includes(undefined)) {
      this.asked.set(`${comm} ${String(id)}`, { handle, indices });
      return null;
    }
    const reply = { id, ok: true, op: 'rows', indices, shape: this.shapes.get(handle) };
    return { content: { comm_id: comm, data: reply }, buffers: buffers as Uint8Array[] };
  }

  /** Keeps the rows in an answer of the kernel. */
  keep(content: Json, buffers: Uint8Array[]): void {
    const data = content.data as Json | undefined;
    const key = `${String(content.comm_id)} ${String(data?.id)}`;
    const request = this.asked.get(key);
    if (!request) return;
    this.asked.delete(key);
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
