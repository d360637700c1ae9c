import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { AbortError } from '../../kernel-ext/src/errors';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { type DisplaySink, SINK, type WorkBar, type WorkFacts } from '../../kernel-ext/src/sink/sink';
import { useBackend } from '../backend';
import { residualNet } from './networks';

/** A budget for two instances of the residual network, but not for three. */
const TIGHT = 30_000;

/** The history of a progress bar: its facts, the values that it was set to, and how it ended. */
type Moves = [WorkFacts, ...(number | 'finished' | 'stopped')[]];

describe('long work on W', () => {
  useBackend('tensorflow');
  let bars: Moves[];
  beforeEach(() => {
    bars = [];
    const workBar = (facts: WorkFacts): WorkBar => {
      const moves: Moves = [facts];
      bars.push(moves);
      let ended = false;
      const end = (how: 'finished' | 'stopped') => () => {
        if (!ended) moves.push(how);
        ended = true;
      };
      return { set: done => void moves.push(done), finish: end('finished'), stop: end('stopped') };
    };
    const sink: DisplaySink = { replaces: true, display: () => {}, track: () => {}, workBar };
    Object.defineProperty(globalThis, SINK, { value: sink, configurable: true });
  });
  afterEach(() => void Reflect.deleteProperty(globalThis, SINK));

  const batch = (): tf.Tensor => tf.randomNormal([4, 8, 8, 2], 0, 1, 'float32', 5);

  it('shows how many instances are linearized and how many rows are computed', async () => {
    const lin = await linearize(residualNet(), batch(), { memory: TIGHT });
    assert.deepEqual(bars, [[{ label: 'Linearizing', total: 4, unit: 'instances' }, 2, 4, 'finished']]);
    (await lin.weights.rows([0, 1])).dispose();
    const [facts, ...moves] = bars[1];
    assert.deepEqual(facts, { label: 'Rows of W', total: 8, unit: 'rows' });
    assert.deepEqual(moves.slice(-2), [8, 'finished']);
    assert.equal(bars.length, 2);
    lin.dispose();
  });

  it('shows no bar if the caller watches the work', async () => {
    const seen: number[] = [];
    const watched = { memory: TIGHT, onProgress: (part: number) => seen.push(part) };
    const lin = await linearize(residualNet(), batch(), watched);
    (await lin.weights.rows([0])).dispose();
    assert.deepEqual(bars, []);
    assert.ok(seen.length > 1);
    lin.dispose();
  });

  it('reports that it was cancelled', async () => {
    const lin = await linearize(residualNet(), batch(), { memory: TIGHT });
    const ended = { signal: AbortSignal.abort() };
    await assert.rejects(lin.weights.rows([0], ended), AbortError);
    assert.equal(bars[1].at(-1), 'stopped');
    lin.dispose();
  });
});
