import assert from 'node:assert/strict';
import { EdgeSampler } from '../../kernel-ext/src/tsne/edge-sampler';
import { randomFor } from '../../kernel-ext/src/tsne/random';
import type { SparseGraph } from '../../kernel-ext/src/tsne/sparse-graph';

/** 0–1 with weight 1, 1–2 with weight 3, and a point 3 without edges. */
const graph: SparseGraph = {
  points: 4,
  starts: Int32Array.of(0, 1, 3, 4, 4),
  columns: Int32Array.of(1, 0, 2, 1),
  weights: Float32Array.of(1, 1, 3, 3),
};
const EPOCHS = 2000;

/** How often each edge is drawn, as 'head tail'. */
function counts(sampler: EdgeSampler): Map<string, number> {
  const drawn = new Map<string, number>();
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const { heads, tails } = sampler.epoch(randomFor(1, String(epoch)));
    heads.forEach((head, e) => {
      const edge = `${head} ${tails[e]}`;
      drawn.set(edge, (drawn.get(edge) ?? 0) + 1);
    });
  }
  return drawn;
}

describe('edges of a graph', () => {
  it('are drawn in proportion to their weights, one per point in an epoch', () => {
    const drawn = counts(new EdgeSampler(graph));
    const share = (edge: string) => (drawn.get(edge) ?? 0) / (4 * EPOCHS);
    assert.equal(drawn.size, 4);
    for (const [edge, expected] of [
      ['0 1', 1 / 8],
      ['1 0', 1 / 8],
      ['1 2', 3 / 8],
      ['2 1', 3 / 8],
    ] as const)
      assert.ok(Math.abs(share(edge) - expected) < 0.01, `${edge}: ${share(edge)}`);
  });

  it('are the same for the same seed', () => {
    const sampler = new EdgeSampler(graph);
    assert.deepEqual(sampler.epoch(randomFor(3, 'a')), sampler.epoch(randomFor(3, 'a')));
  });

  it('lead to points of the same class as supervision asks; half of these draws are the point itself here', () => {
    const drawn = counts(new EdgeSampler(graph, ['a', null, 'b', 'a'], 0.5));
    const classmate = drawn.get('0 3')!;
    const all = [...drawn].filter(([edge]) => edge.startsWith('0')).reduce((sum, [, n]) => sum + n, 0);
    assert.ok(Math.abs(classmate / all - 0.25) < 0.05, `${classmate} of ${all}`);
    assert.deepEqual(
      [...drawn.keys()].filter(edge => edge.startsWith('1')).sort(),
      ['1 0', '1 2'],
      'a point without a label keeps its neighbors',
    );
  });
});
