/** Why a cell failed, in the form of Jupyter's `error` message. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

export type Outcome =
  /** `value` of the last expression; undefined: there is nothing to show. */
  { ok: true; value: unknown } | { ok: false; failure: Failure };

/** What can stand between `start` and `end` (UTF-16 positions in the code). */
export interface Completion {
  start: number;
  end: number;
  matches: { text: string; type: string }[];
}

export type Completeness = { status: 'complete' | 'invalid' } | { status: 'incomplete'; indent: string };

/** Compiles and runs cells. Positions are UTF-16 indices; nothing here knows the Jupyter protocol. */
export interface Engine {
  /** Runs one cell after the cells before it. `label` names it in tracebacks. Never rejects. */
  execute(code: string, label: string): Promise<Outcome>;
  complete(code: string, position: number): Completion;
  /** Type and documentation of what stands at `position`, or of the function whose arguments do; null: unknown. */
  inspect(code: string, position: number): string | null;
  isComplete(code: string): Completeness;
  /** Puts an error that no cell caught into the form of a failure. */
  describe(error: unknown): Failure;
  /** Lets the running cell end where it awaits; synchronous code is stopped by SIGINT itself. */
  interrupt(): void;
  close(): void;
}
