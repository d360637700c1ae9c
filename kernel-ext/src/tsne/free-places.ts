import { Repulsion } from './repulsion';
import type { SparseGraph } from './sparse-graph';

/** Iterations with exaggerated attraction, and after them. */
const EARLY = { iterations: 250, exaggeration: 12, momentum: 0.5 };
const LATE = { iterations: 250, exaggeration: 1, momentum: 0.8 };
/** No point moves farther than this in an iteration. */
const LONGEST_STEP = 5;

export interface FreeOptions {
  /** Degrees of freedom of Student's t. */
  alpha: number;
  /** Called after each iteration: false ends the work with what there is. */
  goesOn: () => Promise<boolean>;
}

/**
 * Places of points in the plane by t-SNE without a network: KL(P ‖ Q) made small over the places themselves, by gradient
 * descent with gains and momentum (van der Maaten & Hinton 2008), learning rate N/exaggeration (Belkina et al. 2019).
 *
 * @param start [N·2], is not changed
 * @returns [N·2]
 */
export async function freePlaces(
  graph: SparseGraph,
  start: ArrayLike<number>,
  { alpha, goesOn }: FreeOptions,
): Promise<Float64Array> {
  const places = Float64Array.from(start);
  const descent = new Descent(graph, places, alpha);
  for (const phase of [EARLY, LATE]) {
    for (let i = 0; i < phase.iterations; i++) {
      descent.step(phase.exaggeration, phase.momentum);
      if (!(await goesOn())) return places;
    }
  }
  return places;
}

class Descent {
  private readonly repulsion: Repulsion;
  private readonly gains: Float64Array;
  private readonly moves: Float64Array;

  constructor(
    private readonly graph: SparseGraph,
    private readonly places: Float64Array,
    private readonly alpha: number,
  ) {
    this.repulsion = new Repulsion(graph.points, alpha);
    this.gains = new Float64Array(places.length).fill(1);
    this.moves = new Float64Array(places.length);
  }

  step(exaggeration: number, momentum: number): void {
    const { places, gains, moves, repulsion } = this;
    const total = repulsion.between(places);
    const rate = this.graph.points / exaggeration;
    const gradient = attraction(this.graph, places, this.alpha);
    for (let k = 0; k < places.length; k++) {
      const slope = exaggeration * gradient[k] - repulsion.forces[k] / total;
      gains[k] = slope * moves[k] < 0 ? gains[k] + 0.2 : Math.max(0.01, 0.8 * gains[k]);
      const move = momentum * moves[k] - rate * gains[k] * slope;
      moves[k] = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, move));
      places[k] += moves[k];
    }
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
