import { Repulsion } from './repulsion';
import type { SparseGraph } from './sparse-graph';

/** Iterations with exaggerated attraction, and after them. */
const EARLY = { iterations: 250, exaggeration: 12, momentum: 0.5 };
const LATE = { iterations: 250, exaggeration: 1, momentum: 0.8 };
/** No point moves farther than this in an iteration. */
const LONGEST_STEP = 5;

/** Iterations of the whole descent. */
export const FREE_ITERATIONS = EARLY.iterations + LATE.iterations;

/** All that the descent goes on from. Its arrays are [N·2] each. */
export interface FreeState {
  /** Iterations done. */
  iteration: number;
  places: Float64Array;
  gains: Float64Array;
  moves: Float64Array;
}

export interface FreeOptions {
  /** Degrees of freedom of Student's t. */
  alpha: number;
  /**
   * Called after each iteration: false ends the work with what there is.
   * @param loss gives KL(P ‖ Q) up to the entropy of P, with Σ w from before the iteration, for another look at all edges
   */
  goesOn: (state: FreeState, loss: () => number) => Promise<boolean>;
}

/** The state before the first iteration. @param places [N·2], is not changed */
export const freeStateAt = (places: ArrayLike<number>): FreeState => ({
  iteration: 0,
  places: Float64Array.from(places),
  gains: new Float64Array(places.length).fill(1),
  moves: new Float64Array(places.length),
});

/**
 * Places of points in the plane by t-SNE without a network: KL(P ‖ Q) made small over the places themselves, by gradient
 * descent with gains and momentum (van der Maaten & Hinton 2008), learning rate N/exaggeration (Belkina et al. 2019).
 *
 * @param state where it goes on, is changed
 * @returns [N·2]
 */
export async function freePlaces(
  graph: SparseGraph,
  state: FreeState,
  { alpha, goesOn }: FreeOptions,
): Promise<Float64Array> {
  const descent = new Descent(graph, state, alpha);
  while (state.iteration < FREE_ITERATIONS) {
    descent.step(state.iteration < EARLY.iterations ? EARLY : LATE);
    state.iteration++;
    if (!(await goesOn(state, () => descent.loss()))) break;
  }
  return state.places;
}

class Descent {
  private readonly repulsion: Repulsion;
  /** The sum of w over all pairs, at the places before the last step. */
  private total = 0;

  constructor(
    private readonly graph: SparseGraph,
    private readonly state: FreeState,
    private readonly alpha: number,
  ) {
    this.repulsion = new Repulsion(graph.points, alpha);
  }

  step({ exaggeration, momentum }: typeof EARLY): void {
    const { places, gains, moves } = this.state;
    this.total = this.repulsion.between(places);
    const rate = this.graph.points / exaggeration;
    const gradient = attraction(this.graph, places, this.alpha);
    for (let k = 0; k < places.length; k++) {
      const slope = exaggeration * gradient[k] - this.repulsion.forces[k] / this.total;
      gains[k] = slope * moves[k] < 0 ? gains[k] + 0.2 : Math.max(0.01, 0.8 * gains[k]);
      const move = momentum * moves[k] - rate * gains[k] * slope;
      moves[k] = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, move));
      places[k] += moves[k];
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
    const { places } = this.state;
    return (places[2 * i] - places[2 * j]) ** 2 + (places[2 * i + 1] - places[2 * j + 1]) ** 2;
  }
}

/** [N·2]: for each point Σⱼ p/(1 + d²/α)·(yᵢ − yⱼ) over its edges. */
function attraction(graph: SparseGraph, places: Float64Array, alpha: number): Float64Array {
  const { points, starts, columns, weights } = graph;
  const pulls = new Float64Array(2 * points);
  for (let i = 0; i < points; i++) {
    const x = places[2 * i];
    const y = places[2 * i + 1];
    let [pullX, pullY] = [0, 0];
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const dx = x - places[2 * columns[e]];
      const dy = y - places[2 * columns[e] + 1];
      const pull = weights[e] / (1 + (dx * dx + dy * dy) / alpha);
      pullX += pull * dx;
      pullY += pull * dy;
    }
    pulls[2 * i] = pullX;
    pulls[2 * i + 1] = pullY;
  }
  return pulls;
}
