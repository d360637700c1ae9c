/** A notebook that was saved with one output per bundle, by a kernel that no longer runs. */
export function notebookOfBundles(bundles: readonly Record<string, unknown>[]): object {
  const name = 'no-such-kernel';
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name, display_name: name, language: 'typescript' } },
    cells: bundles.map((data, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      execution_count: i + 1,
      metadata: {},
      source: 'plot(thing)',
      outputs: [{ output_type: 'display_data', metadata: {}, data }],
    })),
  };
}
