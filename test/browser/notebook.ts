/** A notebook of the Piecewise kernel with these cells, none of which has been run. */
export function notebook(sources: readonly string[]): object {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'piecewise', display_name: 'TypeScript (Piecewise)', language: 'typescript' },
    },
    cells: sources.map((source, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      execution_count: null,
      metadata: {},
      source: source.trim(),
      outputs: [],
    })),
  };
}
