/** Puts one of `values` somewhere into a nested object, or removes something from it. */
export function damage(target: unknown, values: readonly unknown[], random: () => number): void {
  const pick = (count: number) => Math.floor(((random() + 1) / 2) * count);
  let inside = target as Record<string, unknown>;
  for (;;) {
    const keys = Object.keys(inside);
    const key = keys[pick(keys.length)];
    const inner = inside[key];
    const isLeaf = typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0;
    if (isLeaf || random() > 0.3) {
      if (random() > 0.6 && !Array.isArray(inside)) delete inside[key];
      else inside[key] = values[pick(values.length)];
      return;
    }
    inside = inner as Record<string, unknown>;
  }
}
