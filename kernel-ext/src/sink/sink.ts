/** A MIME bundle: one thing in several forms, keyed by MIME type. */
export type Bundle = Record<string, unknown>;

/** The symbol of the method that returns an object's MIME bundle; Deno's notebook libraries use the same one. */
export const DISPLAY = Symbol.for('Jupyter.display');

/** What long work does, how many units there are in total, and what they are. */
export interface WorkFacts {
  label: string;
  total: number;
  unit: string;
}

/** Shows the progress of long work; see ProgressBar. */
export interface WorkBar {
  set(done: number): void;
  finish(): void;
  stop(): void;
}

/** Where displays go. The Piecewise kernel puts its own under `SINK` on globalThis. */
export interface DisplaySink {
  /** true: `update` replaces what a display id shows. */
  readonly replaces: boolean;
  /** Shows a bundle below the running cell; with `update`, replaces what `displayId` shows. */
  display(bundle: Bundle, options?: { displayId?: string; update?: boolean; metadata?: Bundle }): void;
  /** Keeps the running cell from ending before `work` does, so that `plot(x)` without `await` still appears below its cell. */
  track(work: Promise<unknown>): void;
  /** Shows the progress of long work that nobody else watches. If absent, such work is silent: a script decides what it prints. */
  workBar?(facts: WorkFacts): WorkBar;
}

/** Key of the kernel's sink on globalThis. */
export const SINK = Symbol.for('piecewise.sink');
