import '../backend';
import assert from 'node:assert/strict';
import { classesOf } from '../../kernel-ext/src/bundles/embedding/embedding-payload';
import { readTable } from '../../kernel-ext/src/charts/table';
import { tableChart } from '../../kernel-ext/src/charts/table-chart';
import { LabeledData } from '../../kernel-ext/src/data/labeled-data';
import { CLASS_COLORS, classColor, COLORS, outputColors } from '../../kernel-ext/src/payload';

/** Names in an order that is neither theirs nor that of their first appearance. */
const NAMES = ['malignant', '10', 'benign', '2'];
const LABELS = [2, 0, 3, 1, 2, 0, 3, 1];

/** Between any two colors in red, green and blue; measured: 28. */
const LEAST_DISTANCE = 25;

describe('a class', () => {
  const texts = LABELS.map(label => NAMES[label]);

  it('has one color in charts, embeddings, paths and slices', () => {
    const { names } = classesOf(texts, [...texts.keys()]).classes!;
    const ofEmbedding = new Map(names.map((name, i) => [name, classColor(i, names.length)]));
    assert.equal(ofEmbedding.size, NAMES.length);
    const values = Float32Array.from(LABELS.flatMap((_, i) => [i, i * i]));
    const set = new LabeledData({
      values,
      shape: [2],
      columns: ['a', 'b'],
      labels: Int32Array.from(LABELS),
      names: NAMES,
    });
    for (const kind of ['scatter', 'line', 'histogram'] as const) {
      const { panels } = tableChart(readTable(set)!, { kind, x: 'a', y: 'b', color: 'class' });
      const marks = new Map(panels[0].marks.map(({ name, color }) => [name!, color]));
      assert.deepEqual(marks, new Map([...marks.keys()].map(name => [name, ofEmbedding.get(name)!])), kind);
      assert.equal(marks.size, NAMES.length);
    }
    assert.deepEqual(
      outputColors(NAMES, [0, 1, 2, 3]),
      NAMES.map(name => ofEmbedding.get(name)),
    );
    assert.deepEqual(outputColors(NAMES, [3]), [ofEmbedding.get('2')]);
  });

  it('without a name is gray and shifts no color', () => {
    const table = readTable({ x: [1, 2, 3, 4, 5], y: [1, 2, 3, 4, 5], kind: ['b', null, 'a', 'b', 'a'] })!;
    const { panels } = tableChart(table, { kind: 'scatter', x: 'x', y: 'y', color: 'kind' });
    const colors = new Map(panels[0].marks.map(({ name, color }) => [name, color]));
    assert.deepEqual(
      [colors.get('a'), colors.get('b'), colors.get('none')],
      [CLASS_COLORS[0], CLASS_COLORS[1], COLORS.bias],
    );
  });

  it('of more than there are colors shares its color with no other that is shown beside it', () => {
    const labels = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
    assert.equal(new Set(outputColors(labels, [3, 13, 23])).size, 3);
  });

  it('has a color of its own among thirty, light and dark, and not the gray of points without a class', () => {
    const colors = Array.from({ length: 30 }, (_, i) => classColor(i, 30));
    for (const [i, color] of colors.entries()) {
      assert.notDeepEqual(color, COLORS.bias);
      for (const other of [...colors.slice(0, i), COLORS.page, COLORS.ink]) {
        const distance = Math.hypot(...color.map((part, k) => part - other[k]));
        assert.ok(distance >= LEAST_DISTANCE, `${color.join()} and ${other.join()}: ${distance}`);
      }
    }
  });
});
