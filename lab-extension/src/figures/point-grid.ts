import { rangeOf } from 'piecewise/payload';

/** Cells hold about this many points. */
const PER_CELL = 4;
const MOST_SIDE = 1024;

/** Points sorted into square cells, so that the nearest ones are found without visiting all. */
export class PointGrid {
  private readonly side: number;
  private readonly left: number;
  private readonly low: number;
  private readonly cell: number;
  /** Points of cell c: order[starts[c]] … order[starts[c + 1] − 1]. */
  private readonly starts: Uint32Array;
  private readonly order: Uint32Array;

  constructor(
    private readonly across: Float32Array,
    private readonly up: Float32Array,
  ) {
    const count = across.length;
    const { low: left, high: right } = rangeOf(across);
    const { low, high } = rangeOf(up);
    this.side = Math.max(1, Math.min(MOST_SIDE, Math.ceil(Math.sqrt(count / PER_CELL))));
    this.cell = Math.max(right - left, high - low) / this.side || 1;
    [this.left, this.low] = [left, low];
    this.starts = new Uint32Array(this.side * this.side + 1);
    this.order = new Uint32Array(count);
    const cells = Uint32Array.from(across, (_, i) => this.cellOf(across[i], up[i]));
    for (const cell of cells) this.starts[cell + 1]++;
    for (let c = 0; c < this.side * this.side; c++) this.starts[c + 1] += this.starts[c];
    const next = this.starts.slice();
    cells.forEach((cell, i) => (this.order[next[cell]++] = i));
  }

  /** The k nearest of the points that `allows` accepts, nearest first, none farther than `reach`. */
  nearest(
    across: number,
    up: number,
    k: number,
    reach: number,
    allows: (i: number) => boolean = () => true,
  ): number[] {
    const best: { i: number; distance: number }[] = [];
    const worst = () => (best.length < k ? reach : best[k - 1].distance);
    // A search from outside the grid begins at its edge.
    const rings = this.side + Math.ceil(Math.min(reach, 1e9 * this.cell) / this.cell);
    for (let ring = 0; ring <= Math.min(rings, 2 * this.side); ring++) {
      if ((ring - 1) * this.cell > worst() + this.outside(across, up)) break;
      this.visitRing(across, up, ring, i => {
        const distance = Math.hypot(this.across[i] - across, this.up[i] - up);
        if (distance > worst() || !allows(i)) return;
        best.push({ i, distance });
        best.sort((a, b) => a.distance - b.distance || a.i - b.i);
        best.length = Math.min(best.length, k);
      });
    }
    return best.map(({ i }) => i);
  }

  private visitRing(across: number, up: number, ring: number, visit: (i: number) => void): void {
    const cell = this.cellOf(across, up);
    const [row, column] = [Math.floor(cell / this.side), cell % this.side];
    for (let r = row - ring; r <= row + ring; r++) {
      const isEdge = r === row - ring || r === row + ring;
      for (let c = column - ring; c <= column + ring; c += isEdge || ring === 0 ? 1 : 2 * ring) {
        if (r < 0 || c < 0 || r >= this.side || c >= this.side) continue;
        const at = r * this.side + c;
        for (let n = this.starts[at]; n < this.starts[at + 1]; n++) visit(this.order[n]);
      }
    }
  }

  /** How far a point lies outside the grid. */
  private outside(across: number, up: number): number {
    const beyond = (v: number, from: number) => Math.max(0, from - v, v - from - this.side * this.cell);
    return Math.hypot(beyond(across, this.left), beyond(up, this.low));
  }

  private cellOf(across: number, up: number): number {
    const inside = (v: number) => Math.max(0, Math.min(this.side - 1, Math.floor(v / this.cell)));
    return inside(up - this.low) * this.side + inside(across - this.left);
  }
}
