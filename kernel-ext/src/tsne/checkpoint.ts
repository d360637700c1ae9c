import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Adam } from './adam';
import { replaceFile } from '../files/replace-file';
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
   * Restores the network and the optimizer from the checkpoint, if there is one.
   * @returns the epochs done so far; null if there is no checkpoint
   * @throws CheckpointMismatchError, CheckpointReadError
   */
  async resume(model: LayersModel, adam: Adam): Promise<{ epoch: number; history: EpochRecord[] } | null> {
    const latest = join(this.folder, LATEST);
    if (!existsSync(latest)) return null;
    return this.reading(async () => {
      const { name } = JSON.parse(await readFile(latest, 'utf8')) as { name: string };
      const folder = join(this.folder, basename(name));
      const saved = JSON.parse(await readFile(join(folder, STATE), 'utf8')) as Saved;
      this.assertSame(saved.fingerprint);
      await restoreWeights(folder, model);
      await restoreOptimizer(folder, saved.optimizer, adam);
      this.epoch = saved.epoch;
      this.current = basename(name);
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
      const state: Saved = { fingerprint: this.fingerprint, epoch, history: [...history], optimizer };
      await replaceFile(join(folder, STATE), JSON.stringify(state));
      await replaceFile(join(this.folder, LATEST), JSON.stringify({ name }));
    } catch (error) {
      await rm(folder, { recursive: true, force: true }).catch(() => {});
      throw new SaveError(this.folder, error);
    }
    this.epoch = epoch;
    this.current = name;
    await this.removeOlder(name, epoch);
  }

  /**
   * The state of the non-parametric embedding of this training; it stays in the folder while the network learns it.
   * @returns null if none was saved
   * @throws CheckpointMismatchError, CheckpointReadError
   */
  async resumeNonParametric(): Promise<NonParametricState | null> {
    const file = join(this.folder, NON_PARAMETRIC);
    if (!existsSync(file)) return null;
    return this.reading(async () => {
      this.assertSame(JSON.parse(await readFile(file, 'utf8')) as Fingerprint);
      this.epoch ??= 0;
      return readNonParametric(this.folder);
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
  private async removeOlder(name: string, epoch: number): Promise<void> {
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

async function restoreWeights(folder: string, model: LayersModel): Promise<void> {
  const { model: saved } = await readModel(folder);
  model.setWeights(saved.getWeights());
  saved.dispose();
}

async function restoreOptimizer(folder: string, saved: Saved['optimizer'], adam: Adam): Promise<void> {
  const numbers = new Float32Array(new Uint8Array(await readFile(join(folder, OPTIMIZER))).buffer);
  const wanted = saved.lengths.reduce((total, length) => total + length, 0);
  if (numbers.length !== wanted) throw new Error(`${OPTIMIZER} has ${numbers.length} numbers, not ${wanted}`);
  let at = 0;
  const moments = saved.lengths.map(length => numbers.slice(at, (at += length)));
  adam.restore({ steps: saved.steps, moments });
}
