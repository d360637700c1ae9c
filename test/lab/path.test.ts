import assert from 'node:assert/strict';
import { type PathPayload, MalformedPayloadError, readPath, readPiece, type Piece } from 'piecewise/payload';
import { linePath, reachOf, tickPath } from '../../lab-extension/src/figures/path-lines';
import { pathCsv, pathNpy } from '../../lab-extension/src/path/path-numbers';
import { NoAnswerError } from '../../lab-extension/src/live/no-answer';
import { PathModel } from '../../lab-extension/src/path/path-model';
import { refusesDamaged } from './refuses-damaged';
import { refusesEach } from './refuses-each';
import { float32, seeded } from './random-net';

const base64 = (values: Int16Array | Uint8Array) => Buffer.from(values.buffer).toString('base64');

/** Two outputs at four breakpoints: 'a' falls from 3 to 0, 'b' rises from 0 to 2; they meet at t = 0.5. */
const good = (): PathPayload => ({
  schemaVersion: '1.1',
  labels: ['a', 'b', 'c'],
  decides: true,
  regions: 3,
  from: float32([0, 1, 0, 1], [2, 2]),
  to: float32([1, 1, 0, 0], [2, 2]),
  t: float32([0, 0.25, 0.75, 1], [4]),
  shown: [0, 1],
  values: {
    array: { dtype: 'int16', shape: [4, 2], data: base64(Int16Array.of(6, 0, 4, 0, 0, 4, 0, 4)), scale: 0.5 },
    offset: [0, 0],
  },
  layers: ['relu1', 'pool1'],
  layerOf: { dtype: 'uint8', shape: [4], data: base64(Uint8Array.of(255, 0, 1, 255)) },
  decisions: [{ t: 0.5, from: 0, to: 1 }],
  residual: 1e-7,
  handle: 'h',
});

const changed = (change: (payload: PathPayload) => void): unknown => {
  const payload = JSON.parse(JSON.stringify(good())) as PathPayload;
  change(payload);
  return payload;
};

const piece: Piece = {
  piece: 1,
  begin: 0.25,
  end: 0.75,
  bias: 1,
  units: [{ layer: 'relu1', kind: 'threshold', position: [3] }],
  output: 0,
  weights: Float32Array.of(1, 2, 3, 4),
};

const settled = () => new Promise(done => setTimeout(done, 200));

describe('readPath(payload)', () => {
  it('decodes lines, breakpoints and inputs', () => {
    const path = readPath(good());
    assert.deepEqual([...path.values], [3, 0, 2, 0, 0, 2, 0, 2]);
    assert.deepEqual([...path.t], [0, 0.25, 0.75, 1]);
    assert.deepEqual(path.from.shape, [2, 2]);
  });

  const broken: [string, (p: PathPayload) => void, string][] = [
    ['too few features', p => void (p.features = ['a', 'b', 'c']), 'features'],
    ['an output that does not exist', p => (p.shown = [0, 3]), 'shown[1]'],
    ['inputs of different shapes', p => (p.to = float32([1, 2, 3, 4], [4])), 'to.shape'],
    ['breakpoints that go back', p => (p.t = float32([0, 0.75, 0.25, 1], [4])), 't'],
    ['breakpoints that end early', p => (p.t = float32([0, 0.25, 0.75, 0.9], [4])), 't'],
    ['more breakpoints than values', p => (p.t = float32([0, 0.25, 0.5, 0.75, 1], [5])), 't.shape'],
    ['a decision past the end', p => (p.decisions[0].t = 1.5), 'decisions[0].t'],
    ['a decision for an output that does not exist', p => (p.decisions[0].to = 3), 'decisions[0].to'],
    ['values of another width', p => (p.values.array.shape = [8, 1]), 'values.array.shape'],
  ];
  refusesEach(broken, breakIt => readPath(changed(breakIt)));

  it('refuses or reads each of 400 damaged payloads, and never fails otherwise', () => {
    refusesDamaged(seeded(7), changed, payload => new PathModel(readPath(payload), null).moveTo(0.4));
  });

  it('reads an answer about a piece, and refuses one that is malformed', () => {
    const { output, weights, ...reply } = piece;
    assert.deepEqual(readPiece({ id: 1, ...reply }, output, weights), piece);
    for (const wrong of [{ begin: -1 }, { end: 2 }, { bias: null }, { units: [null] }, { piece: 0.5 }])
      assert.throws(() => readPiece({ ...reply, ...wrong }, output, weights), MalformedPayloadError);
  });
});

describe('the model of a path', () => {
  it('reads the outputs, the input and the decision at any t', () => {
    const model = new PathModel(readPath(good()), null);
    assert.deepEqual([model.values, model.decision], [[3, 0], 0]);
    model.moveTo(0.5);
    assert.deepEqual([model.values, model.decision, [...model.input]], [[1, 1], 1, [0.5, 1, 0, 0.5]]);
    model.moveTo(7);
    assert.deepEqual([model.t, model.values, model.stretch], [1, [0, 2], 2]);
  });

  it('steps from region to region, and to decisions', () => {
    const model = new PathModel(readPath(good()), null);
    model.step(1);
    assert.equal(model.t, 0.5);
    model.step(1);
    model.step(1);
    assert.equal(model.t, 0.875);
    model.stepDecision(-1);
    assert.equal(model.t, 0.5);
    model.stepDecision(-1);
    assert.equal(model.t, 0.5, 'there is none before it');
  });

  it('asks for W where the slider rests as soon as W is shown, and not again within the same region', async () => {
    const asked: [number, number][] = [];
    const model = new PathModel(readPath(good()), {
      piece: (_, t, c) => (asked.push([t, c]), Promise.resolve({ ...piece, output: c })),
    });
    model.moveTo(0.3);
    await settled();
    assert.deepEqual(asked, []);
    model.showWeights(true);
    await settled();
    assert.equal(model.weightsHere?.bias, 1);
    model.moveTo(0.6);
    await settled();
    assert.deepEqual(asked, [[0.3, 0]]);
    for (const t of [0.8, 0.9, 0.95]) model.moveTo(t);
    assert.equal(model.weightsHere, null);
    await settled();
    assert.deepEqual(asked, [
      [0.3, 0],
      [0.95, 0],
    ]);
    model.look(1);
    await settled();
    assert.deepEqual(asked[2], [0.95, 1]);
    model.dispose();
  });

  it('reports a problem when there is nobody to ask', async () => {
    const model = new PathModel(readPath(good()), null);
    model.showWeights(true);
    await settled();
    assert.ok(model.piece.problem instanceof NoAnswerError);
  });
});

describe('figures of a path', () => {
  const path = readPath(good());

  it('has a height also for outputs that are one large number', () => {
    const flat = {
      values: Float32Array.of(1e17, 1e17),
      t: Float32Array.of(0, 1),
      shown: [0],
      layerOf: Float32Array.of(0, 0),
    };
    assert.doesNotMatch(linePath(flat, 0, reachOf(flat)), /NaN/);
  });

  it('draw an output through all breakpoints, the highest on top, and ticks by layer', () => {
    const range = reachOf(path);
    assert.ok(Math.abs(range.low + 0.12) < 1e-6 && Math.abs(range.high - 3.12) < 1e-6);
    assert.equal(
      linePath(path, 1, { low: 0, high: 3 }),
      'M0.00 300.00L250.00 300.00L750.00 100.00L1000.00 100.00',
    );
    assert.equal(tickPath(path, 0), 'M250.0 0v1');
  });

  it('give the numbers as a table and as an array', () => {
    assert.deepEqual(pathCsv(path).split('\r\n').slice(0, 3), ['t,layer,a,b', '0,,3,0', '0.25,relu1,2,0']);
    const bytes = Buffer.from(pathNpy(path));
    assert.match(bytes.toString('latin1'), /'shape': \(4, 3\)/);
    assert.equal(bytes.readFloatLE(bytes.length - 4), 2);
  });
});
