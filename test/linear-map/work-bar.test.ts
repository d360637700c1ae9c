import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { AbortError } from '../../kernel-ext/src/errors';
import { linearizationBundle } from '../../kernel-ext/src/bundles/linearization/linearization-bundle';
import { linearize } from '../../kernel-ext/src/linearization/linearize';
import { verify } from '../../kernel-ext/src/linearization/verify';
import type { Certificate } from '../../kernel-ext/src/regions/certificate';
import { type DisplaySink, SINK, type WorkBar, type WorkFacts } from '../../kernel-ext/src/sink/sink';
import { useBackend } from '../backend';
import { discard, smallEmbedding } from '../tsne/small-embedding';
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

  /** The labels of the bars that the work shows; each bar rises to its end. */
  const shownBy = async (work: () => Promise<unknown>): Promise<string[]> => {
    bars = [];
    await work();
    for (const [{ total }, ...moves] of bars) {
      const values = moves.slice(0, -1) as number[];
      assert.deepEqual(
        values,
        [...values].sort((a, b) => a - b),
      );
      assert.ok(values.length > 0 && values.at(-1)! <= total);
      assert.equal(moves.at(-1), 'finished');
    }
    return bars.map(([{ label }]) => label);
  };

  it('shows one bar for all of it', async () => {
    const model = residualNet();
    const lin = await linearize(model, batch().slice([0], [1]).squeeze([0]));
    assert.deepEqual(await shownBy(() => lin.weights.norm()), ['Norm of W']);
    assert.deepEqual(await shownBy(() => lin.frozenError()), ['Frozen error']);
    assert.deepEqual(await shownBy(() => linearizationBundle(lin)), ['Plot']);
    let certificate: Certificate | undefined;
    const certify = async () => void (certificate = await lin.certificate());
    assert.deepEqual(await shownBy(certify), ['Certificate']);
    assert.deepEqual(await shownBy(() => verify(certificate!, model)), ['Verification']);
    lin.dispose();
  });

  it('shows one bar for a displacement of groups', async () => {
    const embedding = await smallEmbedding({ epochs: 1 });
    assert.deepEqual(await shownBy(() => embedding.displacement([0, 1], [2, 3])), ['Displacement']);
    discard(embedding);
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
