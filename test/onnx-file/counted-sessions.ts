import { InferenceSession } from 'onnxruntime-node';

/** How many sessions of onnxruntime have been made, and how many of them are still held, since the call of `countSessions`. */
export interface Sessions {
  made: number;
  held: number;
}

/** Counts the sessions that are made and released during a suite. */
export function countSessions(): Sessions {
  const sessions = { made: 0, held: 0 };
  const original = InferenceSession.create;
  before(() => {
    InferenceSession.create = async (...of: unknown[]) => {
      const session = await (original as (...of: unknown[]) => Promise<InferenceSession>)(...of);
      sessions.made++;
      sessions.held++;
      const release = session.release.bind(session);
      session.release = async () => {
        sessions.held--;
        await release();
      };
      return session;
    };
  });
  after(() => {
    InferenceSession.create = original;
  });
  return sessions;
}
