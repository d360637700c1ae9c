import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Outcome } from './victim';

/** What became of one file: 'died' if the process ended, 'hung' if it had to be ended. */
export type Fate = Omit<Outcome, 'kind'> & { kind: Outcome['kind'] | 'died' | 'hung' };

/** A file must be refused or explained within this time, also on a busy machine [ms]. */
const PATIENCE = 60_000;

/** A process that loads files, replaced by another one whenever a file has killed it. */
export class OnnxVictims {
  private child: ChildProcess | undefined;

  async fateOf(source: string | Uint8Array): Promise<Fate> {
    const child = (this.child ??= await started());
    const ended = new AbortController();
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    const since = Date.now();
    try {
      const answer = once(child, 'message', { signal: ended.signal });
      const exit = once(child, 'exit', { signal: ended.signal });
      child.send(source);
      const [first, signal] = (await Promise.race([answer, exit])) as [Outcome | number | null, unknown];
      if (typeof first === 'object' && first !== null) return first;
      this.child = undefined;
      const kind = Date.now() - since >= PATIENCE ? 'hung' : 'died';
      return { kind, message: `it ended with ${String(signal ?? first)}`, grown: 0, left: 0 };
    } finally {
      clearTimeout(timer);
      ended.abort();
    }
  }

  end(): void {
    this.child?.kill('SIGKILL');
  }
}

async function started(): Promise<ChildProcess> {
  const child = fork(path.join(__dirname, 'victim.ts'), { serialization: 'advanced', stdio: 'ignore' });
  await once(child, 'message');
  return child;
}
