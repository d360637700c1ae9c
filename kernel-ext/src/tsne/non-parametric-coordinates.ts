import { Repulsion } from './repulsion';
import type { SparseGraph } from './sparse-graph';

/** Iterations with exaggerated attraction, and after them. */
const EARLY = { iterations: 250, exaggeration: 12, momentum: 0.5 };
const LATE = { iterations: 250, exaggeration: 1, momentum: 0.8 };
/** No point moves farther than this in an iteration. */
const LONGEST_STEP = 5;

/** Iterations of the entire descent. */
export const NON_PARAMETRIC_ITERATIONS = EARLY.iterations + LATE.iterations;

/** Everything that the descent continues from. Each array is [N·2]. */
export interface NonParametricState {
  /** Iterations done. */
  iteration: number;
  coordinates: Float64Array;
  gains: Float64Array;
  moves: Float64Array;
}

export interface NonParametricOptions {
  /** Degrees of freedom of Student's t. */
  alpha: number;
  /**
   * Called after each iteration; false ends the descent with the coordinates so far.
   * @param loss gives KL(P ‖ Q) up to the entropy of P, with Σ w from before the iteration; it visits all edges again
   */
  goesOn: (state: NonParametricState, loss: () => number) => Promise<boolean>;
}

/** The state before the first iteration. @param coordinates [N·2], not changed */
export const stateAt = (coordinates: ArrayLike<number>): NonParametricState => ({
  iteration: 0,
  coordinates: Float64Array.from(coordinates),
  gains: new Float64Array(coordinates.length).fill(1),
  moves: new Float64Array(coordinates.length),
});

/**
 * Coordinates of points in the plane by t-SNE without a network: KL(P ‖ Q) is minimized over the coordinates themselves, by
 * gradient descent with gains and momentum (van der Maaten & Hinton 2008), learning rate N/exaggeration (Belkina et al. 2019).
 *
 * @param state the state to continue from; it is changed
 * @returns [N·2]
 */
export async function nonParametricCoordinates(
  graph: SparseGraph,
  state: NonParametricState,
  { alpha, goesOn }: NonParametricOptions,
): Promise<Float64Array> {
  const descent = new Descent(graph, state, alpha);
  while (state.iteration < NON_PARAMETRIC_ITERATIONS) {
    descent.step(state.iteration < EARLY.iterations ? EARLY : LATE);
    state.iteration++;
    if (!(await goesOn(state, () => descent.loss()))) break;
  }
  return state.coordinates;
}

class Descent {
  private readonly repulsion: Repulsion;
  /** The sum of w over all pairs at the coordinates before the last step. */
  private total = 0;

  constructor(
    private readonly graph: SparseGraph,
    private readonly state: NonParametricState,
    private readonly alpha: number,
  ) {
    this.repulsion = new Repulsion(graph.points, alpha);
  }

  step({ exaggeration, momentum }: typeof EARLY): void {
    const { coordinates, gains, moves } = this.state;
    this.total = this.repulsion.between(coordinates);
    const rate = this.graph.points / exaggeration;
    const gradient = attraction(this.graph, coordinates, this.alpha);
    for (let k = 0; k < coordinates.length; k++) {
      const slope = exaggeration * gradient[k] - this.repulsion.forces[k] / this.total;
      gains[k] = slope * moves[k] < 0 ? gains[k] + 0.2 : Math.max(0.01, 0.8 * gains[k]);
      const move = momentum * moves[k] - rate * gains[k] * slope;
      moves[k] = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, move));
      coordinates[k] += moves[k];
    }
  }

  /** −Σ p·log w + log Σ w. */
  loss(): number {
    const { points, starts, columns, weights } = this.graph;
    let sum = 0;
    for (let i = 0; i < points; i++)
      for (let e = starts[i]; e < starts[i + 1]; e++)
        sum += weights[e] * Math.log1p(this.squared(i, columns[e]) / this.alpha);
    return ((this.alpha + 1) / 2) * sum + Math.log(this.total);
  }

  private squared(i: number, j: number): number {
    const { coordinates } = this.state;
    return (
      (coordinates[2 * i] - coordinates[2 * j]) ** 2 + (coordinates[2 * i + 1] - coordinates[2 * j + 1]) ** 2
    );
  }
}

/** [N·2]: for each point Σⱼ p/(1 + d²/α)·(yᵢ − yⱼ) over its edges. */
function attraction(graph: SparseGraph, coordinates: Float64Array, alpha: number): Float64Array {
  const { points, starts, columns, weights } = graph;
  const pulls = new Float64Array(2 * points);
  for (let i = 0; i < points; i++) {
    const x = coordinates[2 * i];
    const y = coordinates[2 * i + 1];
    let [pullX, pullY] = [0, 0];
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const dx = x - coordinates[2 * columns[e]];
      const dy = y - coordinates[2 * columns[e] + 1];
      const pull = weights[e] / (1 + (dx * dx + dy * dy) / alpha);
      pullX += pull * dx;
      pullY += pull * dy;
    }
    pulls[2 * i] = pullX;
    pulls[2 * i + 1] = pullY;
  }
  return pulls;
}
