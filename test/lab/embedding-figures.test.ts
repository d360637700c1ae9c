import assert from 'node:assert/strict';
import { boxOf, inside } from '../../lab-extension/src/figures/lasso';
import { PointGrid } from '../../lab-extension/src/figures/point-grid';
import { HIDDEN, packed, paintDensity, paintDots } from '../../lab-extension/src/figures/splat';
import { fitting, toPixel, toCoordinates, zoomed } from '../../lab-extension/src/figures/viewport';
import { seeded } from './random-net';

const random = seeded(11);
const cloud = (count: number) => Float32Array.from({ length: count }, () => 10 * random() ** 3);
const WHITE = [255, 255, 255] as const;
const RED = [200, 0, 0] as const;
const BLUE = [0, 0, 200] as const;

describe('a grid of points', () => {
  it('finds the same nearest points as an exhaustive search, also from outside and among the allowed points', () => {
    const [across, up] = [cloud(2000), cloud(2000)];
    const grid = new PointGrid(across, up);
    for (let n = 0; n < 200; n++) {
      const [x, y] = [14 * random(), 14 * random()];
      const allows = (i: number) => n % 2 === 0 || i % 3 === 0;
      const distance = (i: number) => Math.hypot(across[i] - x, up[i] - y);
      const all = [...across.keys()].filter(allows).sort((i, j) => distance(i) - distance(j) || i - j);
      assert.deepEqual(grid.nearest(x, y, 5, Infinity, allows), all.slice(0, 5));
      const near = all.filter(i => distance(i) <= 0.5).slice(0, 5);
      assert.deepEqual(grid.nearest(x, y, 5, 0.5, allows), near);
    }
  });

  it('copes with points that all coincide', () => {
    const same = new Float32Array(10).fill(3);
    assert.deepEqual(new PointGrid(same, same).nearest(0, 0, 2, Infinity), [0, 1]);
  });
});

describe('a viewport', () => {
  const size = { width: 400, height: 300 };

  it('shows all points after a fit, and zooms around what is under the pointer', () => {
    const [across, up] = [cloud(100), cloud(100)];
    const whole = fitting(across, up, size);
    across.forEach((v, i) => {
      const [x, y] = toPixel(whole, size, v, up[i]);
      assert.ok(x >= 0 && x <= 400 && y >= 0 && y <= 300);
    });
    const nearer = zoomed(whole, size, 30, 40, 3, whole);
    toCoordinates(nearer, size, 30, 40).forEach((v, k) =>
      assert.ok(Math.abs(v - toCoordinates(whole, size, 30, 40)[k]) < 1e-6),
    );
    assert.ok(Math.abs(nearer.scale / whole.scale - 3) < 1e-9);
  });
});

describe('painted points', () => {
  const size = { width: 9, height: 9 };
  const view = { across: 0, up: 0, scale: 1 };
  const points = (slots: number[]) => ({
    across: Float32Array.from(slots, () => 0),
    up: Float32Array.from(slots, () => 0),
    slots: Uint16Array.from(slots),
    palette: [RED, BLUE],
  });
  const page = () => new Uint32Array(81).fill(packed(WHITE));

  it('are dots in their colors, and hidden ones are missing', () => {
    const image = page();
    paintDots(image, size, view, points([0]), 2);
    const bytes = new Uint8Array(image.buffer, 4 * 40, 4);
    assert.ok(bytes[0] > 190 && bytes[1] < 80 && bytes[3] === 255, String(bytes));
    assert.equal(image[0], packed(WHITE));
    const blank = page();
    paintDots(blank, size, view, points([HIDDEN]), 2);
    assert.deepEqual(blank, page());
  });

  it('form a density that is stronger where there are more, in the mean of their colors', () => {
    const image = page();
    const many = points([0, 0, 0, 1]);
    many.across[3] = 2;
    paintDensity(image, size, view, many, WHITE);
    assert.equal(image[40], packed(RED), 'the most');
    const [r, g, b] = new Uint8Array(image.buffer, 4 * 42, 3);
    assert.ok(r > 0 && r === g && b > r, `${[r, g, b]}: fainter blue`);
  });
});

describe('a lasso', () => {
  it('contains what lies inside, even for a shape that is not convex', () => {
    const across = Float32Array.of(1, 5, 5, 9, 20);
    const up = Float32Array.of(1, 1, 8, 1, 1);
    const notched = [
      [0, 0],
      [10, 0],
      [10, 10],
      [5, 5],
      [0, 10],
    ] as const;
    assert.deepEqual(
      inside(across, up, notched, () => true),
      [0, 1, 3],
    );
    assert.deepEqual(
      inside(across, up, boxOf([4, 0], [6, 9]), i => i !== 1),
      [2],
    );
  });
});
