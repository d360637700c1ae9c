import '../backend';
import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import { PLOTLY_MIME } from '../../kernel-ext/src/charts/chart-bundle';
import {
  LabelsError,
  NotPlottableError,
  OptionError,
  PlotValueError,
} from '../../kernel-ext/src/public-errors';
import type { Plottable } from '../../kernel-ext/src/plot/plot';
import { bundleOf } from './bundle-of';

/** What arrives in the page of a trace with this x. */
async function arrived(x: unknown): Promise<unknown> {
  const bundle = await bundleOf({ data: [{ type: 'scatter3d', x }] });
  const { data } = JSON.parse(JSON.stringify(bundle[PLOTLY_MIME])) as { data: { x: unknown }[] };
  return data[0].x;
}

const refused = (figure: unknown, at: string, message: RegExp) =>
  assert.rejects(bundleOf(figure as Plottable), (e: unknown) => {
    assert.ok(e instanceof PlotValueError, String(e));
    assert.equal(e.at, at);
    assert.match(e.message, message);
    return true;
  });

describe('a plotly figure arrives as it was given', () => {
  it('with every kind of list', async () => {
    const lists: [unknown, unknown][] = [
      [Uint8Array.of(0, 255), [0, 255]],
      [Uint8ClampedArray.of(1, 2), [1, 2]],
      [Int8Array.of(-1), [-1]],
      [Uint16Array.of(65535), [65535]],
      [Int16Array.of(-2), [-2]],
      [Uint32Array.of(2 ** 32 - 1), [4294967295]],
      [Int32Array.of(-3), [-3]],
      [Float32Array.of(0.1, NaN, -Infinity), [Math.fround(0.1), null, null]],
      [Float64Array.of(5e-324, 1e300, Infinity), [5e-324, 1e300, null]],
      [BigInt64Array.of(-5n, 2n ** 53n), [-5, 2 ** 53]],
      [BigUint64Array.of(2n ** 53n + 1n), ['9007199254740993']],
      [
        [1n, undefined, null, NaN, 'a', true],
        [1, null, null, null, 'a', true],
      ],
      [
        [new Float32Array(2), [Int8Array.of(1)]],
        [[0, 0], [[1]]],
      ],
      [new Float32Array(0), []],
      [Array(2), [null, null]],
      [runInNewContext('[new Float32Array([1.5]), {a: [new Date(0)]}]'), [[1.5], { a: ['1970-01-01'] }]],
    ];
    for (const [given, expected] of lists) assert.deepEqual(await arrived(given), expected);
  });

  it("with tensors as arrays of their shape, which stay the caller's", async () => {
    const tensors = [
      tf.tensor3d([1, 2, 3, 4], [2, 1, 2]),
      tf.scalar(7, 'int32'),
      tf.tensor(['a', 'é']),
      tf.zeros([0, 3]),
    ];
    const made = tf.memory().numTensors;
    const expected = [[[[1, 2]], [[3, 4]]], 7, ['a', 'é'], []];
    for (const [i, tensor] of tensors.entries()) assert.deepEqual(await arrived(tensor), expected[i]);
    assert.deepEqual(await arrived({ nested: [tensors[1]] }), { nested: [7] });
    assert.equal(tf.memory().numTensors, made);
    tf.dispose(tensors);
  });

  it('with dates, getters, objects of classes, and what has toJSON', async () => {
    class Marker {
      size = 3;
      unset = undefined;
    }
    const dates = [new Date('2026-11-27'), new Date('2026-11-27T08:30:00.5Z'), new Date(NaN)];
    assert.deepEqual(await arrived(dates), ['2026-11-27', '2026-11-27T08:30:00.500Z', null]);
    assert.deepEqual(await arrived(new Marker()), { size: 3 });
    assert.deepEqual(await arrived({ get lazy() { return Int8Array.of(1); } }), { lazy: [1] }); // prettier-ignore
    assert.equal(await arrived(new URL('https://example.org/')), 'https://example.org/');
    assert.deepEqual(await arrived(Object.create(null)), {});
    const own = JSON.parse('{"__proto__": [1]}') as object;
    assert.deepEqual(Object.entries((await arrived(own)) as object), [['__proto__', [1]]]);
  });

  it("with plotly's own form of typed arrays, layout, configuration and frames", async () => {
    const figure = {
      data: [{ y: { dtype: 'f4', bdata: 'AACAPwAAAEA=', shape: '2' } }],
      layout: { shapes: [{ x0: 1 }], title: 'Two' },
      config: { staticPlot: true },
      frames: [{ name: 'one', data: [{ y: [2, 3] }] }],
    };
    const bundle = await bundleOf(figure);
    assert.deepEqual(bundle[PLOTLY_MIME], figure);
    assert.ok(!('image/svg+xml' in bundle), 'numbers that are not read are not drawn');
    const typed = { ...figure, frames: [{ data: [{ y: Float32Array.of(2, 3) }] }] };
    const { frames } = (await bundleOf(typed))[PLOTLY_MIME] as typeof figure;
    assert.deepEqual(frames, [{ data: [{ y: [2, 3] }] }]);
  });

  it('with the picture of an equal figure of arrays', async () => {
    const lists = { x: [1, 2, 4], y: [0.5, -1, 8] };
    const picture = async (list: (values: number[]) => unknown) =>
      (await bundleOf({ data: [{ x: list(lists.x), y: list(lists.y), mode: 'markers' }] }))['image/svg+xml'];
    const expected = await picture(values => values);
    assert.match(expected as string, /^<svg/);
    assert.equal(await picture(values => Float64Array.from(values)), expected);
    const tensors: tf.Tensor[] = [];
    assert.equal(await picture(values => tensors[tensors.push(tf.tensor(values)) - 1]), expected);
    tf.dispose(tensors);
  });

  it('or not at all, with the path of what no figure can hold', async () => {
    const circular: { self?: unknown } = {};
    circular.self = { list: [circular] };
    let deep: unknown = 1;
    for (let i = 0; i < 20_000; i++) deep = [deep];
    const disposed = tf.scalar(1);
    disposed.dispose();
    const complex = tf.complex(1, 2);
    const wrong: [unknown, string, RegExp][] = [
      [{ data: [{ x: () => 1 }] }, 'data[0].x', /the function/],
      [{ data: [{}, { marker: { size: Symbol('s') } }] }, 'data[1].marker.size', /Symbol\(s\)/],
      [{ data: [{ x: new Map([[1, 2]]) }] }, 'data[0].x', /a Map/],
      [{ data: [], layout: { x: new Set([1]) } }, 'layout.x', /a Set/],
      [{ data: [{ x: Promise.resolve([1]) }] }, 'data[0].x', /promise \(await/],
      [{ data: [{ x: new ArrayBuffer(8) }] }, 'data[0].x', /ArrayBuffer/],
      [{ data: [{ x: disposed }] }, 'data[0].x', /disposed/],
      [{ data: [{ x: complex }] }, 'data[0].x', /complex/],
      [{ data: [circular] }, 'data[0].self.list[0]', /part of itself/],
      [{ data: [disposed] }, 'data[0]', /y: numbers/],
    ];
    for (const [figure, at, message] of wrong) await refused(figure, at, message);
    await assert.rejects(bundleOf({ data: [{ x: deep }] }), PlotValueError);
    complex.dispose();
  });
});

describe('plot takes tensors wherever it takes lists', () => {
  const text = async (thing: unknown, options?: object) =>
    (await bundleOf(thing as Plottable, options))['text/plain'];

  it('in columns, records, lists, histories and options', async () => {
    const tensors = [tf.tensor1d([1, 2, 3]), tf.scalar(4), tf.tensor2d([[1, 2], [3, 4]]), tf.tensor1d([5, 6], 'int32')]; // prettier-ignore
    const [list, one, matrix, labels] = tensors;
    assert.equal(await text({ a: list, b: [3, 2, 1] }), await text({ a: [1, 2, 3], b: [3, 2, 1] }));
    assert.equal(await text([{ a: 'x', b: one }]), await text([{ a: 'x', b: 4 }]));
    assert.equal(await text([list, list]), await text([[1, 2, 3], [1, 2, 3]])); // prettier-ignore
    assert.equal(await text([one, one]), await text([4, 4]));
    assert.equal(await text([matrix, matrix, matrix]), await text([[[1, 2], [3, 4]], [[1, 2], [3, 4]], [[1, 2], [3, 4]]])); // prettier-ignore
    assert.equal(await text({ history: { loss: [one] } }.history), await text({ loss: [4] }));
    assert.equal(await text([8, 9], { labels }), await text([8, 9], { labels: ['5', '6'] }));
    assert.equal(
      await text([8, 9], { labels: Int32Array.of(5, 6) }),
      await text([8, 9], { labels: ['5', '6'] }),
    );
    tf.dispose(tensors);
    await refused(list, '', /disposed/);
    await refused({ a: list }, 'a', /disposed/);
    await refused([1, list], '[1]', /disposed/);
  });

  it('and refuses other options and promises by name', async () => {
    await assert.rejects(text([1, 2], { labels: 'ab' }), LabelsError);
    await assert.rejects(text([1, 2], 'title' as never), OptionError);
    await assert.rejects(
      text(Promise.resolve([1])),
      (e: unknown) => e instanceof NotPlottableError && /await/.test(e.message),
    );
    const list: unknown[] = [1];
    list.push(list);
    await refused(list, '[1]', /part of itself/);
  });
});
