import { type ComplexGrid, Fourier } from './fourier';

/** Nodes that a point reaches on each axis: cubic interpolation. */
const REACH = 4;
/** Desired distance of nodes, in units of the embedding, where the kernel's width is √α. */
const SPACING = 0.7;
/** Number of nodes per axis. */
const FEWEST = 64;
const MOST = 512;

/**
 * The forces between all points of an embedding, by convolution on a grid (Linderman et al., Nature Methods 16:243): with
 * w = (1 + d²/α)^(−(α + 1)/2) the sum of w over all ordered pairs, and for each point Σⱼ w/(1 + d²/α)·(yᵢ − yⱼ).
 */
export class Repulsion {
  /** [N·2], from the last call. */
  readonly forces: Float64Array;
  private grid: Grid | null = null;
  private readonly cells: Int32Array;
  private readonly shares: Float64Array;

  constructor(
    private readonly points: number,
    private readonly alpha: number,
  ) {
    this.forces = new Float64Array(2 * points);
    this.cells = new Int32Array(points);
    this.shares = new Float64Array(2 * REACH * points);
  }

  /**
   * @param coordinates [N·2]
   * @returns the sum of w over all ordered pairs of different points
   */
  between(coordinates: Float64Array): number {
    const grid = this.fitting(coordinates);
    this.locate(coordinates, grid);
    const density = this.density(grid);
    const total = grid.convolve(density);
    this.read(density, grid);
    return total - this.points;
  }

  private fitting(coordinates: Float64Array): Grid {
    const [low, high] = bounds(coordinates);
    const span = Math.max(1e-6, high[0] - low[0], high[1] - low[1]);
    let nodes = FEWEST;
    while (nodes < MOST && span / (nodes - REACH) > SPACING) nodes *= 2;
    // Spacings are from a coarse ladder, so that kernels rarely have to be computed again.
    const step = 2 ** (Math.ceil(4 * Math.log2(span / (nodes - REACH))) / 4);
    if (this.grid?.nodes !== nodes || this.grid.step !== step) this.grid = new Grid(nodes, step, this.alpha);
    // An extra half node, so that rounding puts no point before the first.
    this.grid.low = low.map(edge => edge - 1.5 * step);
    return this.grid;
  }

  /** Finds for each point its first node and the shares of the nodes from there. */
  private locate(coordinates: Float64Array, { low, step, size }: Grid): void {
    for (let i = 0; i < this.points; i++) {
      let cell = 0;
      for (let axis = 0; axis < 2; axis++) {
        const at = (coordinates[2 * i + axis] - low[axis]) / step;
        const node = Math.floor(at) - 1;
        lagrange(at - node - 1, this.shares, (2 * i + axis) * REACH);
        cell = cell * size + node;
      }
      this.cells[i] = cell;
    }
  }

  private density({ size }: Grid): ComplexGrid {
    const re = new Float64Array(size * size);
    const { shares } = this;
    for (let i = 0; i < this.points; i++) {
      for (let a = 0; a < REACH; a++) {
        const share = shares[2 * i * REACH + a];
        const from = this.cells[i] + a * size;
        for (let b = 0; b < REACH; b++) re[from + b] += share * shares[(2 * i + 1) * REACH + b];
      }
    }
    return { re, im: new Float64Array(size * size) };
  }

  private read({ re, im }: ComplexGrid, { size }: Grid): void {
    const { shares, forces } = this;
    for (let i = 0; i < this.points; i++) {
      let x = 0;
      let y = 0;
      for (let a = 0; a < REACH; a++) {
        const from = this.cells[i] + a * size;
        for (let b = 0; b < REACH; b++) {
          const share = shares[2 * i * REACH + a] * shares[(2 * i + 1) * REACH + b];
          x += share * re[from + b];
          y += share * im[from + b];
        }
      }
      forces[2 * i] = x;
      forces[2 * i + 1] = y;
    }
  }
}

/** Transformed kernels on evenly spaced nodes; twice as wide as the nodes, so that nothing wraps around. */
class Grid {
  /** Coordinates of node (0, 0). */
  low: number[] = [0, 0];
  readonly size: number;
  private readonly fourier: Fourier;
  private readonly weight: ComplexGrid;
  /** x is the real part, and y is the imaginary part. */
  private readonly pull: ComplexGrid;

  constructor(
    readonly nodes: number,
    readonly step: number,
    alpha: number,
  ) {
    const size = 2 * nodes;
    this.size = size;
    this.fourier = new Fourier(size);
    this.weight = { re: new Float64Array(size * size), im: new Float64Array(size * size) };
    this.pull = { re: new Float64Array(size * size), im: new Float64Array(size * size) };
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        const [x, y] = [a, b].map(n => step * (n < nodes ? n : n - size));
        const base = 1 + (x * x + y * y) / alpha;
        const w = base ** (-(alpha + 1) / 2);
        this.weight.re[a * size + b] = w;
        this.pull.re[a * size + b] = (w / base) * x;
        this.pull.im[a * size + b] = (w / base) * y;
      }
    }
    this.fourier.transform(this.weight);
    this.fourier.transform(this.pull);
  }

  /**
   * Replaces a density by its pull on each node.
   * @returns the sum of w over all pairs of the density, by Parseval's theorem
   */
  convolve(density: ComplexGrid): number {
    const { re, im } = density;
    const cells = this.size ** 2;
    this.fourier.transform(density, this.nodes);
    let total = 0;
    for (let k = 0; k < cells; k++) {
      total += this.weight.re[k] * (re[k] * re[k] + im[k] * im[k]);
      const x = re[k] * this.pull.re[k] - im[k] * this.pull.im[k];
      // With conjugation, the transform is its own inverse.
      im[k] = -(re[k] * this.pull.im[k] + im[k] * this.pull.re[k]) / cells;
      re[k] = x / cells;
    }
    this.fourier.transform(density, this.size, this.nodes);
    for (let k = 0; k < cells; k++) im[k] = -im[k];
    return total / cells;
  }
}

/** Values at t of the four cubics that are 1 at one of −1, 0, 1, 2 and 0 at the others. */
function lagrange(t: number, into: Float64Array, at: number): void {
  into[at] = (-t * (t - 1) * (t - 2)) / 6;
  into[at + 1] = ((t + 1) * (t - 1) * (t - 2)) / 2;
  into[at + 2] = (-(t + 1) * t * (t - 2)) / 2;
  into[at + 3] = ((t + 1) * t * (t - 1)) / 6;
}

function bounds(coordinates: Float64Array): [low: number[], high: number[]] {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < coordinates.length; i++) {
    low[i % 2] = Math.min(low[i % 2], coordinates[i]);
    high[i % 2] = Math.max(high[i % 2], coordinates[i]);
  }
  return [low, high];
}
