import '../backend';
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type TrainingProgress } from '../../kernel-ext/src';
import {
  CheckpointMismatchError,
  CheckpointReadError,
  SaveError,
  TrainingInterruptedError,
} from '../../kernel-ext/src/public-errors';
import { Adam } from '../../kernel-ext/src/tsne/adam';
import { Checkpoint } from '../../kernel-ext/src/tsne/checkpoint';
import { assertSameHistory, assertSameEmbedding } from './same-embedding';
import { discard, smallEmbedding } from './small-embedding';

describe('a training', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'piecewise-training-'))));
  afterEach(() => rm(folder, { recursive: true }));

  /** Stops after the fourth epoch. */
  async function interrupted(
    checkpoint?: string,
    start: 'random' | 'non-parametric' = 'random',
  ): Promise<TrainingInterruptedError> {
    const controller = new AbortController();
    const onProgress = ({ epoch }: { epoch: number }) => epoch === 4 && controller.abort(new Error('stop'));
    const stopped: unknown = await smallEmbedding({
      epochs: 10,
      checkpoint,
      start,
      signal: controller.signal,
      onProgress,
    }).catch(error => error);
    assert.ok(stopped instanceof TrainingInterruptedError, String(stopped));
    return stopped;
  }

  for (const start of ['random', 'non-parametric'] as const) {
    it(`resumes from its checkpoint and ends with exactly the embedding of an uninterrupted training, start '${start}'`, async () => {
      const stopped = await interrupted(folder, start);
      assert.deepEqual([stopped.epoch, stopped.epochs], [4, 10]);
      assert.deepEqual(stopped.checkpoint, { folder, epoch: 4 });
      const resumed = await smallEmbedding({ epochs: 10, checkpoint: folder, start });
      const straight = await smallEmbedding({ epochs: 10, start });
      await assertSameEmbedding(resumed, straight);
      assertSameHistory(resumed, straight);
      [resumed, straight].forEach(discard);
    });
  }

  it('resumes within the non-parametric embedding and ends with exactly the embedding of an uninterrupted training', async () => {
    const options = { epochs: 4, checkpoint: folder, start: 'non-parametric' } as const;
    const controller = new AbortController();
    const seen: string[] = [];
    const onProgress = ({ stage, epoch, loss }: TrainingProgress) => {
      assert.ok(Number.isFinite(loss));
      seen.push(`${stage} ${epoch}`);
      if (seen.length === 30) controller.abort(new Error('stop'));
    };
    const stopped: unknown = await smallEmbedding({
      ...options,
      signal: controller.signal,
      onProgress,
    }).catch(e => e);
    assert.ok(stopped instanceof TrainingInterruptedError, String(stopped));
    assert.deepEqual(stopped.checkpoint, { folder, epoch: 0 });
    assert.match(stopped.message, /resumes from the non-parametric embedding/);
    const resumed = await smallEmbedding({ ...options, onProgress });
    const straight = await smallEmbedding({ ...options, checkpoint: undefined });
    // Iterations are reported every 10 and saved every 25.
    assert.deepEqual(
      [seen[0], seen[29], seen[30], seen.at(-1)],
      ['non-parametric 10', 'non-parametric 300', 'non-parametric 310', 'network 4'],
    );
    await assertSameEmbedding(resumed, straight);
    [resumed, straight].forEach(discard);
  });

  it('refuses the non-parametric embedding of another training', async () => {
    const options = { epochs: 4, checkpoint: folder, start: 'non-parametric' } as const;
    const controller = new AbortController();
    const onProgress = ({ epoch }: TrainingProgress) => epoch === 100 && controller.abort();
    await assert.rejects(smallEmbedding({ ...options, signal: controller.signal, onProgress }));
    await assert.rejects(
      smallEmbedding({ ...options, perplexity: 9 }),
      (e: unknown) => e instanceof CheckpointMismatchError && /perplexity/.test(e.message),
    );
  });

  it('reports that nothing was kept if there was no folder', async () => {
    const stopped = await interrupted();
    assert.equal(stopped.checkpoint, null);
    assert.match(stopped.message, /after 4 of 10 epochs.*Nothing was kept/);
  });

  it('refuses the checkpoint of another training, naming what differs', async () => {
    await interrupted(folder);
    await assert.rejects(
      smallEmbedding({ epochs: 10, checkpoint: folder, seed: 5 }),
      (e: unknown) => e instanceof CheckpointMismatchError && e.differences.join() === 'seed was 1 and is 5',
    );
  });

  it('reports a damaged checkpoint instead of starting over or crashing', async () => {
    await interrupted(folder);
    for (const [name, content] of [
      ['optimizer.bin', 'cut'],
      ['training.json', '{'],
    ]) {
      await writeFile(join(folder, 'epoch-4', name), content);
      await assert.rejects(
        smallEmbedding({ epochs: 10, checkpoint: folder }),
        (e: unknown) => e instanceof CheckpointReadError && e.folder === folder,
      );
    }
  });

  it('keeps a checkpoint while the same epoch is written again', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
    const checkpoint = new Checkpoint(folder, {});
    await checkpoint.save(model, new Adam(1), 4, []);
    await mkdir(join(folder, 'epoch-4-again'));
    await symlink('/dev/full', join(folder, 'epoch-4-again', 'training.json'));
    await assert.rejects(checkpoint.save(model, new Adam(1), 4, []), SaveError);
    assert.equal((await new Checkpoint(folder, {}).resume(model, new Adam(1)))?.epoch, 4);
    await checkpoint.save(model, new Adam(1), 4, []);
    assert.deepEqual((await readdir(folder)).sort(), ['epoch-4-again', 'latest.json']);
    model.dispose();
  });

  it('reports where and why it cannot write a checkpoint', async () => {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(smallEmbedding({ epochs: 2, checkpoint: join(folder, 'file') }), SaveError);
  });

  it('loses nothing when the disk is full: it reports this, and resumes from the previous checkpoint', async () => {
    // At the location of the fifth checkpoint, the system behaves like a full disk.
    await mkdir(join(folder, 'epoch-5'));
    await symlink('/dev/full', join(folder, 'epoch-5', 'optimizer.bin'));
    await assert.rejects(
      smallEmbedding({ epochs: 10, checkpoint: folder }),
      (e: unknown) => e instanceof SaveError && (e.cause as NodeJS.ErrnoException).code === 'ENOSPC',
    );
    const epochs: number[] = [];
    const onProgress = ({ epoch }: TrainingProgress) => void epochs.push(epoch);
    const resumed = await smallEmbedding({ epochs: 10, checkpoint: folder, onProgress });
    const straight = await smallEmbedding({ epochs: 10 });
    assert.equal(epochs[0], 5, 'four epochs were kept');
    await assertSameEmbedding(resumed, straight);
    [resumed, straight].forEach(discard);
  });
});
