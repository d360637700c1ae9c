import { SliceError } from '../errors';

/** A point of a plane through three inputs: x0 + s·(x1 − x0) + t·(x2 − x0). So x0 is [0, 0], x1 [1, 0] and x2 [0, 1]. */
export type PlanePoint = readonly [s: number, t: number];

/** Sine of the angle at x0 below which float32 cannot tell the three from points on one line. */
const FLATTEST = 2 ** -18;

/** The plane through three inputs, with the l2 distance between inputs measured in it. */
export class Plane {
  private readonly toFirst: Float64Array;
  private readonly toSecond: Float64Array;
  /** ‖x1 − x0‖; the component of x2 − x0 along x1 − x0; and the component across. */
  private readonly first: number;
  private readonly along: number;
  private readonly across: number;

  /** @throws SliceError if the three inputs lie on one line */
  constructor(
    private readonly origin: Float32Array,
    x1: Float32Array,
    x2: Float32Array,
  ) {
    this.toFirst = Float64Array.from(origin, (v, i) => x1[i] - v);
    this.toSecond = Float64Array.from(origin, (v, i) => x2[i] - v);
    const [a, b] = [this.toFirst, this.toSecond];
    this.first = Math.sqrt(dot(a, a));
    this.along = this.first === 0 ? 0 : dot(a, b) / this.first;
    const rest = b.map((v, i) => v - (this.along * a[i]) / (this.first || 1));
    this.across = Math.sqrt(dot(rest, rest));
    if (this.first === 0 || this.across <= FLATTEST * Math.sqrt(dot(b, b)))
      throw new SliceError('the three inputs lie on one line');
  }

  /** Area, in l2, of one unit of s times one of t. */
  get unit(): number {
    return this.first * this.across;
  }

  /** The input at a point, rounded to float32, [D]. */
  at([s, t]: PlanePoint): Float32Array {
    const { toFirst, toSecond } = this;
    return this.origin.map((v, i) => v + s * toFirst[i] + t * toSecond[i]);
  }

  /** The inputs at several points, one after the other. */
  inputs(points: readonly PlanePoint[]): Float32Array {
    const inputs = new Float32Array(points.length * this.origin.length);
    points.forEach((point, i) => inputs.set(this.at(point), i * this.origin.length));
    return inputs;
  }

  /** A point on paper: in l2, from x0, along x1 − x0 and across. Distances on paper are distances between inputs. */
  flat([s, t]: PlanePoint): [number, number] {
    return [s * this.first + t * this.along, t * this.across];
  }

  /** The point of the plane that lies at a point on paper. */
  fromPaper([u, v]: readonly [number, number]): PlanePoint {
    const t = v / this.across;
    return [(u - t * this.along) / this.first, t];
  }

  /**
   * The corners of the rectangle on paper around the three inputs.
   * @param margin space to leave around them, as a share of the rectangle's longer side
   */
  around(margin: number): PlanePoint[] {
    const corners = (
      [
        [0, 0],
        [1, 0],
        [0, 1],
      ] as const
    ).map(point => this.flat(point));
    const [low, high] = [Math.min, Math.max].map(most =>
      [0, 1].map(axis => most(...corners.map(c => c[axis]))),
    );
    const free = margin * Math.max(high[0] - low[0], high[1] - low[1]);
    return this.rectangle([low[0] - free, low[1] - free], [high[0] + free, high[1] + free]);
  }

  /** The corners of the square on paper around a point; radius: half of its side, in l2. */
  square(center: PlanePoint, radius: number): PlanePoint[] {
    const [u, v] = this.flat(center);
    return this.rectangle([u - radius, v - radius], [u + radius, v + radius]);
  }

  private rectangle(low: [number, number], high: [number, number]): PlanePoint[] {
    const corners = [low, [high[0], low[1]], high, [low[0], high[1]]] as const;
    return corners.map(corner => this.fromPaper(corner));
  }
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0);
