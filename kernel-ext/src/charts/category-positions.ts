/** The position of each name among the categories. */
export function categoryPositions(names: readonly string[], categories: readonly string[]): number[] {
  const positions = new Map(categories.map((category, position) => [category, position]));
  return names.map(name => positions.get(name)!);
}
