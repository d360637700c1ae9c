/** Puts a value last, and releases the least recently used ones as soon as there are more than `most`. */
export function keepRecent<K, V extends { release(): void }>(
  kept: Map<K, V>,
  key: K,
  value: V,
  most: number,
): void {
  kept.delete(key);
  kept.set(key, value);
  for (const [oldest, dropped] of kept) {
    if (kept.size <= most) return;
    kept.delete(oldest);
    dropped.release();
  }
}
