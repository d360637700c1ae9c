/** Puts one of `values` somewhere into a nested object, or takes something out. */
export function damage(target: unknown, values: readonly unknown[], random: () => number): void {
  const pick = (count: number) => Math.floor(((random() + 1) / 2) * count);
  let place = target as Record<string, unknown>;
  for (;;) {
    const keys = Object.keys(place);
    const key = keys[pick(keys.length)];
    const inner = place[key];
    const isLeaf = typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0;
    if (isLeaf || random() > 0.3) {
      if (random() > 0.6 && !Array.isArray(place)) delete place[key];
      else place[key] = values[pick(values.length)];
      return;
    }
    place = inner as Record<string, unknown>;
  }
}
