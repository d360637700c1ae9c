import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  DiscontinuityError,
  NameCountError,
  NoRegionError,
  NonFiniteInputError,
  SliceError,
  SliceLimitError,
  PlanePointError,
} from '../../kernel-ext/src/errors';
import { path, type Path } from '../../kernel-ext/src/paths/path';
import { slice, type Slice } from '../../kernel-ext/src/slices/slice';
import type { PlanePoint } from '../../kernel-ext/src/slices/plane';
import { useBackend } from '../backend';
import { mnistCnn } from '../bench/mnist-cnn';
import reference from '../fixtures/regions-reference.json';
import { assertClose } from '../linear-map/close';
import { residualNet } from '../linear-map/networks';
import { referenceInput, referenceNetwork } from './reference-network';

const relu = (x: tf.Tensor) => x.relu();
/** x0 is the origin, x1 and x2 are the axes, so that parameters are inputs. */
const AXES = [
  [0, 0],
  [1, 0],
  [0, 1],
] as const;
const onAxes = (network: (x: tf.Tensor) => tf.Tensor, options = {}) =>
  slice(network, [...AXES[0]], [...AXES[1]], [...AXES[2]], { center: [0, 0], radius: 1, ...options });

const covered = (cut: Slice) => cut.polygons.reduce((sum, _, i) => sum + cut.areaOf(i), 0) / cut.area;

/** The centroid, and F there. */
function centroid({ corners, outputs }: Slice['polygons'][number]): { middle: PlanePoint; output: number[] } {
  const classes = outputs.length / corners.length;
  let [total, s, t] = [0, 0, 0];
  const output = Array<number>(classes).fill(0);
  for (let i = 1; i + 1 < corners.length; i++) {
    const triangle = [0, i, i + 1];
    const [a, b, c] = triangle.map(corner => corners[corner]);
    const area = Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]));
    total += area;
    s += (area * (a[0] + b[0] + c[0])) / 3;
    t += (area * (a[1] + b[1] + c[1])) / 3;
    for (const corner of triangle)
      output.forEach((_, k) => (output[k] += (area * outputs[corner * classes + k]) / 3));
  }
  return { middle: [s / total, t / total], output: output.map(y => y / total) };
}

/** Points in the window, the same in every run. */
function pointsIn(cut: Slice, count: number): PlanePoint[] {
  const [a, b, , d] = cut.window;
  return Array.from({ length: count }, (_, k) => {
    const [u, v] = [((k + 0.5) * 0.754877) % 1, ((k + 0.5) * 0.56984) % 1];
    return [0, 1].map(i => a[i] + u * (b[i] - a[i]) + v * (d[i] - a[i])) as unknown as PlanePoint;
  });
}

describe('slice(model, x0, x1, x2)', () => {
  useBackend('tensorflow');

  for (const executor of ['tfjs', 'onnx'] as const) {
    it(`finds the polygons of ${reference.reference} in a network with convolution, pooling, a residual sum and batch norm (${executor})`, async () => {
      const { center, radius, window, polygons } = reference.slice;
      const [model, x0, x1, x2] = [referenceNetwork(), ...[0, 1, 2].map(referenceInput)] as const;
      const before = tf.memory().numTensors;
      const cut = await slice(model, x0, x1, x2, {
        executor,
        center: center as unknown as PlanePoint,
        radius,
      });
      assertClose('window', cut.window.flat(), window.flat());
      const whole = polygons.reduce((sum, { area }) => sum + area, 0);
      const found = cut.polygons.map(polygon => ({ area: polygon.area, ...centroid(polygon) }));
      const large = polygons.filter(({ area }) => area > 1e-7 * whole);
      assert.ok(large.length > 100);
      for (const { area, middle, output } of large) {
        const same = found.reduce((best, one) =>
          off(one.middle, middle) < off(best.middle, middle) ? one : best,
        );
        assert.ok(off(same.middle, middle) < 5e-6, `${same.middle} instead of ${middle}`);
        assert.ok(Math.abs(same.area - area) < 2e-6 * whole);
        assertClose('F', same.output, output);
      }
      const small = cut.polygons.filter(({ area }) => area <= 1e-7 * whole);
      assert.equal(cut.regions - small.length, large.length);
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it('covers the window; every point has the pattern and the map of its polygon, as dense sampling shows', async () => {
    const model = residualNet();
    const inputs = [7, 8, 9].map(seed => tf.randomNormal([8, 8, 2], 0, 1, 'float32', seed));
    const cut = await slice(model, inputs[0], inputs[1], inputs[2], { center: [0.3, 0.3], radius: 1.5 });
    assert.ok(cut.regions > 50, `${cut.regions}`);
    assert.ok(Math.abs(covered(cut) - 1) < 1e-6);
    assert.equal(new Set(cut.polygons.map(({ pattern }) => pattern)).size, cut.regions);
    let differing = 0;
    for (const point of pointsIn(cut, 150)) {
      const lin = await cut.at(point);
      const { hash } = await lin.region();
      if (hash !== cut.polygons[cut.polygonAt(point)].pattern) differing++;
      lin.dispose();
    }
    // A point within rounding of a border may fall to either side.
    assert.ok(differing <= 1, `${differing} of 150`);
  });

  it('gives borders between classes and their shares as dense sampling does', async () => {
    const { model, digits } = await mnistCnn();
    const [x0, x1, x2] = [0, 1, 2].map(i => digits.instance(i));
    const line = await path(model, x0, x1);
    const tie = [...line.t].find(t => classAt(line, t) !== classAt(line, 0))!;
    const cut = await slice(model, x0, x1, x2, { center: [tie, 0], radius: 0.03 });
    assert.ok(cut.boundaries.length > 5 && cut.regions > 100, `${cut.regions}`);
    assert.ok(Math.abs(cut.shares.reduce((a, b) => a + b) - 1) < 1e-6);
    const sampled = pointsIn(cut, 2000);
    const outputs = tf.tidy(
      () => model.predict(tf.stack(sampled.map(point => cut.input(point)))) as tf.Tensor2D,
    );
    const classes = await outputs.argMax(1).data();
    cut.shares.forEach((share, c) => {
      const counted = classes.filter(k => k === c).length / sampled.length;
      assert.ok(Math.abs(counted - share) < 0.02, `class ${c}: ${share}, sampled ${counted}`);
    });
    for (const { from, to, classes } of cut.boundaries.slice(0, 50)) {
      const lin = await cut.at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
      const y = await lin.output.data();
      const [a, b] = classes.map(c => y[c]);
      assert.ok(Math.abs(a - b) < 1e-4 && Math.max(...y) - a < 1e-4);
      lin.dispose();
    }
  });

  it('handles ties, duplicated and shared layers, the origin, and lines that only touch', async () => {
    const whole = (x: tf.Tensor) => x.max(0, true);
    const cases: [string, (x: tf.Tensor) => tf.Tensor, number[]][] = [
      ['two units', relu, [1, 1, 1, 1]],
      ['a layer twice', x => tf.tidy(() => x.relu().add(x.mul(2).relu())), [1, 1, 1, 1]],
      ['a unit after one of its kind', x => tf.tidy(() => x.abs().relu()), [1, 1, 1, 1]],
      ['a choice of two', whole, [2, 2]],
      ['no gate', x => tf.tidy(() => x.add(1)), [4]],
      ['a unit that is 0 all over', x => tf.tidy(() => x.mul(0).relu().add(x)), [4]],
      ['equal entries of a choice', x => tf.tidy(() => tf.stack([x, x]).max(0)), [4]],
      [
        'three that meet in the origin',
        x => tf.tidy(() => tf.concat([x, x.sum(0, true)]).relu()),
        [0.5, 0.5, 0.5, 0.5, 1, 1],
      ],
      [
        'a choice of four in the plane',
        x => tf.tidy(() => tf.concat([x, x.neg()]).max(0, true)),
        [1, 1, 1, 1],
      ],
    ];
    for (const [name, network, areas] of cases) {
      const cut = await onAxes(network);
      const found = cut.polygons.map((_, i) => Math.round(1e6 * cut.areaOf(i)) / 1e6).sort((a, b) => a - b);
      assert.deepEqual(found, areas, name);
    }
  });

  it('gives W at a point, and the sign of a single output as classes', async () => {
    const cut = await onAxes(x => tf.tidy(() => x.relu().sum(0, true).sub(0.5)));
    const lin = await cut.at([0.5, -0.5]);
    assert.deepEqual([...(await (await lin.row(0)).data())], [1, 0]);
    assert.deepEqual(cut.classes, ['≤ 0', '> 0']);
    assert.ok(Math.abs(cut.shares[1] - (0.5 + 0.5 + 0.875) / 4) < 1e-6);
    const length = cut.boundaries.reduce(
      (sum, { from, to }) => sum + Math.hypot(from[0] - to[0], from[1] - to[1]),
      0,
    );
    assert.ok(Math.abs(length - (2 + Math.SQRT1_2)) < 1e-6);
    assert.throws(() => cut.polygonAt([2, 0]), PlanePointError);
  });

  it('refuses networks without regions or with jumps, inputs on a line, other shapes, and too many polygons', async () => {
    await assert.rejects(
      onAxes(x => x.tanh()),
      NoRegionError,
    );
    await assert.rejects(
      onAxes(x => tf.tidy(() => tf.where(x.greater(0), x.add(5), x))),
      DiscontinuityError,
    );
    await assert.rejects(onAxes(relu, { radius: 0 }), SliceError);
    await assert.rejects(onAxes(relu, { center: undefined }), SliceError);
    await assert.rejects(onAxes(relu, { limit: 2 }), SliceLimitError);
    await assert.rejects(onAxes(relu, { labels: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }), NameCountError);
    await assert.rejects(slice(relu, [0, 0], [1, 1], [2, 2]), /one line/);
    await assert.rejects(slice(relu, [1, 1], [1, 1], [2, 3]), SliceError);
    await assert.rejects(slice(relu, [0, 0], [1, 0], [1, 2, 3]), SliceError);
    await assert.rejects(slice(relu, [0, 0], [1, 0], [0, NaN]), NonFiniteInputError);
    await assert.rejects(slice(relu, [0, 0], [1, 0], [0, 1], { margin: -1 }), SliceError);
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(onAxes(relu, { signal: stop.signal }));
  });
});

const classAt = (line: Path, t: number) => {
  const y = line.outputAt(t);
  return y.indexOf(Math.max(...y));
};

const off = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
