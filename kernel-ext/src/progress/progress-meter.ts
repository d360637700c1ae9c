/** How far a piece of work is. */
export interface ProgressState {
  label: string;
  /** What is counted, as in "images"; '' counts plainly. */
  unit: string;
  done: number;
  /** undefined: nobody knows. */
  total: number | undefined;
  /** A word on the present step, such as the loss; '' for none. */
  note: string;
  /** Seconds since the start. */
  seconds: number;
  /** Units a second of late; 0 while nothing is done. */
  rate: number;
  phase: 'running' | 'finished' | 'stopped';
}

/** Weight of the newest interval in the rate. */
const SMOOTHING = 0.3;

/** Measures the pace of work by a clock that it is given. */
export class ProgressMeter {
  private readonly start: number;
  private last: { time: number; done: number };
  private pace = 0;

  /** @param now milliseconds, never going back */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.start = now();
    this.last = { time: this.start, done: 0 };
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (this.now() - this.start) / 1000;
  }

  /** Takes note that `done` units are done. @returns units a second of late, as an exponential mean over the calls */
  rate(done: number): number {
    const time = this.now();
    const elapsed = (time - this.last.time) / 1000;
    if (elapsed > 0) {
      const latest = (done - this.last.done) / elapsed;
      this.pace = this.last.time === this.start ? latest : this.pace + SMOOTHING * (latest - this.pace);
      this.last = { time, done };
    }
    return this.pace;
  }
}
