/** The instances of a data set in groups that share something: a linear region, say, or a cluster. */
export class InstanceGroups {
  /** How many instances each group has. */
  readonly sizes: Int32Array;
  /** How many groups of one instance there are. */
  readonly single: number;

  /**
   * @param of the group of each instance, from 0, in the order in which groups were met
   * @param labels the class of each instance; null where it has none
   */
  constructor(
    readonly of: Int32Array,
    private readonly labels: readonly (string | null)[] | null,
  ) {
    const count = of.reduce((most, group) => Math.max(most, group), -1) + 1;
    this.sizes = new Int32Array(count);
    of.forEach(group => this.sizes[group]++);
    this.single = this.sizes.reduce((sum, size) => sum + (size === 1 ? 1 : 0), 0);
  }

  /** How many groups there are. */
  get count(): number {
    return this.sizes.length;
  }

  /** Groups, the largest first. */
  get largest(): number[] {
    return [...this.sizes.keys()].sort((a, b) => this.sizes[b] - this.sizes[a]);
  }

  /** Instances of a group. */
  members(group: number): number[] {
    return [...this.of.keys()].filter(i => this.of[i] === group);
  }

  /** For each group, the share of its instances that belong to its most frequent class; null without labels. */
  get purity(): Float64Array | null {
    const { labels } = this;
    if (labels === null) return null;
    const counts = Array.from(this.sizes, () => new Map<string | null, number>());
    this.of.forEach((group, i) => counts[group].set(labels[i], (counts[group].get(labels[i]) ?? 0) + 1));
    return Float64Array.from(counts, (byClass, group) => Math.max(...byClass.values()) / this.sizes[group]);
  }

  /** How many groups with more than one instance contain only one class; null without labels. */
  get oneClass(): number | null {
    return (
      this.purity?.reduce((sum, share, group) => sum + (share === 1 && this.sizes[group] > 1 ? 1 : 0), 0) ??
      null
    );
  }
}

/** Numbers groups by what their members share, as they are met. */
export class Grouping {
  private readonly groups = new Map<string, number>();
  private readonly of: number[] = [];

  add(key: string): void {
    const group = this.groups.get(key) ?? this.groups.size;
    this.groups.set(key, group);
    this.of.push(group);
  }

  partition(labels: readonly (string | null)[] | null): InstanceGroups {
    return new InstanceGroups(Int32Array.from(this.of), labels);
  }
}
