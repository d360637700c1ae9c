/** The most recently used values by key. */
export class Recent<K, V extends { release(): void }> {
  private readonly kept = new Map<K, V>();

  /** @param most how many values are kept; the least recently used one is released as soon as there are more. */
  constructor(private readonly most: number) {}

  /** From the least to the most recently used one. */
  get values(): readonly V[] {
    return [...this.kept.values()];
  }

  /**
   * The value of a key, which is made if there is none. Nobody waits for a value that another caller is making: an interrupt may
   * have cut that caller. Whichever value is ready first is kept.
   * @param isCurrent whether a value can still be used; otherwise it is made again.
   */
  async get(key: K, make: () => Promise<V>, isCurrent: (value: V) => boolean = () => true): Promise<V> {
    const current = (): V | undefined => {
      const known = this.kept.get(key);
      return known !== undefined && isCurrent(known) ? known : undefined;
    };
    let value = current();
    if (value === undefined) {
      const made = await make();
      value = current() ?? made;
    }
    this.keep(key, value);
    return value;
  }

  private keep(key: K, value: V): void {
    this.kept.delete(key);
    this.kept.set(key, value);
    for (const [oldest, dropped] of this.kept) {
      if (this.kept.size <= this.most) return;
      this.kept.delete(oldest);
      dropped.release();
    }
  }
}
