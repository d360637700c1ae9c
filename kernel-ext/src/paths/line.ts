/** The straight line from one input to another, x + t·(x' − x) for t from 0 to 1. */
export class Line {
  constructor(
    readonly from: Float32Array,
    readonly to: Float32Array,
  ) {}

  /** The input at t, rounded to float32. */
  at(t: number): Float32Array {
    const { from, to } = this;
    return from.map((v, i) => v + t * (to[i] - v));
  }

  /** The inputs at several t, one after the other. */
  points(ts: readonly number[]): Float32Array {
    const size = this.from.length;
    const points = new Float32Array(ts.length * size);
    ts.forEach((t, i) => points.set(this.at(t), i * size));
    return points;
  }

  /** x' − x, in float64. */
  get direction(): Float64Array {
    return Float64Array.from(this.from, (v, i) => this.to[i] - v);
  }
}
