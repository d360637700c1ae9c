import assert from 'node:assert/strict';
import { readDecomposition, MalformedPayloadError, UnknownVersionError } from 'piecewise/payload';
import { refusesDamaged } from './refuses-damaged';
import { refusesEach } from './refuses-each';
import { partOf, payloadOf, randomNet, seeded } from './random-net';

const net = randomNet([6, 5, 3], 1);
const x = [0, 0.5, 1, 0.25, 0, 0.75];
const good = () => payloadOf(net, x, [2, 3], [0, 2]);

/** A payload as it comes out of a notebook file, with one change. */
function changed(change: (payload: Record<string, never> & ReturnType<typeof good>) => void): unknown {
  const payload = JSON.parse(JSON.stringify(good()));
  change(payload);
  return payload;
}

describe('readDecomposition(payload)', () => {
  it('decodes x and the saved rows of W as the kernel wrote them', () => {
    const d = readDecomposition(good());
    assert.deepEqual([...d.input.values], x);
    assert.deepEqual([...d.rows.keys()], [0, 2]);
    const sum = d.rows.get(2)!.values.reduce((total, w, i) => total + w * x[i], 0);
    assert.ok(Math.abs(sum + d.bias[2] - d.output[2]) < 1e-6);
  });

  it('reads a newer minor version and its unknown fields', () => {
    const d = readDecomposition(changed(p => Object.assign(p, { schemaVersion: '1.9', regions: {} })));
    assert.equal(d.labels.length, 3);
  });

  it('reads W·x of all classes and the sums of some, as of a network with many classes', () => {
    const [all, some] = [readDecomposition(good()), readDecomposition(partOf(good(), [1, 2]))];
    for (const key of ['output', 'bias', 'linear'] as const)
      all[key].forEach((value, c) => assert.ok(Math.abs(value - some[key][c]) < 1e-6, `${key}[${c}]`));
    assert.deepEqual([...some.sums.keys()], [1, 2]);
    assert.deepEqual(some.sums.get(2), all.sums.get(2));
    assert.deepEqual(some.biasLayers, ['dense1', 'dense2']);
  });

  it('refuses another major version by name', () => {
    assert.throws(
      () => readDecomposition(changed(p => (p.schemaVersion = '2.0'))),
      (error: unknown) => error instanceof UnknownVersionError && error.found === '2.0',
    );
  });

  it('undoes quantization and states how far the values may deviate', () => {
    const d = readDecomposition(
      changed(p => (p.input = { dtype: 'uint8', shape: [2, 3], data: 'AAEC/wAB', scale: 1 / 255 })),
    );
    assert.deepEqual([...d.input.values], [...Float32Array.of(0, 1 / 255, 2 / 255, 1, 0, 1 / 255)]);
    assert.equal(d.input.rounding, 1 / 510);
  });

  it('reads int16 with its sign, little endian', () => {
    const data = Buffer.from(Int16Array.of(-2, 300, 0, 1, -32768, 7).buffer).toString('base64');
    const d = readDecomposition(
      changed(p => (p.input = { dtype: 'int16', shape: [2, 3], data, scale: 0.5 })),
    );
    assert.deepEqual([...d.input.values], [-1, 150, 0, 0.5, -16384, 3.5]);
  });

  it('keeps a label as it is, whatever it contains', () => {
    const labels = ['<script>alert(1)</script>', '__proto__', 'constructor'];
    assert.deepEqual(readDecomposition(changed(p => (p.labels = labels))).labels, labels);
  });

  it('shortens a label that no screen could show', () => {
    const d = readDecomposition(changed(p => (p.labels[0] = 'a'.repeat(1_000_000))));
    assert.equal(d.labels[0].length, 200);
  });

  const nan = Buffer.from(Float32Array.of(0, 1, NaN, 3, 4, 5).buffer).toString('base64');
  const broken: [string, (p: ReturnType<typeof good>) => void, string][] = [
    ['a length of 10^9', p => (p.input.shape = [1e9, 1e9]), 'input.shape'],
    ['a negative length', p => (p.input.shape = [-2, -3]), 'input.shape[0]'],
    ['an empty shape', p => (p.input.shape = []), 'input.shape'],
    ['a shape that the data do not fill', p => (p.input.shape = [3, 3]), 'input.data'],
    ['data that are not base64', p => (p.input.data = '!'.repeat(p.input.data.length)), 'input.data'],
    ['NaN in an array', p => (p.rows[0].weights.data = nan), 'rows[0].weights'],
    ['an unknown dtype', p => Object.assign(p.input, { dtype: 'constructor' }), 'input.dtype'],
    ['a scale of zero', p => (p.input.scale = 0), 'input.scale'],
    ['null among the logits', p => Object.assign(p.output, { 1: null }), 'output[1]'],
    ['fewer biases than logits', p => (p.bias as number[]).pop(), 'bias'],
    ['fewer labels than logits', p => p.labels.pop(), 'labels'],
    ['a selected class that does not exist', p => (p.selected = 3), 'selected'],
    ['a row of a class that does not exist', p => (p.rows[1].index = -1), 'rows[1].index'],
    ['a row of another shape than x', p => (p.rows[0].weights.shape = [3, 2]), 'rows[0].weights.shape'],
    ['more rows than classes', p => p.rows.push(p.rows[0], p.rows[0]), 'rows'],
    ['a version that is not one', p => (p.schemaVersion = 'one'), 'schemaVersion'],
    ['an unknown cut', p => Object.assign(p, { cut: 'tanh' }), 'cut'],
    ['tokens without texts', p => Object.assign(p, { tokens: true }), 'tokens'],
    ['tokens that are not a Boolean', p => Object.assign(p, { tokens: 'the film' }), 'tokens'],
    ['a strength that is not a Boolean', p => Object.assign(p, { exact: 'yes' }), 'exact'],
  ];
  refusesEach(broken, breakIt => readDecomposition(changed(breakIt)));

  it('takes nothing from a prototype', () => {
    const inherited = Object.create(good()) as unknown;
    assert.throws(() => readDecomposition(inherited), MalformedPayloadError);
  });

  it('refuses or reads each of 400 damaged payloads, and never fails otherwise', () => {
    refusesDamaged(seeded(3), changed, payload => readDecomposition(payload));
  });
});
