import * as tf from '@tensorflow/tfjs';
import type { LayersModel, Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { Adam } from './adam';
import type { Checkpoint, EpochRecord } from './checkpoint';
import { type EdgeSampler, type Edges } from './edge-sampler';
import { TrainingDivergedError, TrainingInterruptedError } from './errors';
import { freePlaces } from './free-places';
import { lossOf, type Objective } from './objective';
import { principalPlaces } from './principal-axes';
import { place } from './place';
import type { Rows } from './points';
import { trustworthiness } from './quality';
import { randomFor, sampleOf, shuffle } from './random';
import type { Settings, TrainingProgress } from './settings';
import type { TrainingWatch } from './watch';

/** How often progress is reported, and checkpoints are written, over a training. */
const REPORTS = 50;
const CHECKPOINTS = 20;
/** Share of the epochs with exaggerated attraction. */
const EXAGGERATED = 0.25;
/** Share of the epochs in which the network learns the places of the free map, if it starts from one. */
const FITTED = 0.6;
/** Standard deviation of the principal components from which the free map departs. */
const FREE_START = 1e-4;
/** Steps in which the network learns the principal components. */
const START_STEPS = 150;
/** Points whose places are reported, and the neighbors that their trustworthiness looks at. */
const WATCHED = 1000;
const NEIGHBORS = 12;
/** How long a paused training sleeps before it looks again. */
const PAUSE_MS = 50;

/** Trains a network so that its places of the points make an objective small. */
export class Training {
  private readonly adam: Adam;
  private readonly variables: tf.Variable[];
  private readonly watched: Int32Array;
  private history: EpochRecord[] = [];

  /** @param points [N, ...instance], which like the model stays the caller's; @param rows the same numbers */
  constructor(
    private readonly model: LayersModel,
    private readonly points: Tensor,
    private readonly rows: Rows,
    private readonly sampler: EdgeSampler,
    private readonly objective: Objective,
    private readonly settings: Settings,
    private readonly watcher: {
      checkpoint?: Checkpoint;
      signal?: AbortSignal;
      onProgress?: (progress: TrainingProgress) => void;
      watch?: TrainingWatch | null;
    },
  ) {
    this.adam = new Adam(settings.learningRate);
    this.variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
    this.watched = sampleOf(rows.count, WATCHED, randomFor(settings.seed, 'watched'));
  }

  /**
   * Runs all epochs that the checkpoint, if there is one, has not run yet.
   * @returns loss and trustworthiness by epoch
   * @throws TrainingInterruptedError, TrainingDivergedError, SaveError, CheckpointMismatchError
   */
  async run(): Promise<EpochRecord[]> {
    const { epochs } = this.settings;
    let epoch = 0;
    try {
      const done = await this.watcher.checkpoint?.resume(this.model, this.adam);
      if (done) ({ epoch, history: this.history } = done);
      else await this.start();
      const fitted = this.settings.start === 'free' ? Math.ceil(FITTED * epochs) : 0;
      const free = epoch < fitted ? await this.freePlaces() : null;
      for (; epoch < epochs && !this.isStopped; epoch++) {
        const loss = free && epoch < fitted ? await this.fit(free, epoch) : await this.epoch(epoch);
        if (isDue(epoch + 1, epochs, REPORTS) || this.isStopped) await this.report(epoch + 1, loss);
        if (isDue(epoch + 1, epochs, CHECKPOINTS))
          await this.watcher.checkpoint?.save(this.model, this.adam, epoch + 1, this.history);
      }
      return this.history;
    } catch (error) {
      if (!this.watcher.signal?.aborted || error !== this.watcher.signal.reason) throw error;
      throw new TrainingInterruptedError(epoch, epochs, this.kept(), error);
    }
  }

  private get isStopped(): boolean {
    return this.watcher.watch?.isStopped ?? false;
  }

  private kept(): { folder: string; epoch: number } | null {
    const { checkpoint } = this.watcher;
    return checkpoint?.epoch ? { folder: checkpoint.folder, epoch: checkpoint.epoch } : null;
  }

  /** Teaches the network the principal components, from which the objective then departs. */
  private async start(): Promise<void> {
    const { seed, start, batch, learningRate } = this.settings;
    if (start !== 'pca') return;
    const random = randomFor(seed, 'start');
    const width = this.model.outputs[0].shape[1]!;
    const targets = principalPlaces(this.rows, width, random);
    const adam = new Adam(learningRate);
    try {
      for (let step = 0; step < START_STEPS; step++) {
        const order = shuffle(
          Int32Array.from({ length: this.rows.count }, (_, i) => i),
          random,
        );
        tf.tidy(() => {
          const indices = tf.tensor1d(order.subarray(0, 2 * batch), 'int32');
          const wanted = targets.gather(indices);
          const off = () => this.placed(indices).sub(wanted).square().mean<Scalar>();
          adam.minimize(off, this.variables);
        });
        await this.turn();
      }
    } finally {
      targets.dispose();
    }
  }

  /** [N·2]: t-SNE without a network, from the principal components. */
  private async freePlaces(): Promise<Float32Array> {
    const axes = principalPlaces(this.rows, 2, randomFor(this.settings.seed, 'free'));
    const start = axes.dataSync<'float32'>().map(place => FREE_START * place);
    axes.dispose();
    const goesOn = async () => {
      await this.turn();
      return !this.isStopped;
    };
    return Float32Array.from(
      await freePlaces(this.sampler.graph, start, { alpha: this.settings.alpha, goesOn }),
    );
  }

  /**
   * Brings the network nearer to the places of the free map, as each was a point's only neighbor: the auxiliary coordinates
   * of Carreira-Perpiñán & Vladymyrov (NIPS 2015), whose cost per step is a forward and a backward pass of single points.
   * Distances, not their squares, so that a doubtful point falls into one cluster instead of between two.
   * @returns the mean of √(1 + d²)
   */
  private async fit(free: Float32Array, epoch: number): Promise<number> {
    const { batch, seed, epochs, learningRate } = this.settings;
    const order = shuffle(
      Int32Array.from({ length: this.rows.count }, (_, i) => i),
      randomFor(seed, `epoch ${epoch}`),
    );
    const size = Math.max(1, Math.floor(batch / 2));
    const steps = Math.floor(order.length / size);
    let sum = 0;
    let step = 0;
    for (; step < steps && !(this.isStopped && step > 0); step++) {
      this.adam.rate = learningRate * cosine((epoch + step / steps) / epochs);
      const some = order.subarray(step * size, (step + 1) * size);
      const wanted = Float32Array.from({ length: 2 * size }, (_, k) => free[2 * some[k >> 1] + (k % 2)]);
      const off = (): Scalar => {
        const ways = this.placed(tf.tensor1d(some, 'int32')).sub(tf.tensor2d(wanted, [size, 2]));
        return ways.square().sum(1).add(1).sqrt().mean();
      };
      sum += this.adam.minimize(off, this.variables);
      await this.turn();
    }
    if (!Number.isFinite(sum)) throw new TrainingDivergedError(epoch, learningRate);
    return sum / step;
  }

  /** @returns the mean loss of the epoch's steps */
  private async epoch(epoch: number): Promise<number> {
    const { batch, seed, epochs, exaggeration, learningRate } = this.settings;
    const edges = this.sampler.epoch(randomFor(seed, `epoch ${epoch}`));
    const steps = Math.max(1, Math.floor(edges.heads.length / batch));
    const factor = epoch < EXAGGERATED * epochs ? exaggeration : 1;
    let sum = 0;
    let step = 0;
    for (; step < steps && !(this.isStopped && step > 0); step++) {
      this.adam.rate = learningRate * cosine((epoch + step / steps) / epochs);
      sum += this.step(edges, step * batch, factor);
      await this.turn();
    }
    if (!Number.isFinite(sum)) throw new TrainingDivergedError(epoch, learningRate);
    return sum / step;
  }

  private step(edges: Edges, from: number, exaggeration: number): number {
    const heads = edges.heads.subarray(from, from + this.settings.batch);
    const tails = edges.tails.subarray(from, from + this.settings.batch);
    const both = Int32Array.of(...heads, ...tails);
    return this.adam.minimize(
      () => lossOf(this.objective, this.placed(tf.tensor1d(both, 'int32')), exaggeration),
      this.variables,
    );
  }

  private placed(indices: tf.Tensor1D): Tensor2D {
    return this.model.apply(this.points.gather(indices), { training: true }) as Tensor2D;
  }

  private async report(epoch: number, loss: number): Promise<void> {
    const some = tf.tidy(() => this.points.gather(tf.tensor1d(this.watched, 'int32')));
    const places = place(this.model, some);
    const [data, map] = (await Promise.all([some.data(), places.data()])) as Float32Array[];
    tf.dispose([some, places]);
    const count = this.watched.length;
    const k = Math.min(NEIGHBORS, Math.ceil(count / 2) - 1);
    const trust = trustworthiness(
      { count, width: data.length / count, values: data },
      { count, width: map.length / count, values: map },
      k,
    );
    this.history = [...this.history, { epoch, loss, trustworthiness: trust }];
    const progress = {
      epoch,
      epochs: this.settings.epochs,
      loss,
      trustworthiness: trust,
      indices: this.watched,
      places: map,
    };
    this.watcher.watch?.show(progress);
    this.watcher.onProgress?.(progress);
  }

  /** Lets the rest of the process have its turn, waits while it is paused, and ends if it is to. */
  private async turn(): Promise<void> {
    const { watch, signal } = this.watcher;
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    while (watch?.isPaused && !watch.isStopped) {
      await new Promise(resume => setTimeout(resume, PAUSE_MS));
      signal?.throwIfAborted();
    }
  }
}

/** True for the last epoch and about `times` times until then. */
function isDue(epoch: number, epochs: number, times: number): boolean {
  return epoch === epochs || epoch % Math.ceil(epochs / times) === 0;
}

/** From 1 to 0, flat at both ends (Loshchilov & Hutter 2017). */
const cosine = (share: number): number => (1 + Math.cos(Math.PI * share)) / 2;
