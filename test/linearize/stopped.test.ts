import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import {
  atlas,
  census,
  compile,
  contrastEdit,
  linearize,
  type Certificate,
  type Embedding,
  type Linearization,
  type Linearizer,
  path,
  plot,
  saveNumbers,
  slice,
  tsne,
  verify,
} from '../../kernel-ext/src/index';
import { type DisplaySink, SINK } from '../../kernel-ext/src/sink/sink';
import { useBackend } from '../backend';
import { residualNet } from '../linear-map/networks';
import { discard, smallEmbedding } from '../tsne/small-embedding';

/** What the work is done with. */
interface Given {
  model: tf.LayersModel;
  /** Three instances, by themselves and as a batch. */
  x: tf.Tensor3D;
  y: tf.Tensor3D;
  z: tf.Tensor3D;
  batch: tf.Tensor;
  points: tf.Tensor;
  lin: Linearization;
  linearizer: Linearizer;
  certificate: Certificate;
  embedding: Embedding;
  /** New points for the embedding. */
  others: tf.Tensor;
  /** Where files may be written. */
  folder: string;
}

/** Work that a user may want to stop; nobody gives it a signal. */
const WORK: Record<string, (given: Given) => Promise<unknown>> = {
  'linearize of a batch': ({ model, batch }) => linearize(model, batch, { memory: 20_000 }),
  'linearize of one input': ({ model, x }) => linearize(model, x),
  'linearize of one input with onnxruntime': ({ model, x }) => linearize(model, x, { executor: 'onnx' }),
  'rows of W': ({ lin }) => lin.weights.rows([0, 1, 2]),
  'W written out': ({ lin }) => lin.weights.toTensor(),
  svd: ({ lin }) => lin.weights.svd(1),
  'the spectral norm': ({ lin }) => lin.weights.norm('spectral'),
  'the bias by layer': ({ lin }) => lin.biasByLayer(),
  'an exact radius': ({ lin }) => lin.radius({ exact: true }),
  'a radius': ({ lin }) => lin.radius({ exact: false }),
  plot: ({ lin }) => plot(lin),
  certificate: ({ lin }) => lin.certificate(),
  verify: async ({ model, certificate }) => verify(certificate, model),
  'the Frobenius norm': ({ lin }) => lin.weights.norm(),
  'the frozen error': ({ lin }) => lin.frozenError(),
  slice: ({ model, x, y, z }) => slice(model, x, y, z),
  'a displacement': ({ embedding }) => embedding.displacement(0, [1, 2]),
  'the quality of an embedding': ({ embedding }) => embedding.quality(),
  'the quality of new points': ({ embedding, others }) => embedding.quality({ data: others }),
  'a saved linearizer': ({ linearizer, folder }) => linearizer.save(join(folder, 'w.onnx')),
  'saved numbers': ({ lin, folder }) => saveNumbers(lin, join(folder, 'rows.csv')),
  path: ({ model, x }) => path(model, x, x.arraySync().reverse() as number[][][]),
  contrastEdit: ({ model, x }) => contrastEdit(model, x, 0, 1),
  census: ({ model, batch }) => census(model, batch),
  atlas: ({ model, batch }) => atlas(model, batch),
  tsne: ({ points }) => tsne(points),
  'tsne from a non-parametric embedding': ({ points }) => tsne(points, { start: 'non-parametric' }),
};

/** How often the signal is looked at before it aborts: at the start, and ever later. */
const LOOKS = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610];

describe('work whose cell is stopped', () => {
  useBackend('tensorflow');

  /** How often the signal of the cell is read before it has aborted. */
  let looks = Infinity;
  let given: Given;
  const stopped = AbortSignal.abort('the user has stopped it');
  const running = new AbortController().signal;
  const sink: DisplaySink = {
    replaces: true,
    display: () => {},
    track: work => void work.catch(() => {}),
    get signal() {
      return looks-- > 0 ? running : stopped;
    },
  };
  beforeEach(() => {
    looks = Infinity;
    Object.defineProperty(globalThis, SINK, { value: sink, configurable: true });
  });
  afterEach(() => void Reflect.deleteProperty(globalThis, SINK));

  before(async () => {
    const model = residualNet();
    const x = tf.randomNormal<tf.Rank.R3>([8, 8, 2], 0, 1, 'float32', 5);
    const [y, z] = [x.reverse(0), x.reverse(1)];
    const batch = tf.stack([x, y, z]);
    const points = tf.randomNormal([40, 5], 0, 1, 'float32', 6);
    const lin = await linearize(model, x);
    const linearizer = await compile(model, [8, 8, 2]);
    const certificate = await lin.certificate();
    const embedding = await smallEmbedding({ epochs: 1 });
    const others = tf.randomNormal([60, 6], 0, 1, 'float32', 7);
    const folder = mkdtempSync(join(tmpdir(), 'piecewise-stopped-'));
    given = { model, x, y, z, batch, points, lin, linearizer, certificate, embedding, others, folder };
  });
  after(() => {
    given.lin.dispose();
    discard(given.embedding);
    rmSync(given.folder, { recursive: true });
    tf.dispose([given.x, given.y, given.z, given.batch, given.points, given.others]);
    given.model.dispose();
  });

  /** Runs the work; it is stopped when it has looked at the signal that often. @returns whether it ended before that. */
  const endsWithin = async (work: (given: Given) => Promise<unknown>, count: number): Promise<boolean> => {
    looks = count;
    try {
      disposeOf(await work(given));
      return true;
    } catch (error) {
      const { reason } = error as Error & { reason?: unknown };
      assert.ok([error, reason].includes(stopped.reason), String(error));
      return false;
    }
  };

  for (const [what, work] of Object.entries(WORK)) {
    it(`ends, and leaves no tensor: ${what}`, async () => {
      const before = tf.memory().numTensors;
      // A training asks for the signal once, and keeps it.
      for (const count of what.startsWith('tsne') ? [0] : LOOKS) {
        const isDone = await endsWithin(work, count);
        assert.equal(tf.memory().numTensors, before, `after ${count} looks`);
        assert.ok(!isDone || count > 1);
        if (isDone) return;
      }
    });
  }

  it('is noticed between any two steps of a forward pass', async () => {
    const count = 10_000;
    assert.ok(await endsWithin(WORK['linearize of one input'], count));
    assert.ok(count - looks > given.model.layers.length);
  });
});

function disposeOf(result: unknown): void {
  const parts = result instanceof Object && 'dispose' in result ? [result] : Object.values(result ?? {});
  for (const part of parts) if (part instanceof Object && 'dispose' in part) (part as tf.Tensor).dispose();
}
