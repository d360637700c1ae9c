import assert from 'node:assert/strict';
import { NameCountError } from '../../kernel-ext/src/errors';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binCounts, binEdges } from '../../kernel-ext/src/charts/bins';
import type { BoxMark, Chart, Mark } from '../../kernel-ext/src/charts/chart';
import { arrayChart } from '../../kernel-ext/src/charts/array-chart';
import { chartFigure } from '../../kernel-ext/src/charts/chart-figure';
import { chartSvg } from '../../kernel-ext/src/charts/chart-svg';
import { chartText } from '../../kernel-ext/src/charts/chart-text';
import type { ChartView } from '../../kernel-ext/src/charts/chart-view';
import { figureChart } from '../../kernel-ext/src/charts/figure-chart';
import { historyChart, readHistory } from '../../kernel-ext/src/charts/history-chart';
import { shortNumber } from '../../kernel-ext/src/charts/short-number';
import { readTable, shortest } from '../../kernel-ext/src/charts/table';
import { tableChart } from '../../kernel-ext/src/charts/table-chart';
import { CHARACTER } from '../../kernel-ext/src/page/svg-parts';
import {
  BinCountError,
  ChartDataError,
  ChartKindError,
  ColumnLengthError,
  UnknownColumnError,
} from '../../kernel-ext/src/display/errors';

interface Reference {
  values: number[];
  counts: number[];
  edges: number[];
  freedmanDiaconis: number;
  quartiles: number[];
  whiskers: number[];
  outliers: number[];
}

const numpy = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/charts-reference.json'), 'utf8'),
) as Reference;
/** Both sides compute in float64, but in a different order. */
const ROUNDING = 1e-12;

const assertClose = (received: readonly number[], wanted: readonly number[]): void => {
  assert.equal(received.length, wanted.length);
  received.forEach((value, i) =>
    assert.ok(Math.abs(value - wanted[i]) <= ROUNDING, `${i}: ${value}, ${wanted[i]}`),
  );
};

const chart = (thing: unknown, view?: ChartView): Chart => tableChart(readTable(thing)!, view);
const marksOf = (made: Chart): readonly Mark[] => made.panels[0].marks;
const kindOf = (thing: unknown): string => marksOf(chart(thing))[0].type;
const count = (n: number): number[] => Array.from({ length: n }, (_, i) => (i * 7) % 11);

describe('the numbers of a chart', () => {
  it('are NumPy’s counts and edges in a histogram, with NumPy’s default number of bins', () => {
    const [bars] = marksOf(chart(numpy.values, { kind: 'histogram', bins: 17 }));
    assert.ok(bars.type === 'bars');
    assert.deepEqual(bars.y, numpy.counts);
    assertClose([...bars.from, bars.to[16]], numpy.edges);
    assert.equal(binEdges(numpy.values).length - 1, numpy.freedmanDiaconis);
  });

  it('are NumPy’s quartiles and Tukey’s whiskers in a box', () => {
    const [box] = marksOf(chart({ value: numpy.values }, { kind: 'box' })) as BoxMark[];
    assertClose(box.quartiles, numpy.quartiles);
    assertClose([box.low, box.high], numpy.whiskers);
    assertClose(box.outliers, numpy.outliers);
  });

  it('put each whole number into its own bin, and every value into exactly one bin', () => {
    const edges = binEdges([1, 2, 2, 5]);
    assert.deepEqual(binCounts([1, 2, 2, 5], edges), [1, 2, 0, 0, 1]);
    assert.deepEqual(binCounts([0.3, 0.6, 0.9], [0, 0.3, 0.6, 0.9]), [0, 1, 2]);
    assert.deepEqual(binCounts([7, 7], binEdges([7, 7], 3)), [2]);
    const neighbors = [1, 1 + Number.EPSILON];
    const counts = binCounts(neighbors, binEdges(neighbors, 10));
    assert.deepEqual([counts.length, counts.reduce((sum, n) => sum + n, 0)], [10, 2]);
  });

  it('are means if a bar represents several rows, and counts if there are no numbers', () => {
    const rows = [
      { kind: 'a', time: 1 },
      { kind: 'b', time: 5 },
      { kind: 'a', time: 3 },
    ];
    const [bars] = marksOf(chart(rows, { kind: 'bar' }));
    assert.ok(bars.type === 'bars');
    assert.deepEqual(bars.y, [2, 5]);
    const [counts] = marksOf(chart(['x', 'y', 'x']));
    assert.ok(counts.type === 'bars');
    assert.deepEqual(counts.y, [2, 1]);
  });

  it('are the shortest decimals that round to the same float32', () => {
    assert.deepEqual([Math.fround(0.1), Math.fround(1 / 3), 0.1 + 0.2, 123456789].map(shortest), [
      0.1,
      0.33333334,
      0.1 + 0.2,
      123456789,
    ]);
  });

  it('include the smallest and the largest value of a long line', () => {
    const values = new Float64Array(100_000);
    values[77_777] = 9;
    values[12_345] = -9;
    const made = chart(values);
    const [line] = marksOf(made);
    assert.ok(line.type === 'line' && line.x.length <= 2_000);
    assert.equal(line.y[line.x.indexOf(77_777)], 9);
    assert.equal(line.y[line.x.indexOf(12_345)], -9);
    assert.match(made.caption, /100,000 values, the smallest and the largest of each 100 drawn/);
  });
});

describe('the kind of a chart', () => {
  it('follows from the data', () => {
    const names = ['a', 'b', 'c', 'd'];
    assert.equal(kindOf(count(10)), 'bars');
    assert.equal(kindOf(count(31)), 'line');
    assert.equal(kindOf({ age: count(40) }), 'bars');
    assert.equal(kindOf({ time: [1, 2, 4, 8], price: [3, 1, 2, 2] }), 'line');
    assert.equal(kindOf({ width: [2, 1, 4, 3], height: [3, 1, 2, 2] }), 'points');
    assert.equal(kindOf({ name: names, price: [3, 1, 2, 2] }), 'bars');
    assert.equal(kindOf({ name: ['a', 'a', 'b', 'b'], price: [3, 1, 2, 2] }), 'box');
    assert.equal(arrayChart(count(30), [5, 6], {}), null, 'a matrix is an image');
    assert.equal(marksOf(arrayChart(count(30), [15, 2], {})!)[0].type, 'points');
    assert.equal(marksOf(arrayChart(count(4), [2, 2], { x: ['a', 'b'] })!)[0].type, 'cells');
  });

  it('is the one that the view names', () => {
    for (const [kind, type] of [
      ['line', 'line'],
      ['scatter', 'points'],
      ['bar', 'bars'],
      ['histogram', 'bars'],
      ['heatmap', 'cells'],
      ['box', 'box'],
    ] as const) {
      const table = { width: [2, 1, 4, 3], height: [3, 1, 2, 2], name: ['a', 'a', 'b', 'b'] };
      assert.equal(marksOf(chart(table, { kind }))[0].type, type);
      assert.equal(marksOf(arrayChart(count(12), [4, 3], { kind })!)[0].type, type);
    }
  });

  it('colors rows by a column, with shades for more than ten different numbers', () => {
    const rows = {
      x: count(40),
      y: count(40),
      name: count(40).map(i => (i % 2 ? 'odd' : 'even')),
      z: numpy.values.slice(0, 40),
    };
    assert.deepEqual(
      marksOf(chart(rows, { kind: 'scatter' })).map(({ name }) => name),
      ['even', 'odd'],
    );
    const shaded = chart(rows, { kind: 'scatter', color: 'z' });
    assert.equal(shaded.panels[0].shades?.label, 'z');
    assert.match(chartSvg(shaded), />z<\/text>/);
  });

  it('is refused with a named error if the data do not fit', () => {
    const table = { name: ['a', 'b'], price: [1, 2] };
    assert.throws(() => chart(table, { x: 'prize' }), UnknownColumnError);
    assert.throws(() => chart(table, { x: 'prize' }), /Did you mean price\?/);
    assert.throws(() => chart(table, { kind: 'box', y: 'name' }), ChartDataError);
    assert.throws(() => chart({ name: ['a'] }, { kind: 'histogram' }), ChartDataError);
    assert.throws(() => chart(table, { kind: 'pie' as 'bar' }), ChartKindError);
    assert.throws(() => arrayChart(count(8), [2, 2, 2], { kind: 'line' }), ChartKindError);
    assert.throws(() => chart([1, 2, 3], { x: [1, 2] }), ColumnLengthError);
    assert.throws(() => readTable({ a: [1, 2], b: [1] }), /the column b has 1 entries for 2 rows/);
    assert.throws(() => arrayChart(count(4), [2, 2], { x: ['a'] }), NameCountError);
    for (const bins of [0, 1.5, NaN, 1001])
      assert.throws(() => chart([1, 2], { kind: 'histogram', bins }), BinCountError);
  });
});

describe('the forms of a chart', () => {
  const rows = { 'time <s>': [0, 1, 2, 3], price: [1, NaN, 2, 3], cost: [3, 2, 1, 0.5] };

  it('all contain the labels of the axes, the title, and what was left out', () => {
    const made = chart(rows, { title: 'Prices & costs', yLabel: 'price [€]', log: 'y' });
    assert.equal(made.caption, '4 rows, 1 without a finite number left out');
    const svg = chartSvg(made);
    for (const text of ['time &lt;s&gt;', 'price [€]', 'Prices &amp; costs', made.caption])
      assert.ok(svg.includes(text), text);
    const { data, layout } = chartFigure(made) as {
      data: { name: string; y: (number | null)[] }[];
      layout: Record<string, object>;
    };
    assert.deepEqual(
      data.map(({ name }) => name),
      ['price', 'cost'],
    );
    assert.deepEqual(data[0].y, [1, null, 2, 3], 'JSON has no NaN');
    assert.deepEqual(layout.xaxis, { title: { text: 'time &lt;s&gt;' }, domain: [0, 1], anchor: 'y' });
    assert.match(chartText(made), /^Prices & costs\n4 rows.*\n\nprice\ntime <s> {2}price \[€\]\n/);
  });

  it('have pictures without scripts, styles or links', () => {
    const hostile = '<script>alert(1)</script>';
    for (const kind of ['line', 'scatter', 'bar', 'histogram', 'box', 'heatmap'] as const) {
      const svg = chartSvg(
        chart({ [hostile]: [1, 2, 4], b: [1, 3, 2], c: [hostile, 'x', 'y'] }, { kind, title: hostile }),
      );
      assert.doesNotMatch(svg, /<script|<style|href="http|onload/);
      assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
    }
  });

  it('show every tick in full, and numbers only in cells that are wide enough', () => {
    const svg = chartSvg(chart({ x: [0, 1, 2], y: [1.1e-12, 2.5e-12, 1.2e-12] }, { kind: 'line' }));
    const ticks = [...svg.matchAll(/<text x="([\d.]+)"[^>]*text-anchor="end"[^>]*>([^<]+)</g)];
    assert.ok(ticks.some(([, , text]) => text === '2.4·10⁻¹²'));
    for (const [, right, text] of ticks) assert.ok(Number(right) > text.length * CHARACTER, text);
    const cells = (columns: number): string =>
      chartSvg(arrayChart(numpy.values.slice(0, 2 * columns), [2, columns], { kind: 'heatmap' })!);
    const number = `>${shortNumber(numpy.values[0])}</text>`;
    assert.ok(cells(3).includes(number));
    assert.ok(!cells(15).includes(number));
  });

  it('draw a matrix that would be a strip as a heat map, and leave all others to images', () => {
    const kindOf = (shape: [number, number], view = {}) =>
      arrayChart(new Float32Array(shape[0] * shape[1]), shape, view)?.panels[0].marks[0].type;
    for (const shape of [
      [500, 30],
      [30, 500],
      [40, 200],
    ] as [number, number][]) {
      assert.equal(kindOf(shape), 'cells');
      assert.equal(kindOf(shape, { kind: 'image' }), undefined);
    }
    for (const shape of [
      [28, 28],
      [28, 60],
      [5, 40],
    ] as [number, number][])
      assert.equal(kindOf(shape), undefined);
  });

  it('report the numbers that a logarithmic axis leaves out', () => {
    const made = chart({ x: [1, 2, 3], y: [0, 10, 100] }, { log: 'y' });
    assert.equal(made.caption, '3 rows, 1 at or below zero left out, since the axis is logarithmic');
  });
});

describe('the history of a training', () => {
  const history = { loss: [3, 2, 1], val_loss: [3, 1, 2], acc: [0.1, 0.5, 0.9], val_acc: [0.2, 0.4, 0.4] };

  it('has one panel for loss and one for accuracy, each with training and validation', () => {
    const { title, caption, panels } = historyChart(readHistory({ epoch: [0, 1, 2], history })!);
    assert.equal(title, 'Training');
    assert.equal(
      caption,
      '3 epochs; lowest validation loss at epoch 2: validation loss 1, validation accuracy 0.4',
    );
    assert.deepEqual(
      panels.map(panel => [panel.title, ...panel.marks.map(({ name }) => name)]),
      [
        ['loss (lower is better ↓)', 'training', 'validation'],
        ['accuracy (higher is better ↑)', 'training', 'validation'],
      ],
    );
    const [line] = panels[0].marks;
    assert.ok(line.type === 'line');
    assert.deepEqual([line.x, line.y], [[1, 2, 3], history.loss]);
  });

  it('may also come as columns, as records, or as the training of an embedding', () => {
    const records = [{ epoch: 0, loss: 2 }, { epoch: 5, loss: 1 }]; // prettier-ignore
    for (const thing of [records, { settings: {}, history: records }])
      assert.deepEqual(readHistory(thing)?.epochs, [0, 5]);
    assert.deepEqual(readHistory(history)?.epochs, [1, 2, 3]);
    for (const thing of [{ price: [1, 2] }, { loss: [1], acc: [1, 2] }, [], [1], null])
      assert.equal(readHistory(thing), null);
  });
});

describe('a plotly figure without plotly', () => {
  it('is drawn if all its traces are plain', () => {
    const made = figureChart({
      data: [
        { type: 'bar', x: ['a', 'b'], y: [1, 2], name: 'one' },
        { type: 'bar', x: ['b', 'c'], y: [3, 4], name: 'two' },
      ],
      layout: { xaxis: { title: { text: 'name' } }, yaxis: { title: 'number', type: 'log' } },
    })!;
    const [{ x, y, marks }] = made.panels;
    assert.deepEqual([x.label, x.categories, y.label, y.log], ['name', ['a', 'b', 'c'], 'number', true]);
    assert.ok(marks[1].type === 'bars');
    assert.deepEqual([marks[1].from, marks[1].to], [[1, 2], [1.4, 2.4]]); // prettier-ignore
  });

  it('is not drawn if any trace is something else', () => {
    for (const trace of [
      { type: 'pie' },
      { type: 'bar', orientation: 'h', y: [1] },
      { y: ['a'] },
      { xaxis: 'x2', y: [1] },
    ])
      assert.equal(figureChart({ data: [trace] }), null);
    assert.equal(figureChart({ data: [] }), null);
  });
});
