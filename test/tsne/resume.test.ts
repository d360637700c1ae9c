import '../backend';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type Embedding, tsne, type TrainingProgress, type TsneOptions } from '../../kernel-ext/src';
import {
  CheckpointInUseError,
  CheckpointMismatchError,
  CheckpointReadError,
  TrainingInterruptedError,
} from '../../kernel-ext/src/public-errors';
import { randomFor } from '../../kernel-ext/src/tsne/random';
import { TrainingMonitor } from '../../kernel-ext/src/tsne/training-monitor';
import { assertSameEmbedding, assertSameHistory } from './same-embedding';
import { clouds, discard, smallNetwork } from './small-embedding';

/** Checkpoints are due every second epoch. */
const EPOCHS = 30;

async function embed(options: TsneOptions): Promise<Embedding> {
  const { points, labels } = clouds();
  const some = points.slice(0, 60);
  const model = options.model ?? smallNetwork();
  try {
    const rest = {
      batch: 10,
      perplexity: 8,
      learningRate: 0.02,
      epochs: EPOCHS,
      labels: labels.slice(0, 60),
    };
    return await tsne(some, { ...rest, ...options, model });
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    tf.dispose([points, some]);
  }
}

const { turn } = TrainingMonitor.prototype;

/** Aborts before a training takes more than so many steps or iterations. */
function abortAfter(steps: number): AbortSignal {
  const controller = new AbortController();
  TrainingMonitor.prototype.turn = function () {
    if (steps-- <= 0) controller.abort(new Error('stop'));
    return turn.call(this);
  };
  return controller.signal;
}

/** Every file in a folder and in its folders, with its content. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async file => [file, (await readFile(file)).toString('base64')] as const)),
  );
}

describe('a training that resumes', () => {
  let folder: string;
  let tensors: number;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'piecewise-resume-'));
    tensors = tf.memory().numTensors;
  });
  afterEach(async () => {
    TrainingMonitor.prototype.turn = turn;
    await rm(folder, { recursive: true });
    assert.equal(tf.memory().numTensors, tensors, 'tensors left behind');
  });

  const start = 'random';
  const finish = async (options: TsneOptions) => discard(await embed(options));

  it('repeats no finished epoch or iteration after aborts at random moments, and ends with the same embedding', async () => {
    const random = randomFor(4, 'aborts');
    const seen: string[] = [];
    const onProgress = ({ stage, epoch }: TrainingProgress) => void seen.push(`${stage} ${epoch}`);
    let aborts = 0;
    let resumed: Embedding | null = null;
    while (!resumed) {
      const signal = abortAfter(20 + Math.floor(180 * random()));
      resumed = await embed({ checkpoint: folder, onProgress, signal }).catch((error: unknown) => {
        assert.ok(error instanceof TrainingInterruptedError, String(error));
        assert.equal(error.checkpoint?.epoch, error.epoch);
        return null;
      });
      assert.ok(resumed || ++aborts < 50, 'it makes no progress');
    }
    TrainingMonitor.prototype.turn = turn;
    const straight: string[] = [];
    const expected = await embed({
      onProgress: ({ stage, epoch }) => void straight.push(`${stage} ${epoch}`),
    });
    assert.ok(aborts >= 5, `${aborts} aborts`);
    assert.deepEqual(seen, straight);
    await assertSameEmbedding(resumed, expected);
    assertSameHistory(resumed, expected);
    [resumed, expected].forEach(discard);
  });

  it('refuses each file of a checkpoint that is damaged, and leaves all of them there', async () => {
    await finish({ checkpoint: folder, start, epochs: 2 });
    for (const [file, whole] of Object.entries(await contents(folder))) {
      const bytes = Buffer.from(whole, 'base64');
      const flipped = Buffer.from(bytes);
      flipped[flipped.length >> 1] ^= 0x40;
      const isBinary = file.endsWith('.bin');
      for (const damaged of [
        bytes.subarray(0, bytes.length - 9),
        Buffer.alloc(0),
        ...(isBinary ? [flipped] : []),
      ]) {
        await writeFile(file, damaged);
        const before = await contents(folder);
        await assert.rejects(
          finish({ checkpoint: folder, start, epochs: 2 }),
          (e: unknown) => e instanceof CheckpointReadError && e.folder === folder,
          `${file} with ${damaged.length} bytes`,
        );
        assert.deepEqual(await contents(folder), before);
      }
      await writeFile(file, bytes);
    }
    await finish({ checkpoint: folder, start, epochs: 2 });
  });

  it('refuses a non-parametric embedding that is damaged or gone', async () => {
    await assert.rejects(finish({ checkpoint: folder, signal: abortAfter(60) }), TrainingInterruptedError);
    TrainingMonitor.prototype.turn = turn;
    const file = join(folder, 'non-parametric.bin');
    const bytes = await readFile(file);
    const noNumber = Buffer.from(bytes);
    noNumber.writeDoubleLE(NaN, 80);
    for (const damaged of [bytes.subarray(0, bytes.length - 24), bytes.subarray(3), noNumber, null]) {
      await (damaged ? writeFile(file, damaged) : rm(file));
      await assert.rejects(finish({ checkpoint: folder }), CheckpointReadError);
      assert.equal(existsSync(file), damaged !== null);
    }
  });

  it('removes what killed trainings have left beside the checkpoint, even if no epoch is left to do', async () => {
    await finish({ checkpoint: folder, start, epochs: 2 });
    const before = await contents(folder);
    for (const left of ['epoch-1', 'epoch-1-again', 'epoch-3', 'my notes']) {
      await mkdir(join(folder, left));
      await writeFile(join(folder, left, 'model.json'), '{');
    }
    await finish({ checkpoint: folder, start, epochs: 2 });
    assert.deepEqual(await contents(folder), { ...before, [join(folder, 'my notes', 'model.json')]: 'ew==' });
  });

  it('keeps a second training out of its folder until it ends, in the same process', async () => {
    const options = { checkpoint: folder, start, epochs: 2 } as const;
    const both = await Promise.allSettled([embed(options), embed(options)]);
    const refused = both.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []));
    both.forEach(result => result.status === 'fulfilled' && discard(result.value));
    assert.equal(refused.length, 1);
    assert.ok(
      refused[0] instanceof CheckpointInUseError && refused[0].pid === process.pid,
      String(refused[0]),
    );
    await finish(options);
  });

  it('refuses the folder of another process while that lives, and not longer', async () => {
    const options = { checkpoint: folder, start, epochs: 2 } as const;
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      await once(child, 'spawn');
      await writeFile(join(folder, `.in-use-${child.pid}-`), '');
      await assert.rejects(
        finish(options),
        (e: unknown) => e instanceof CheckpointInUseError && e.pid === child.pid && e.folder === folder,
      );
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    await finish(options);
    // A process with the number of a dead one is another process.
    if (existsSync('/proc/self/stat')) await writeFile(join(folder, `.in-use-${process.ppid}-1`), '');
    await finish(options);
    assert.deepEqual(
      (await readdir(folder)).filter(name => name.startsWith('.in-use')),
      [],
    );
  });

  const differs = (name: string) => (e: unknown) =>
    e instanceof CheckpointMismatchError &&
    e.differences.length === 1 &&
    e.differences[0].startsWith(`${name} was`);

  it('refuses the checkpoint of a network with another activation, or of other labels with supervision', async () => {
    const options = { checkpoint: folder, start, epochs: 2 } as const;
    await finish({ ...options, supervision: 0.5 });
    const labels = Array.from({ length: 60 }, (_, i) => String(i % 2));
    await assert.rejects(finish({ ...options, supervision: 0.5, labels }), differs('labels'));
    const tanh = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [6], units: 32, activation: 'tanh' }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    await assert.rejects(finish({ ...options, supervision: 0.5, model: tanh }), differs('layers'));
  });

  it('accepts other labels without supervision', async () => {
    const options = { checkpoint: folder, start, epochs: 2 } as const;
    await finish(options);
    await finish({ ...options, labels: Array.from({ length: 60 }, (_, i) => String(i % 2)) });
  });

  it('refuses the folder of a non-parametric embedding when it starts otherwise', async () => {
    await assert.rejects(finish({ checkpoint: folder, signal: abortAfter(60) }), TrainingInterruptedError);
    TrainingMonitor.prototype.turn = turn;
    await assert.rejects(finish({ checkpoint: folder, start }), differs('start'));
  });
});
