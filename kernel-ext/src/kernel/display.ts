import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { ProgressBar } from '../progress/progress-bar';
import { type Bundle, DISPLAY, type DisplaySink, SINK } from '../sink/sink';
import type { Format } from './format';
import { beginAbortable, hold } from './interruptible';
import type { Outputs } from './outputs';

export interface DisplayOptions {
  /** Name by which this output can be replaced later. Default: a new name. */
  displayId?: string;
  /** true: replaces what `displayId` shows instead of adding an output. Default: false. */
  update?: boolean;
}

/** What `display` returns: the output, for as long as the notebook is open. */
export interface DisplayHandle {
  readonly displayId: string;
  /** Replaces what this output shows by another value. */
  update(value: unknown): void;
}

/**
 * Shows a value below the running cell at once: its own MIME bundle if it has `Symbol.for('Jupyter.display')`, else its
 * text. Returns a handle whose `update` replaces the output by another value; `display.clear()` clears the output.
 * `display.markdown`, `display.html`, `display.latex`, `display.svg` and `display.json` show text as what it is.
 *
 * @example
 * display.markdown('The logit of **7** is $W_7 x + b_7$.');
 * const handle = display('working …');
 * handle.update('done');
 */
export interface Display {
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  /** Shows Markdown, with formulas between dollar signs. */
  markdown(text: string, options?: DisplayOptions): DisplayHandle;
  /** Shows HTML. JupyterLab runs its scripts only in notebooks that you trust. */
  html(text: string, options?: DisplayOptions): DisplayHandle;
  /** Shows a formula, with its dollar signs: `display.latex('$F(x) = Wx + b$')`. */
  latex(text: string, options?: DisplayOptions): DisplayHandle;
  /** Shows an SVG picture. */
  svg(text: string, options?: DisplayOptions): DisplayHandle;
  /** Shows a value of JSON as a tree that can be folded. */
  json(value: unknown, options?: DisplayOptions): DisplayHandle;
  /** Clears the output of this cell; with `wait`, not before the next output. */
  clear(options?: { wait?: boolean }): void;
}

export function createSink(outputs: Outputs): DisplaySink {
  return {
    replaces: true,
    display(bundle, { displayId, update = false, metadata = {} } = {}) {
      const transient = displayId === undefined ? {} : { display_id: displayId };
      outputs.publish(update ? 'update_display_data' : 'display_data', { data: bundle, metadata, transient });
    },
    track(work) {
      outputs.current?.pending.add(work);
      work.catch(() => {}); // The cell reports the error when it waits for this work.
    },
    get plots() {
      return outputs.current?.plots;
    },
    get signal() {
      return outputs.current?.signal;
    },
    hold,
    beginAbortable,
    workBar: facts => new ProgressBar({ ...facts, patience: 1 }),
  };
}

export function createDisplay(outputs: Outputs, sink: DisplaySink, format: Format): Display {
  const display = (value: unknown, options: DisplayOptions = {}): DisplayHandle => {
    const { displayId = randomUUID(), update = false } = options;
    const show = (bundle: Bundle): void => sink.display(bundle, { displayId, update });
    const bundle = format(value);
    if (bundle instanceof Promise) sink.track(bundle.then(show));
    else show(bundle);
    return { displayId, update: next => void display(next, { displayId, update: true }) };
  };
  const clear = ({ wait = false } = {}): void => outputs.publish('clear_output', { wait });
  const as = (type: string) => (value: unknown, options?: DisplayOptions) =>
    display({ [DISPLAY]: () => ({ [type]: value, 'text/plain': textOf(value) }) }, options);
  return Object.assign(display, {
    clear,
    markdown: as('text/markdown'),
    html: as('text/html'),
    latex: as('text/latex'),
    svg: as('image/svg+xml'),
    json: as('application/json'),
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : inspect(value));

/** Puts the sink where the library's displays look for it. */
export function installSink(sink: DisplaySink): void {
  Object.defineProperty(globalThis, SINK, { value: sink, configurable: true });
}
