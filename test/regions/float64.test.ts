import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { path } from '../../kernel-ext/src/paths/path';
import { slice } from '../../kernel-ext/src/slices/slice';
import type { PlanePoint } from '../../kernel-ext/src/slices/plane';
import { useBackend } from '../backend';

const WIDTHS = [6, 24, 24, 24, 3];

/** The numbers of a perceptron, float32, which anybody can recompute. */
const WEIGHTS = WIDTHS.slice(1).map((width, layer) => ({
  kernel: filled(WIDTHS[layer] * width, 3 * layer + 1, 1.6 / Math.sqrt(WIDTHS[layer])),
  bias: filled(width, 3 * layer + 2, 0.4),
}));

function filled(count: number, seed: number, size: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => size * Math.sin(78.233 * (i + 1) * (seed + 0.5)));
}

function perceptron(): tf.LayersModel {
  const layers = WIDTHS.slice(1).map((units, i) =>
    tf.layers.dense({
      units,
      activation: i < WIDTHS.length - 2 ? 'relu' : 'linear',
      ...(i === 0 && { inputShape: [WIDTHS[0]] }),
    }),
  );
  const model = tf.sequential({ layers });
  model.setWeights(
    WEIGHTS.flatMap(({ kernel, bias }, i) => [
      tf.tensor2d(kernel, [WIDTHS[i], WIDTHS[i + 1]]),
      tf.tensor1d(bias),
    ]),
  );
  return model;
}

/** The activation pattern by plain loops in float64. */
function pattern(x: ArrayLike<number>): string {
  let a = Float64Array.from(x);
  let bits = '';
  for (const { kernel, bias } of WEIGHTS.slice(0, -1)) {
    const width = bias.length;
    const z = Float64Array.from(bias, (b, k) => a.reduce((sum, v, i) => sum + v * kernel[i * width + k], b));
    bits += Array.from(z, v => (v > 0 ? 1 : 0)).join('');
    a = z.map(v => Math.max(0, v));
  }
  return bits;
}

const differing = (a: string, b: string) => [...a].filter((bit, i) => bit !== b[i]).length;
const ends = [filled(6, 40, 1.5), filled(6, 41, 1.5), filled(6, 42, 1.5)];
const at = (weights: readonly number[]) =>
  Float64Array.from({ length: 6 }, (_, i) => weights.reduce((sum, w, k) => sum + w * ends[k][i], 0));

/** A breakpoint in float32 lies within this distance of the one in float64. */
const NEAR = 2e-6;

describe('regions, probed in float64', () => {
  useBackend('tensorflow');

  it('the pattern is constant between the breakpoints of a path, and exactly the named units switch at them', async () => {
    const line = await path(perceptron(), [...ends[0]], [...ends[1]]);
    assert.ok(line.regions > 20);
    const on = (t: number) => pattern(at([1 - t, t, 0]));
    for (let i = 0; i < line.regions; i++) {
      const [from, to] = [line.t[i] + NEAR, line.t[i + 1] - NEAR];
      if (from >= to) continue;
      const probes = [0, 0.25, 0.5, 0.75, 1].map(share => on(from + share * (to - from)));
      assert.equal(new Set(probes).size, 1, `from ${from} to ${to}`);
    }
    for (let i = 1; i < line.regions; i++) {
      if (line.t[i] - line.t[i - 1] < 4 * NEAR || line.t[i + 1] - line.t[i] < 4 * NEAR) continue;
      assert.equal(differing(on(line.t[i] - NEAR), on(line.t[i] + NEAR)), line.units[i].length);
    }
  });

  it('the pattern is constant in each polygon of a slice, and differs between any two', async () => {
    const cut = await slice(perceptron(), [...ends[0]], [...ends[1]], [...ends[2]], { margin: 0.1 });
    assert.ok(cut.regions > 60);
    const there = ([s, t]: PlanePoint) => pattern(at([1 - s - t, s, t]));
    const seen = new Map<string, number>();
    cut.polygons.forEach(({ corners, area }, i) => {
      if (area < 1e-6) return;
      const middle = [0, 1].map(
        axis => corners.reduce((sum, point) => sum + point[axis], 0) / corners.length,
      );
      const inside = [0, 0.5, 0.98].flatMap(share =>
        corners.map(point => middle.map((m, axis) => m + share * (point[axis] - m)) as unknown as PlanePoint),
      );
      const patterns = new Set(inside.map(there));
      assert.equal(patterns.size, 1, `polygon ${i}`);
      const [own] = patterns;
      assert.ok(!seen.has(own), `polygons ${i} and ${seen.get(own)}`);
      seen.set(own, i);
    });
  });

  for (const norm of ['l2', 'linf'] as const) {
    it(`nothing switches within the radius, whatever the direction; the named unit does just outside (${norm})`, async () => {
      const lin = await linearize(perceptron(), [...ends[0]]);
      const { distance, point, unit } = await lin.radius({ norm });
      const own = pattern(ends[0]);
      const size = (v: ArrayLike<number>) =>
        norm === 'l2' ? Math.hypot(...Array.from(v)) : Math.max(...Array.from(v, Math.abs));
      for (let seed = 0; seed < 500; seed++) {
        const direction = filled(6, 100 + seed, 1);
        const step = (0.9999 * distance) / size(direction);
        assert.equal(pattern(ends[0].map((v, i) => v + step * direction[i])), own);
      }
      const to = await point!.data();
      const beyond = pattern(ends[0].map((v, i) => v + 1.0005 * (to[i] - v)));
      assert.equal(differing(own, beyond), 1);
      const switched = [...own].findIndex((bit, i) => bit !== beyond[i]);
      assert.equal(unit!.position.at(-1), switched % 24);
      lin.dispose();
    });
  }

  it('is exact for a layer that is used twice, at the origin, and for two identical inputs', async () => {
    const shared = tf.layers.dense({
      units: 6,
      activation: 'relu',
      kernelInitializer: 'identity',
      useBias: false,
    });
    const input = tf.input({ shape: [6] });
    const once = shared.apply(tf.layers.dense({ units: 6 }).apply(input)) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs: shared.apply(once) as tf.SymbolicTensor });
    const line = await path(model, [...ends[0]], [...ends[1]]);
    const single = await path(tf.model({ inputs: input, outputs: once }), [...ends[0]], [...ends[1]]);
    assert.deepEqual([...line.t], [...single.t]);
    const none = await path(model, [...ends[0]], [...ends[0]]);
    assert.equal(none.regions, 1);
    const origin = await linearize(model, Array<number>(6).fill(0));
    const { distance, touching } = await origin.radius();
    assert.equal(distance, 0);
    assert.ok(touching >= 6);
    origin.dispose();
  });
});
