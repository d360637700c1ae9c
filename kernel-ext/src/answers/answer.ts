import type { CommReply, RefusalCode } from '../payload';

/** What the comm sends back: the reply, and the buffers that belong to it. */
export interface Answer {
  reply: CommReply;
  buffers: Uint8Array[];
}

/** The answer to a question that is refused. @param message one sentence for the reader of the view */
export function refusal(id: number, code: RefusalCode, message: string): Answer {
  return { reply: { id, ok: false, code, message }, buffers: [] };
}
