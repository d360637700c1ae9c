import '../backend';
import assert from 'node:assert/strict';
import { affinities } from '../../kernel-ext/src/tsne/affinities';
import { Fourier } from '../../kernel-ext/src/tsne/fourier';
import { nonParametricCoordinates, stateAt } from '../../kernel-ext/src/tsne/non-parametric-coordinates';
import { klDivergence } from '../../kernel-ext/src/tsne/quality';
import { resultOf } from '../../kernel-ext/src/tsne/steps';
import { randomFor } from '../../kernel-ext/src/tsne/random';
import { Repulsion } from '../../kernel-ext/src/tsne/repulsion';

/** Cubic interpolation on nodes up to 0.83 apart, of a kernel of width 1, measured: 0.03 of the sum, 0.1 of the forces. */
const SUM_ERROR = 0.05;
const FORCE_ERROR = 0.15;
/** On nodes 0.14 apart, measured: 6e-4 of the forces. */
const FINE_ERROR = 1e-3;

const random = randomFor(1, 'coordinates');
const cloud = (points: number, span: number) =>
  Float64Array.from({ length: 2 * points }, () => span * (random() - 0.5));

describe('the discrete Fourier transform of a grid', () => {
  it('is the double sum that defines it', () => {
    const size = 8;
    const [re, im] = [cloud(32, 2), cloud(32, 2)];
    const grid = { re: re.slice(), im: im.slice() };
    new Fourier(size).transform(grid);
    for (const [u, v] of [
      [0, 0],
      [3, 1],
      [7, 6],
    ]) {
      let [x, y] = [0, 0];
      re.forEach((_, k) => {
        const turn = (-2 * Math.PI * (u * Math.floor(k / size) + v * (k % size))) / size;
        x += re[k] * Math.cos(turn) - im[k] * Math.sin(turn);
        y += re[k] * Math.sin(turn) + im[k] * Math.cos(turn);
      });
      assert.ok(Math.abs(grid.re[u * size + v] - x) < 1e-9 && Math.abs(grid.im[u * size + v] - y) < 1e-9);
    }
  });
});

describe('repulsion by a grid', () => {
  for (const [span, sumError, forceError] of [
    [8, FINE_ERROR, FINE_ERROR],
    [60, SUM_ERROR, FORCE_ERROR],
  ]) {
    for (const alpha of [1, 2]) {
      it(`is the sum over all pairs, with α = ${alpha} over ${span} units`, () => {
        const places = cloud(300, span);
        const repulsion = new Repulsion(300, alpha);
        const total = repulsion.between(places);
        const wanted = byPairs(places, alpha);
        assert.ok(Math.abs(total / wanted.total - 1) < sumError, `${total} and not ${wanted.total}`);
        const scale = Math.max(...wanted.forces.map(Math.abs));
        const off = Math.max(...wanted.forces.map((force, k) => Math.abs(force - repulsion.forces[k])));
        assert.ok(off < forceError * scale, `${off / scale}`);
      });
    }
  }
});

describe('non-parametric coordinates', () => {
  it('reduce KL(P ‖ Q) to less than a third of its value at random', async () => {
    const points = 120;
    const values = Float32Array.from(
      { length: 5 * points },
      (_, k) => random() + 4 * (Math.floor(k / 200) % 3),
    );
    const graph = await affinities({ count: points, width: 5, values }, { perplexity: 10 });
    const kl = (places: Float64Array) =>
      resultOf(klDivergence(graph, { count: points, width: 2, values: Float32Array.from(places) }));
    const start = cloud(points, 1e-3);
    const places = await nonParametricCoordinates(graph, stateAt(start), {
      alpha: 1,
      goesOn: () => Promise.resolve(true),
    });
    assert.ok(kl(places) < kl(cloud(points, 30)) / 3);
  });

  it('end early on request', async () => {
    const values = Float32Array.from({ length: 60 }, () => random());
    const graph = await affinities({ count: 30, width: 2, values }, { perplexity: 5 });
    let iterations = 0;
    const goesOn = () => Promise.resolve(++iterations < 3);
    await nonParametricCoordinates(graph, stateAt(cloud(30, 1)), { alpha: 1, goesOn });
    assert.equal(iterations, 3);
  });
});

function byPairs(places: Float64Array, alpha: number): { total: number; forces: number[] } {
  const forces = new Array<number>(places.length).fill(0);
  let total = 0;
  for (let i = 0; i < places.length; i += 2) {
    for (let j = 0; j < places.length; j += 2) {
      if (i === j) continue;
      const way = [0, 1].map(k => places[i + k] - places[j + k]);
      const base = 1 + (way[0] ** 2 + way[1] ** 2) / alpha;
      const w = base ** (-(alpha + 1) / 2);
      total += w;
      way.forEach((difference, k) => (forces[i + k] += (w / base) * difference));
    }
  }
  return { total, forces };
}
