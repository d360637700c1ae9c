/** An instance, and the distance of its pattern from another's. */
export interface PatternNeighbor {
  /** Its index in the data. */
  index: number;
  /** How many units are set differently: its Hamming distance. */
  distance: number;
  /** The same by layer, in the order of the network; they sum to it. */
  byLayer: readonly number[];
}

/** The states of all units of every instance, kept to be compared. */
export class KeptPatterns {
  private readonly rows: Uint16Array[] = [];

  /** @param ends for each layer, the position in a pattern at which its units end */
  constructor(private readonly ends: readonly number[]) {}

  add(pattern: Uint16Array): void {
    this.rows.push(pattern);
  }

  /** The k instances whose patterns differ least from that of instance i, the nearest first; ties in the order of the data. */
  nearest(i: number, k: number): PatternNeighbor[] {
    const all = this.rows.map((_, index) => ({ index, byLayer: this.differences(i, index) }));
    const measured = all.map(one => ({ ...one, distance: one.byLayer.reduce((a, b) => a + b, 0) }));
    const others = measured.filter(({ index }) => index !== i);
    return others.sort((a, b) => a.distance - b.distance || a.index - b.index).slice(0, k);
  }

  private differences(i: number, j: number): number[] {
    const [a, b] = [this.rows[i], this.rows[j]];
    return this.ends.map((end, layer) => {
      let count = 0;
      for (let unit = this.ends[layer - 1] ?? 0; unit < end; unit++) if (a[unit] !== b[unit]) count++;
      return count;
    });
  }
}
