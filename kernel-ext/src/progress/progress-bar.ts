import { checkOptions, TEXT, type OptionKind, type OptionKinds } from '../errors/check-options';
import { ProgressMeter, type ProgressState } from './progress-meter';
import { type ProgressOutput, progressOutput } from './progress-output';

export interface ProgressOptions {
  /** What the work is. Default: ''. */
  label?: string;
  /** How many units there are in total. Default: unknown; then no remaining time is shown. */
  total?: number;
  /** What is counted, such as 'images'. Default: ''. */
  unit?: string;
  /** Work that takes at most this many seconds shows nothing. Default: 0; the bar appears at once. */
  patience?: number;
}

const NUMBER: OptionKind = {
  fits: value => typeof value === 'number' && value >= 0,
  wanted: 'a number of at least 0',
};
const OPTIONS: OptionKinds = { label: TEXT, total: NUMBER, unit: TEXT, patience: NUMBER };

/** Ten updates per second: more would only burden the page. */
const INTERVAL_SECONDS = 0.1;

/** One progress display that its owner advances. Nothing runs in the background: it moves only when it is called. */
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
    checkOptions('progress', { label, total, unit, patience }, OPTIONS);
    this.label = label;
    this.unit = unit;
    this.total = total;
    this.patience = patience;
    if (patience === 0) this.show();
  }

  /** @param by units done since the last call, default 1; `note`: a short note on this step, default: the last one stays */
  advance(by = 1, note?: string): void {
    this.set(this.done + by, note);
  }

  /** @param done units done since the start; `total`: the number of all units, if it has become known */
  set(done: number, note = this.note, total = this.total): void {
    if (this.phase !== 'running') return;
    Object.assign(this, { done, note, total });
    const next = this.shown === null ? this.patience : this.shown + INTERVAL_SECONDS;
    // A bar that would end as soon as it appears is not worth a line.
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
