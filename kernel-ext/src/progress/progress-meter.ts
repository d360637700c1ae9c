/** How far a piece of work has progressed. */
export interface ProgressState {
  label: string;
  /** What is counted, such as 'images'; '' for a plain count. */
  unit: string;
  done: number;
  /** undefined: unknown. */
  total: number | undefined;
  /** A short note on the current step, such as the loss; '' for none. */
  note: string;
  /** Seconds since the start. */
  seconds: number;
  /** Recent rate in units per second; 0 while nothing is done. */
  rate: number;
  phase: 'running' | 'finished' | 'stopped';
}

/** Weight of the most recent interval in the rate. */
const SMOOTHING = 0.3;

/** Measures the pace of work by the clock that it is given. */
export class ProgressMeter {
  private readonly start: number;
  private last: { time: number; done: number };
  private pace = 0;

  /** @param now the current time in milliseconds; never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.start = now();
    this.last = { time: this.start, done: 0 };
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (this.now() - this.start) / 1000;
  }

  /** Records that `done` units are done. @returns the recent rate in units per second, an exponential mean over the calls */
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
