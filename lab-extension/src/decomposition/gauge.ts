import type { Reach } from 'piecewise/payload';
import { Asked } from '../live/asked';

/** An input is asked about once it has stayed the same for this long; while a hand moves, nothing is asked. */
export const REST_MS = 300;

/** How far from x to the edited x′ the map of x is exact. The kernel is asked once an edit rests. */
export class Gauge {
  readonly reach: Asked<Reach>;
  private followed: Float32Array | null = null;
  private resting: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param ask how far the map is exact towards an input
   * @param changed called when that is asked, and when it is known
   */
  constructor(
    private readonly ask: (x: Float32Array) => Promise<Reach>,
    changed: () => void,
  ) {
    this.reach = new Asked<Reach>(changed);
  }

  /** @param x the edited input; null: nothing is edited */
  follow(x: Float32Array | null): void {
    if (x === this.followed) return;
    this.followed = x;
    clearTimeout(this.resting);
    if (this.reach.isAsked) this.reach.set(null);
    if (x) this.resting = setTimeout(() => this.fetch(), REST_MS);
  }

  /** Asks at once; also used to try again. */
  fetch(): void {
    const x = this.followed;
    if (x) void this.reach.ask(() => this.ask(x));
  }

  dispose(): void {
    clearTimeout(this.resting);
  }
}
