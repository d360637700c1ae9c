import assert from 'node:assert/strict';
import { leastChange } from '../../lab-extension/src/figures/least-change';
import { parseNpy } from '../../kernel-ext/src/data/npy';
import { pointsCsv, pointsNpy } from '../../lab-extension/src/embedding/embedding-numbers';
import { Asked } from '../../lab-extension/src/live/asked';
import { type EmbeddingChange, EmbeddingModel } from '../../lab-extension/src/embedding/embedding-model';
import type { Apart, EmbeddingData, Explanation, Comparison } from 'piecewise/payload';
import type { EmbeddingSource } from '../../lab-extension/src/embedding/embedding-source';
import { NoAnswerError } from '../../lab-extension/src/live/no-answer';
import { seeded } from './random-net';

const explanation = (point: number): Explanation => ({
  point,
  x: Float32Array.of(1, 2),
  w: Float32Array.of(1, 0, 0, 1),
  contributions: [Float32Array.of(1, 0), Float32Array.of(0, 2)],
  output: [1, 2],
  bias: [0, 0],
  exact: true,
  policies: [],
  residual: { absolute: 0, relative: 0, ulps: 0 },
});

/** Twenty points on a line, every third one of the data set, in two classes. */
function embeddingData(changes: Partial<EmbeddingData> = {}): EmbeddingData {
  return {
    title: 'an embedding',
    axes: ['axis 1', 'axis 2'],
    count: 20,
    total: 60,
    across: Float32Array.from({ length: 20 }, (_, i) => i),
    up: new Float32Array(20),
    indices: Float32Array.from({ length: 20 }, (_, i) => 3 * i),
    inputShape: [2],
    classes: { names: ['a', 'b'], of: Float32Array.from({ length: 20 }, (_, i) => i % 2) },
    names: null,
    columns: [],
    measures: null,
    history: [],
    training: null,
    thumbnails: null,
    explained: new Map([[6, explanation(6)]]),
    handle: 'h',
    ...changes,
  };
}

/** A kernel that records what it is asked. */
class Kernel implements EmbeddingSource {
  isAvailable = true;
  readonly asked: unknown[] = [];
  explain = async (_: string, point: number) => (this.asked.push({ explain: point }), explanation(point));
  neighbors = async (_: string, point: number) => (
    this.asked.push({ neighbors: point }),
    { data: [0, 3], embedding: [3, 9] }
  );
  thumbnails = async () => Promise.reject(new Error('there are none'));
  compare = async (_: string, groups: unknown) => (this.asked.push({ compare: groups }), {} as Comparison);
  apart = async (_: string, groups: unknown) => (this.asked.push({ apart: groups }), { regions: 3 } as Apart);
  select = async (_: string, points: readonly number[]) => void this.asked.push({ select: points });
  transform = async (_: string, x: Float32Array) => (
    this.asked.push({ transform: [...x] }),
    [x[0] + 0.5, x[1]]
  );
  steer = async () => 'paused' as const;
}

const settled = () => new Promise(resolve => setImmediate(resolve));

describe('EmbeddingModel', () => {
  it('begins with the saved explanation and asks the kernel for nothing', async () => {
    const kernel = new Kernel();
    const model = new EmbeddingModel(embeddingData(), kernel);
    await settled();
    assert.equal(model.picked, 2);
    assert.equal(model.explanation.value?.point, 6);
    assert.deepEqual(model.neighborhood.value?.embedding.slice(0, 2), [3, 9]);
    assert.deepEqual(kernel.asked, []);
  });

  it('asks for what is not saved, by index in the data', async () => {
    const kernel = new Kernel();
    const model = new EmbeddingModel(embeddingData(), kernel);
    const changes: EmbeddingChange[] = [];
    model.changed.connect((_, change) => changes.push(change));
    model.pick(5);
    assert.equal(model.explanation.isLoading, true);
    await settled();
    assert.equal(model.explanation.value?.point, 15);
    assert.deepEqual(kernel.asked, [{ explain: 15 }, { neighbors: 15 }]);
    assert.ok(changes.includes('pick') && changes.includes('answer'));
  });

  it('reports why there is no explanation without a kernel, and keeps what was saved', async () => {
    const model = new EmbeddingModel(embeddingData(), null);
    model.pick(5);
    await settled();
    assert.equal(model.explanation.problem?.problem, 'no-kernel');
    assert.deepEqual(model.neighborhood.value?.data, []);
    model.pick(2);
    assert.equal(model.explanation.value?.point, 6);
  });

  it('asks nothing of a network that is still training', async () => {
    const kernel = new Kernel();
    const training = { epoch: 1, epochs: 2, state: 'running' as const };
    const model = new EmbeddingModel(embeddingData({ training, explained: new Map() }), kernel);
    model.pick(5);
    await settled();
    assert.deepEqual([kernel.asked, model.explanation.value], [[], null]);
  });

  it('compares two points and two groups, with at most 500 points per group', async () => {
    const kernel = new Kernel();
    const model = new EmbeddingModel(embeddingData(), kernel);
    model.rival(7);
    model.compare([Array(2000).fill(1), [2]]);
    await settled();
    assert.deepEqual(kernel.asked[0], { compare: [[6], [21]] });
    const [large] = (kernel.asked[1] as { compare: number[][] }).compare;
    assert.equal(large.length, 500);
  });

  it('asks why two groups are apart when somebody wants to know, and forgets the answer with the groups', async () => {
    const kernel = new Kernel();
    const model = new EmbeddingModel(embeddingData(), kernel);
    model.comparison.askApart();
    model.rival(7);
    await settled();
    assert.deepEqual(kernel.asked, [{ compare: [[6], [21]] }], 'not before somebody asks');
    model.comparison.askApart();
    await settled();
    assert.deepEqual([kernel.asked[1], model.comparison.apart.value?.regions], [{ apart: [[6], [21]] }, 3]);
    model.rival(8);
    assert.equal(model.comparison.apart.value, null);
  });

  it('tells the kernel what is selected, and finds only what the legend shows', async () => {
    const kernel = new Kernel();
    const model = new EmbeddingModel(embeddingData(), kernel);
    model.select([1, 4]);
    assert.deepEqual(kernel.asked, [{ select: [3, 12] }]);
    assert.deepEqual(model.nearest(4.2, 0, 2), [4, 5]);
    model.toggle(0);
    assert.deepEqual(model.nearest(4.2, 0, 2), [5, 3]);
    model.only(0);
    assert.deepEqual(model.nearest(4.2, 0, 2), [4, 6]);
    model.only(0);
    assert.deepEqual(model.nearest(4.2, 0, 2), [4, 5]);
  });

  it('follows newer points of the same embedding', () => {
    const model = new EmbeddingModel(embeddingData(), null);
    assert.deepEqual(model.nearest(0, 0, 1), [0]);
    model.replace(embeddingData({ across: Float32Array.from({ length: 20 }, (_, i) => -i) }));
    assert.deepEqual(model.nearest(-19, 0, 1), [19]);
  });
});

describe('Asked.ask(question)', () => {
  it('keeps the answer to the newest question only', async () => {
    const asked = new Asked<string>(() => {});
    let answerFirst = (_: string) => {};
    void asked.ask(() => new Promise(resolve => (answerFirst = resolve)));
    await asked.ask(async () => 'second');
    answerFirst('first');
    await settled();
    assert.equal(asked.value, 'second');
  });

  it('keeps the reason why there is no answer, whatever was thrown', async () => {
    const asked = new Asked<string>(() => {});
    await asked.ask(() => Promise.reject(new NoAnswerError('gone', 'away')));
    assert.equal(asked.problem?.problem, 'gone');
    await asked.ask(() => Promise.reject(new TypeError('odd')));
    assert.deepEqual([asked.problem?.problem, asked.problem?.message], ['failed', 'odd']);
  });
});

describe('a picked point that is dragged elsewhere', () => {
  it('gets the input that W and b put there, and asks where the network puts that input', async () => {
    const kernel = new Kernel();
    const model = new EmbeddingModel(embeddingData(), kernel);
    model.pullTo([3, -1]);
    assert.deepEqual([...model.moved.input!], [3, -1]);
    assert.deepEqual(model.predicted, [3, -1]);
    await settled();
    assert.deepEqual(kernel.asked, [{ transform: [3, -1] }]);
    assert.deepEqual(model.moved.result, [3.5, -1]);
  });

  it('is restored when another point is picked', async () => {
    const model = new EmbeddingModel(embeddingData(), new Kernel());
    model.pullTo([3, -1]);
    model.pick(7);
    assert.equal(model.predicted, null);
    await settled();
    assert.equal(model.moved.result, null);
  });
});

describe('leastChange(w, d)', () => {
  const random = seeded(4);
  const w = Float32Array.from({ length: 2 * 50 }, random);
  const row = (axis: number) => [...w.subarray(50 * axis, 50 * axis + 50)];
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0);

  it('is mapped by W to the requested displacement, and has no part that W maps to zero', () => {
    const change = leastChange(w, [1.5, -0.25])!;
    assert.ok(Math.abs(dot(change, row(0)) - 1.5) < 1e-5);
    assert.ok(Math.abs(dot(change, row(1)) + 0.25) < 1e-5);
    // It is orthogonal to everything that W maps to zero, so nothing in it can be left out.
    const idle = Array.from({ length: 50 }, random);
    const [a, b, c] = [dot(row(0), row(0)), dot(row(0), row(1)), dot(row(1), row(1))];
    const [d, e] = [dot(idle, row(0)), dot(idle, row(1))];
    const [s, t] = [(c * d - b * e) / (a * c - b * b), (a * e - b * d) / (a * c - b * b)];
    const unseen = idle.map((v, i) => v - s * w[i] - t * w[50 + i]);
    assert.ok(Math.abs(dot(unseen, change)) < 1e-5);
  });

  it('does not exist where W has rank one, or is zero', () => {
    assert.equal(leastChange(Float32Array.of(1, 2, 2, 4), [1, 0]), null);
    assert.equal(leastChange(new Float32Array(3), [1]), null);
    assert.deepEqual([...leastChange(Float32Array.of(0, 2), [1])!], [0, 0.5]);
  });
});

describe('pointsCsv(model)', () => {
  it('has one line per point: index in the data, coordinates, class, name and columns', () => {
    const names = Array.from({ length: 20 }, (_, i) => `number ${i}`);
    const columns = [{ name: 'loss', values: new Float32Array(20).fill(0.5), low: 0.5, high: 0.5 }];
    const lines = pointsCsv(new EmbeddingModel(embeddingData({ names, columns }), null)).split('\r\n');
    assert.equal(lines.length, 22);
    assert.equal(lines[0], 'point,axis 1,axis 2,class,name,loss');
    assert.equal(lines[4], '9,3,0,b,number 3,0.5');
  });

  it('leaves out what an embedding does not have', () => {
    const plain = embeddingData({ axes: ['along'], classes: null, indices: null });
    assert.equal(pointsCsv(new EmbeddingModel(plain, null)).split('\r\n')[4], '3,3');
  });
});

describe('pointsNpy(model)', () => {
  it('has the coordinates in the order of the lines, one column per axis', () => {
    const npy = Buffer.from(pointsNpy(new EmbeddingModel(embeddingData(), null)));
    const { shape, values } = parseNpy(npy, 'embedding.npy');
    assert.deepEqual(shape, [20, 2]);
    assert.deepEqual(Array.from(values, Number).slice(6, 10), [3, 0, 4, 0]);
  });
});
