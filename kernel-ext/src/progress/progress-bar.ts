import { ProgressMeter, type ProgressState } from './progress-meter';
import { type ProgressOutput, progressOutput } from './progress-output';

export interface ProgressOptions {
  /** What is going on. Default: nothing. */
  label?: string;
  /** How many units make the whole; default: unknown, then no remaining time is shown. */
  total?: number;
  /** What is counted, as in 'images'. Default: nothing. */
  unit?: string;
  /** Work that takes no longer than this, in seconds, shows nothing. Default: 0, it appears at once. */
  patience?: number;
}

/** Ten updates a second: more would only load the page. */
const INTERVAL_SECONDS = 0.1;

/** One progress display, moved by hand. Nothing runs in the background: it moves when it is told to. */
export class ProgressBar {
  private readonly label: string;
  private readonly unit: string;
  private readonly patience: number;
  private total: number | undefined;
  private done = 0;
  private note = '';
  private phase: ProgressState['phase'] = 'running';
  /** When it was shown last, in seconds since the start; null: not yet. */
  private shown: number | null = null;

  constructor(
    { label = '', total, unit = '', patience = 0 }: ProgressOptions = {},
    private readonly meter = new ProgressMeter(),
    private readonly output: ProgressOutput = progressOutput(),
  ) {
    this.label = label;
    this.unit = unit;
    this.total = total;
    this.patience = patience;
    if (patience === 0) this.show();
  }

  /** @param by units done since the last call, default 1; `note`: a word on this step, default: the last one stays */
  advance(by = 1, note?: string): void {
    this.set(this.done + by, note);
  }

  /** @param done units done since the start; `total`: of all units, if it has become known */
  set(done: number, note = this.note, total = this.total): void {
    if (this.phase !== 'running') return;
    Object.assign(this, { done, note, total });
    const next = this.shown === null ? this.patience : this.shown + INTERVAL_SECONDS;
    // What would appear only to end at once is not worth its line.
    if (this.meter.seconds >= next && (this.shown !== null || done !== total)) this.show();
  }

  /** The work is done. */
  finish(): void {
    this.end('finished');
  }

  /** The work ended early. Without effect after `finish`. */
  stop(): void {
    this.end('stopped');
  }

  private end(phase: 'finished' | 'stopped'): void {
    if (this.phase !== 'running') return;
    this.phase = phase;
    if (this.shown !== null) this.show();
  }

  private show(): void {
    const { label, unit, done, total, note, phase, meter } = this;
    this.shown = meter.seconds;
    this.output({ label, unit, done, total, note, phase, seconds: this.shown, rate: meter.rate(done) });
  }
}
