/** Why a cell failed, in the form of Jupyter's `error` message. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

export type Outcome =
  /** The value of the last expression; undefined if there is nothing to show. */
  { ok: true; value: unknown } | { ok: false; failure: Failure };

/** What can stand between `start` and `end` (UTF-16 positions in the code). */
export interface Completion {
  start: number;
  end: number;
  matches: { text: string; type: string }[];
}

export type Completeness = { status: 'complete' | 'invalid' } | { status: 'incomplete'; indent: string };

/** Type and documentation of a name, for readers with and without Markdown. */
export interface Documentation {
  text: string;
  markdown: string;
}

/** Compiles and runs cells. Positions are UTF-16 indices. The engine knows nothing of the Jupyter protocol. */
export interface Engine {
  /** Runs one cell after the cells before it, unless `signal` has aborted by then. `label` names it in tracebacks. Never rejects. */
  execute(code: string, label: string, signal?: AbortSignal): Promise<Outcome>;
  complete(code: string, position: number): Completion;
  /** Type and documentation of the name at `position`, or of the function whose arguments are there; null if unknown. */
  inspect(code: string, position: number): Documentation | null;
  isComplete(code: string): Completeness;
  /** Describes an error that no cell caught. */
  describe(error: unknown): Failure;
  /** Ends the running cell at its `await`; SIGINT itself stops synchronous code. */
  interrupt(): void;
  close(): void;
}
