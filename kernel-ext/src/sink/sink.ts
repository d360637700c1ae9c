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

/** What a stop may have to wait for, as the end of "waiting for …". The first entry stands for whatever else does not return. */
export const HELD_BY = [
  'a native function or another program to return',
  'TensorFlow.js to load',
  'a module to load',
  'the compiler',
  'a run of onnxruntime to end',
] as const;

export type HeldBy = (typeof HELD_BY)[number];

/** Where displays go. The Piecewise kernel puts its own under `SINK` on globalThis. */
export interface DisplaySink {
  /** true: `update` replaces what a display id shows. */
  readonly replaces: boolean;
  /** Shows a bundle below the running cell; with `update`, replaces what `displayId` shows. */
  display(bundle: Bundle, options?: { displayId?: string; update?: boolean; metadata?: Bundle }): void;
  /** Keeps the running cell from ending before `work` does, so that `plot(x)` without `await` still appears below its cell. */
  track(work: Promise<unknown>): void;
  /** What the running cell has begun to plot; `plot` keeps its order. If absent, things appear as they become ready. */
  readonly plots?: { last?: Promise<unknown> };
  /** Shows the progress of long work that nobody else watches. If absent, such work is silent: a script decides what it prints. */
  workBar?(facts: WorkFacts): WorkBar;
  /** Aborts when the user stops the work of the running cell or view. Long work looks at it, whoever else may stop it. */
  readonly signal?: AbortSignal;
  /** Keeps a stop from ending code in the middle; what cannot wait is cut without its `finally` blocks. @returns a function that ends this */
  hold?(what: HeldBy): () => void;
  /** Notes that work has begun that soon ends by itself when `signal` aborts. @returns a function that notes its end */
  beginAbortable?(): () => void;
}

/** Key of the kernel's sink on globalThis. */
export const SINK = Symbol.for('piecewise.sink');
