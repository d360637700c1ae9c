import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Adam, AdamState } from './adam';
import { replaceFile } from '../files/replace-file';
import { lockCheckpoint } from './checkpoint-lock';
import { CheckpointMismatchError, CheckpointReadError, SaveError } from './errors';
import { readNonParametric, saveNonParametric } from './non-parametric-checkpoint';
import type { NonParametricState } from './non-parametric-coordinates';
import { readModel, writeModel } from './model-files';

/** What a training records about an epoch. */
export interface EpochRecord {
  epoch: number;
  loss: number;
  trustworthiness: number;
}

/** The values that two trainings must share to be the same, by name. */
export type Fingerprint = Record<string, unknown>;

interface Saved {
  fingerprint: Fingerprint;
  epoch: number;
  history: EpochRecord[];
  /** Steps of the optimizer, and the lengths of its moments in optimizer.bin. */
  optimizer: { steps: number; lengths: number[] };
  /** Of the numbers of the network and of the moments; damaged files have another one. */
  sum: string;
}

const LATEST = 'latest.json';
const STATE = 'training.json';
const OPTIMIZER = 'optimizer.bin';
const NON_PARAMETRIC = 'non-parametric.json';

/** A folder with the last checkpoint of a training: the network, the optimizer and the epoch. */
export class Checkpoint {
  /** Epochs that the folder has; 0 for just a part of the non-parametric embedding, null for nothing yet. */
  epoch: number | null = null;
  /** The folder in `folder` that has them. */
  private current: string | null = null;

  constructor(
    readonly folder: string,
    private readonly fingerprint: Fingerprint,
  ) {}

  /**
   * Keeps other trainings out of the folder until the returned function is called.
   * @throws CheckpointInUseError, SaveError
   */
  lock(): Promise<() => Promise<void>> {
    return lockCheckpoint(this.folder);
  }

  /**
   * Restores the network and the optimizer from the checkpoint, if there is one, and then removes what killed trainings have
   * left beside it. If the checkpoint cannot be read, nothing is changed or removed.
   * @returns the epochs done so far; null if there is no checkpoint
   * @throws CheckpointMismatchError, CheckpointReadError
   */
  async resume(model: LayersModel, adam: Adam): Promise<{ epoch: number; history: EpochRecord[] } | null> {
    const latest = join(this.folder, LATEST);
    if (!existsSync(latest)) {
      await this.assertSameNonParametric();
      return null;
    }
    return this.reading(async () => {
      const { name } = JSON.parse(await readFile(latest, 'utf8')) as { name: string };
      const folder = join(this.folder, basename(name));
      const saved = JSON.parse(await readFile(join(folder, STATE), 'utf8')) as Saved;
      this.assertSame(saved.fingerprint);
      const optimizer = await readOptimizer(folder, saved.optimizer);
      await restoreWeights(folder, model, optimizer, saved.sum);
      adam.restore(optimizer);
      this.epoch = saved.epoch;
      this.current = basename(name);
      await this.removeOthers(this.current, Infinity);
      return { epoch: saved.epoch, history: saved.history };
    });
  }

  /**
   * Writes the state next to the previous one and then switches to it, so there is a complete one at any time.
   * @throws SaveError
   */
  async save(model: LayersModel, adam: Adam, epoch: number, history: readonly EpochRecord[]): Promise<void> {
    const name = this.current === `epoch-${epoch}` ? `epoch-${epoch}-again` : `epoch-${epoch}`;
    const folder = join(this.folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await writeModel(folder, model, { epoch });
      const { steps, moments } = adam.save();
      await replaceFile(join(folder, OPTIMIZER), ...moments);
      const optimizer = { steps, lengths: moments.map(({ length }) => length) };
      const sum = sumOf(model, moments);
      const state: Saved = { fingerprint: this.fingerprint, epoch, history: [...history], optimizer, sum };
      await replaceFile(join(folder, STATE), JSON.stringify(state));
      await replaceFile(join(this.folder, LATEST), JSON.stringify({ name }));
    } catch (error) {
      await rm(folder, { recursive: true, force: true }).catch(() => {});
      throw new SaveError(this.folder, error);
    }
    this.epoch = epoch;
    this.current = name;
    await this.removeOthers(name, epoch);
  }

  /**
   * The state of the non-parametric embedding of this training; it stays in the folder while the network learns it.
   * @param points N
   * @returns null if none was saved
   * @throws CheckpointMismatchError, CheckpointReadError
   */
  async resumeNonParametric(points: number): Promise<NonParametricState | null> {
    if (!(await this.assertSameNonParametric())) return null;
    const state = await this.reading(() => readNonParametric(this.folder, points));
    this.epoch ??= 0;
    return state;
  }

  /** @returns whether the folder has a non-parametric embedding @throws CheckpointMismatchError, CheckpointReadError */
  private async assertSameNonParametric(): Promise<boolean> {
    const file = join(this.folder, NON_PARAMETRIC);
    if (!existsSync(file)) return false;
    return this.reading(async () => {
      this.assertSame(JSON.parse(await readFile(file, 'utf8')) as Fingerprint);
      return true;
    });
  }

  /** @throws SaveError */
  async saveNonParametric(state: NonParametricState): Promise<void> {
    await saveNonParametric(this.folder, state);
    const file = join(this.folder, NON_PARAMETRIC);
    await replaceFile(file, JSON.stringify(this.fingerprint)).catch((error: unknown) => {
      throw new SaveError(this.folder, error);
    });
    this.epoch ??= 0;
  }

  /** Removes the checkpoints up to this epoch but `name`, and with them what killed trainings have left. */
  private async removeOthers(name: string, epoch: number): Promise<void> {
    for (const other of await readdir(this.folder).catch(() => [])) {
      const [, number] = /^epoch-(\d+)(?:-again)?$/.exec(other) ?? [];
      if (number === undefined || Number(number) > epoch || other === name) continue;
      await rm(join(this.folder, other), { recursive: true, force: true }).catch(() => {});
    }
  }

  /** @throws CheckpointReadError for what is not there, not whole or not JSON */
  private async reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof CheckpointMismatchError) throw error;
      throw new CheckpointReadError(this.folder, error);
    }
  }

  private assertSame(saved: Fingerprint): void {
    const text = (value: unknown) => JSON.stringify(value) ?? 'nothing';
    const differences = Object.keys({ ...saved, ...this.fingerprint })
      .filter(key => text(saved[key]) !== text(this.fingerprint[key]))
      .map(key => `${key} was ${text(saved[key])} and is ${text(this.fingerprint[key])}`);
    if (differences.length > 0) throw new CheckpointMismatchError(this.folder, differences);
  }
}

/** @throws an Error if the numbers in the folder are not those that were saved; then the network is as it was */
async function restoreWeights(
  folder: string,
  model: LayersModel,
  { moments }: AdamState,
  sum: string,
): Promise<void> {
  const { model: saved } = await readModel(folder);
  try {
    if (sumOf(saved, moments) !== sum) throw new Error('its numbers are not those that were saved');
    model.setWeights(saved.getWeights());
  } finally {
    saved.dispose();
  }
}

async function readOptimizer(folder: string, { steps, lengths }: Saved['optimizer']): Promise<AdamState> {
  const numbers = new Float32Array(new Uint8Array(await readFile(join(folder, OPTIMIZER))).buffer);
  const wanted = lengths.reduce((total, length) => total + length, 0);
  if (numbers.length !== wanted) throw new Error(`${OPTIMIZER} has ${numbers.length} numbers, not ${wanted}`);
  let at = 0;
  return { steps, moments: lengths.map(length => numbers.slice(at, (at += length))) };
}

function sumOf(model: LayersModel, moments: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  const weights = model.getWeights().map(weight => weight.dataSync<'float32'>());
  for (const { buffer, byteOffset, byteLength } of [...weights, ...moments])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
