import type { CommReply, CommRequest } from '../payload';
import type { CommTarget } from './comms';

/** Answers one request; `signal` aborts when the front end cancels it or goes away. */
export type Answer = (
  request: CommRequest,
  signal: AbortSignal,
  buffers: readonly ArrayBufferView[],
) => Promise<{ reply: CommReply; buffers: ArrayBufferView[] }>;

/** The comm target on which views ask for rows that are not in their bundle. Failures are answered as well. */
export function liveTarget(answer: Answer): CommTarget {
  return comm => {
    const inFlight = new Map<number, AbortController>();
    comm.onMessage = ({ data, buffers: received }) => {
      const request = data as unknown as CommRequest;
      if (request.op === 'cancel') return inFlight.get(request.cancels)?.abort();
      const controller = new AbortController();
      inFlight.set(request.id, controller);
      void answer(request, controller.signal, received)
        .catch(error => ({ reply: failed(request.id, error), buffers: [] as ArrayBufferView[] }))
        .then(({ reply, buffers }) => {
          inFlight.delete(request.id);
          if (!controller.signal.aborted) comm.send({ ...reply }, { buffers });
        });
    };
    comm.onClose = () => inFlight.forEach(controller => controller.abort());
  };
}

function failed(id: number, error: unknown): CommReply {
  return { id, ok: false, code: 'failed', message: error instanceof Error ? error.message : String(error) };
}
