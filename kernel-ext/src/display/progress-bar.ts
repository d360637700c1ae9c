import { ProgressMeter, type ProgressState } from './progress-meter';
import { type ProgressOutput, progressOutput } from './progress-output';

export interface ProgressOptions {
  /** What is going on. Default: nothing. */
  label?: string;
  /** How many units make the whole; default: unknown, then no remaining time is shown. */
  total?: number;
  /** What is counted, as in 'images'. Default: nothing. */
  unit?: string;
}

/** Ten updates a second: more would only load the page. */
const INTERVAL_SECONDS = 0.1;

/** One progress display, moved by hand. Nothing runs in the background: it moves when it is told to. */
export class ProgressBar {
  private readonly label: string;
  private readonly unit: string;
  private total: number | undefined;
  private done = 0;
  private note = '';
  private phase: ProgressState['phase'] = 'running';
  private shown = 0;

  constructor(
    { label = '', total, unit = '' }: ProgressOptions = {},
    private readonly meter = new ProgressMeter(),
    private readonly output: ProgressOutput = progressOutput(),
  ) {
    this.label = label;
    this.unit = unit;
    this.total = total;
    this.show();
  }

  /** @param by units done since the last call, default 1; `note`: a word on this step, default: the last one stays */
  advance(by = 1, note?: string): void {
    this.set(this.done + by, note);
  }

  /** @param done units done since the start; `total`: of all units, if it has become known */
  set(done: number, note = this.note, total = this.total): void {
    if (this.phase !== 'running') return;
    Object.assign(this, { done, note, total });
    if (this.meter.seconds - this.shown >= INTERVAL_SECONDS) this.show();
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
    this.show();
  }

  private show(): void {
    const { label, unit, done, total, note, phase, meter } = this;
    this.shown = meter.seconds;
    this.output({ label, unit, done, total, note, phase, seconds: this.shown, rate: meter.rate(done) });
  }
}
