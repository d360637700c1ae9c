import assert from 'node:assert/strict';
import seedrandom from 'seedrandom';
import { axisScale } from '../../kernel-ext/src/charts/axis-scale';
import { binCounts, binEdges } from '../../kernel-ext/src/charts/bins';
import { shortNumber } from '../../kernel-ext/src/charts/short-number';
import { NotPlottableError, PiecewiseError } from '../../kernel-ext/src/public-errors';
import type { Plottable } from '../../kernel-ext/src/plot/plot';
import { bundleOf } from '../plot/bundle-of';

const MOST = Number.MAX_VALUE;
const EXTREMES = [0, -0, 5e-324, -5e-324, 1e-300, 1e-20, 1e-7, 3e-5, 0.1, 1, -1, 123456, 1e6, 2 ** 53, 1e17, 1e17 + 16, 1e21, 1e300, -1e300, MOST, -MOST, NaN, Infinity, -Infinity]; // prettier-ignore
const KINDS = [undefined, 'line', 'scatter', 'bar', 'histogram', 'heatmap', 'box'] as const;
const LOGS = [undefined, 'x', 'y', 'xy'] as const;

/** Random lists of extreme and of ordinary numbers of any size. */
function lists(seed: string) {
  const random = seedrandom(seed);
  const among = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const number = () => (random() < 0.5 ? among(EXTREMES) : (random() - 0.5) * 10 ** (600 * random() - 300));
  const ofLength = (length: number) => Array.from({ length }, number);
  return { random, among, list: () => ofLength(1 + Math.floor(random() * 5)), ofLength };
}

/** The number that a tick's text stands for. */
function numberIn(text: string): number {
  const plain = text.replace(/−/g, '-').replace(/,/g, '');
  const power = plain.replace(
    /(?:(.*)·)?(-?)10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/,
    (_, mantissa: string | undefined, sign: string, exponent: string) => {
      const digits = [...exponent]
        .map(character => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(character))
        .map(digit => (digit < 0 ? '-' : digit));
      return `${sign}${mantissa ?? '1'}e${digits.join('')}`;
    },
  );
  return Number(power);
}

describe('charts of extreme values', () => {
  it('are drawn with finite positions, or refused, whatever the numbers, the kind and the axes', async () => {
    const { among, list, ofLength } = lists('charts');
    for (let i = 0; i < 600; i++) {
      const v = list();
      const w = ofLength(v.length);
      const things = [v, { v, w }, { loss: v, val_loss: w }, [v, w], { data: [{ x: v, y: w }] }, { data: [{ type: 'bar', y: v }] }, { data: [{ type: 'histogram', x: v }] }, { data: [{ type: 'heatmap', z: [v, w] }] }, { data: [{ type: 'box', y: v }], layout: { yaxis: { type: 'log' } } }]; // prettier-ignore
      const [thing, kind, log] = [among(things), among(KINDS), among(LOGS)];
      const asked = `${JSON.stringify(thing, (_, x: unknown) => (typeof x === 'number' ? String(x) : x))} ${kind} ${log}`;
      try {
        const bundle = await bundleOf(thing as Plottable, { kind, log });
        const attributes = String(bundle['image/svg+xml'] ?? '').replace(/>[^<]*</g, '><');
        assert.doesNotMatch(attributes, /NaN|Infinity|undefined/, asked);
      } catch (error) {
        assert.ok(error instanceof PiecewiseError, `${asked}: ${String((error as Error).stack)}`);
      }
    }
  });

  it('are not refused for the size of their numbers', async () => {
    for (const numbers of [
      [1e-20, 0],
      [5e-324],
      [-MOST, MOST],
      [1e17, 1e17 + 2],
      [-0],
      [1e-300, 1e300],
      [NaN, 1],
    ])
      for (const thing of [numbers, { loss: numbers, val_loss: [...numbers].reverse() }])
        assert.match(String((await bundleOf(thing))['image/svg+xml']), /^<svg/, String(numbers));
    await assert.rejects(bundleOf([]), NotPlottableError);
  });

  it('have distinct ticks that say where they are', () => {
    const { random, list } = lists('ticks');
    for (let i = 0; i < 2000; i++) {
      const values = list().filter(Number.isFinite);
      if (i % 3 === 0)
        values.push(...values.map(value => value * (1 + (random() - 0.5) * 10 ** (-12 * random()))));
      const scale = axisScale({ label: '', log: i % 4 === 0 }, values, [0, 100]);
      const what = `${values.join(' ')}: ${scale.ticks.map(({ text }) => text).join(' | ')}`;
      assert.equal(new Set(scale.ticks.map(({ text }) => text)).size, scale.ticks.length, what);
      const shown = values.filter(value => Number.isFinite(value) && (i % 4 > 0 || value > 0));
      for (const value of shown) assert.ok(scale(value) >= -1e-6 && scale(value) <= 100 + 1e-6, what);
      for (const { at, text } of scale.ticks) {
        assert.ok(scale(at) >= -1e-6 && scale(at) <= 100 + 1e-6, what);
        const off = Math.abs(scale(numberIn(text)) - scale(at));
        const isNext = Math.abs(numberIn(text) - at) <= 1e-15 * Math.abs(at);
        assert.ok(off < 1 || isNext || Math.abs(at) < 1e-290, `${what}: ${text} is ${off} % away from ${at}`);
      }
    }
  });

  it('put every number into one bin', () => {
    const { list } = lists('bins');
    for (let i = 0; i < 500; i++) {
      const values = list();
      const edges = binEdges(values);
      assert.ok(edges.every(Number.isFinite), values.join(' '));
      const total = binCounts(values, edges).reduce((sum, count) => sum + count, 0);
      assert.equal(total, values.filter(Number.isFinite).length, values.join(' '));
    }
  });

  it('are read off to four digits', () => {
    const { ofLength } = lists('short');
    for (const value of [...EXTREMES, ...ofLength(500)]) {
      const shown = Number(shortNumber(value).replace('−', '-'));
      if (Number.isNaN(value)) assert.ok(Number.isNaN(shown));
      else if (!Number.isFinite(value)) assert.equal(shown, value);
      else assert.ok(Math.abs(shown - value) <= Math.max(5e-3 * Math.abs(value), 5e-324), String(value));
    }
  });
});
