import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Adam } from './adam';
import { CheckpointMismatchError, SaveError } from './errors';
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

  constructor(
    readonly folder: string,
    private readonly fingerprint: Fingerprint,
  ) {}

  /**
   * Restores the network and the optimizer from the checkpoint, if there is one.
   * @returns the epochs done so far; null if there is no checkpoint
   * @throws CheckpointMismatchError
   */
  async resume(model: LayersModel, adam: Adam): Promise<{ epoch: number; history: EpochRecord[] } | null> {
    const latest = join(this.folder, LATEST);
    if (!existsSync(latest)) return null;
    const { name } = JSON.parse(await readFile(latest, 'utf8')) as { name: string };
    const folder = join(this.folder, name);
    const saved = JSON.parse(await readFile(join(folder, STATE), 'utf8')) as Saved;
    this.assertSame(saved.fingerprint);
    await restoreWeights(folder, model);
    await restoreOptimizer(folder, saved.optimizer, adam);
    this.epoch = saved.epoch;
    return { epoch: saved.epoch, history: saved.history };
  }

  /**
   * Writes the state next to the previous one and then switches to it by a rename, so there is a complete one at any time.
   * @throws SaveError
   */
  async save(model: LayersModel, adam: Adam, epoch: number, history: readonly EpochRecord[]): Promise<void> {
    const name = `epoch-${epoch}`;
    const folder = join(this.folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await writeModel(folder, model, { epoch });
      const { steps, moments } = adam.save();
      await writeFile(join(folder, OPTIMIZER), Buffer.concat(moments.map(bytesOf)));
      const optimizer = { steps, lengths: moments.map(({ length }) => length) };
      const state: Saved = { fingerprint: this.fingerprint, epoch, history: [...history], optimizer };
      await writeFile(join(folder, STATE), JSON.stringify(state));
      await writeFile(join(folder, LATEST), JSON.stringify({ name }));
      await rename(join(folder, LATEST), join(this.folder, LATEST));
    } catch (error) {
      await rm(folder, { recursive: true, force: true }).catch(() => {});
      throw new SaveError(this.folder, error);
    }
    if (this.epoch !== null && this.epoch !== epoch)
      await rm(join(this.folder, `epoch-${this.epoch}`), { recursive: true, force: true });
    this.epoch = epoch;
  }

  /**
   * The state of the non-parametric embedding of this training; it stays in the folder while the network learns it.
   * @returns null if none was saved
   * @throws CheckpointMismatchError
   */
  async resumeNonParametric(): Promise<NonParametricState | null> {
    const file = join(this.folder, NON_PARAMETRIC);
    if (!existsSync(file)) return null;
    this.assertSame(JSON.parse(await readFile(file, 'utf8')) as Fingerprint);
    this.epoch ??= 0;
    return readNonParametric(this.folder);
  }

  /** @throws SaveError */
  async saveNonParametric(state: NonParametricState): Promise<void> {
    await saveNonParametric(this.folder, state);
    await writeFile(join(this.folder, NON_PARAMETRIC), JSON.stringify(this.fingerprint)).catch(
      (error: unknown) => {
        throw new SaveError(this.folder, error);
      },
    );
    this.epoch ??= 0;
  }

  private assertSame(saved: Fingerprint): void {
    const text = (value: unknown) => JSON.stringify(value) ?? 'nothing';
    const differences = Object.keys({ ...saved, ...this.fingerprint })
      .filter(key => text(saved[key]) !== text(this.fingerprint[key]))
      .map(key => `${key} was ${text(saved[key])} and is ${text(this.fingerprint[key])}`);
    if (differences.length > 0) throw new CheckpointMismatchError(this.folder, differences);
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

async function restoreWeights(folder: string, model: LayersModel): Promise<void> {
  const { model: saved } = await readModel(folder);
  model.setWeights(saved.getWeights());
  saved.dispose();
}

async function restoreOptimizer(folder: string, saved: Saved['optimizer'], adam: Adam): Promise<void> {
  const numbers = new Float32Array(new Uint8Array(await readFile(join(folder, OPTIMIZER))).buffer);
  let at = 0;
  const moments = saved.lengths.map(length => numbers.slice(at, (at += length)));
  adam.restore({ steps: saved.steps, moments });
}
