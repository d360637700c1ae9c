import { Asked } from '../live/asked';
import { type Apart, type Comparison, evenly, MOST_IN_GROUP } from 'piecewise/payload';
import type { EmbeddingSource } from './embedding-source';

/** Two groups of points, as positions 0 … n − 1. */
export type Groups = readonly [readonly number[], readonly number[]];

/** Two points or two groups that are compared, and what the kernel knows of them. */
export class GroupComparison {
  /** null: nothing is compared. */
  groups: Groups | null = null;
  /** A selection that was kept as the first group. */
  kept: number[] | null = null;
  /** What holds either group where it is. */
  readonly means = new Asked<Comparison>(() => this.changed());
  /** Why the two groups are apart, summed exactly over the linear regions between them. */
  readonly apart = new Asked<Apart>(() => this.changed());

  /**
   * @param handle of the embedding
   * @param live whom to ask; throws NoAnswerError if there is no kernel
   * @param pointOf the index in the data of the point at a position
   * @param changed called when an answer is on its way, arrives or fails
   */
  constructor(
    private readonly handle: string,
    private readonly live: () => EmbeddingSource,
    private readonly pointOf: (position: number) => number,
    private readonly changed: () => void,
  ) {}

  /** Asks for the comparison of two groups; also used to try again. */
  ask(groups: Groups): void {
    this.groups = groups;
    this.apart.set(null);
    const points = this.points(groups);
    void this.means.ask(async () => this.live().compare(this.handle, points));
  }

  /** Asks why the two groups are apart; also used to try again. */
  askApart(): void {
    if (!this.groups) return;
    const points = this.points(this.groups);
    void this.apart.ask(async () => this.live().apart(this.handle, points));
  }

  private points(groups: Groups): [number[], number[]] {
    const [first, second] = groups.map(group =>
      evenly(group.length, MOST_IN_GROUP).map(i => this.pointOf(group[i])),
    );
    return [first, second];
  }
}
