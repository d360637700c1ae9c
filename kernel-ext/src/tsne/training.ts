import * as tf from '@tensorflow/tfjs';
import type { LayersModel, Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { Adam, type AdamState } from './adam';
import type { Checkpoint, EpochRecord } from './checkpoint';
import { CHECKPOINTS, type TrainingMonitor, isDue, REPORTS } from './training-monitor';
import { type EdgeSampler, type Edges } from './edge-sampler';
import { TrainingDivergedError, TrainingInterruptedError } from './errors';
import { nonParametricEmbedding } from './non-parametric-embedding';
import { lossOf, type Objective } from './objective';
import { principalCoordinates } from './principal-axes';
import { coordinatesOf } from './coordinates';
import type { Rows } from './points';
import { randomFor, shuffle } from './random';
import type { Settings } from './settings';

/** Share of the epochs with exaggerated attraction. */
const EXAGGERATED = 0.25;
/**
 * Share of the epochs in which the network learns the non-parametric embedding, if it starts from one. Such an epoch costs half of
 * one with the objective and brings more: 10,000 digits, at equal cost, 1-NN error of new digits 28.4 % instead of 29.4 %.
 */
const FITTED = 0.8;
/** How many steps the network learns the principal components. */
const START_STEPS = 150;

/** Trains a network so that its coordinates of the points make an objective small. */
export class Training {
  private readonly adam: Adam;
  private readonly variables: tf.Variable[];
  private history: EpochRecord[] = [];
  /** What a checkpoint of the last finished epoch needs; null if there is one, or none is wanted. */
  private unsaved: { epoch: number; weights: Float32Array[]; adam: AdamState } | null = null;

  /** @param points [N, ...instance], which like the model stays the caller's; @param rows the same numbers */
  constructor(
    private readonly model: LayersModel,
    private readonly points: Tensor,
    private readonly rows: Rows,
    private readonly sampler: EdgeSampler,
    private readonly objective: Objective,
    private readonly settings: Settings,
    private readonly monitor: TrainingMonitor,
    private readonly checkpoint?: Checkpoint,
  ) {
    this.adam = new Adam(settings.learningRate);
    this.variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
  }

  /**
   * Runs all epochs, or those that are left after the checkpoint.
   * @returns loss and trustworthiness by epoch
   * @throws TrainingInterruptedError, TrainingDivergedError, SaveError, CheckpointMismatchError, CheckpointReadError,
   * CheckpointInUseError
   */
  async run(): Promise<EpochRecord[]> {
    const release = await this.checkpoint?.lock();
    try {
      return await this.runEpochs();
    } finally {
      await release?.();
    }
  }

  private async runEpochs(): Promise<EpochRecord[]> {
    const { epochs } = this.settings;
    let epoch = 0;
    try {
      const done = await this.checkpoint?.resume(this.model, this.adam);
      if (done) ({ epoch, history: this.history } = done);
      else await this.start();
      const fitted = this.settings.start === 'non-parametric' ? Math.ceil(FITTED * epochs) : 0;
      const free = epoch < fitted ? await this.nonParametricEmbedding() : null;
      for (; epoch < epochs && !this.monitor.isStopped; epoch++) {
        const loss = free && epoch < fitted ? await this.fit(free, epoch) : await this.epoch(epoch);
        if (isDue(epoch + 1, epochs, REPORTS) || this.monitor.isStopped) await this.report(epoch + 1, loss);
        await this.keep(epoch + 1);
      }
      return this.history;
    } catch (error) {
      if (!this.monitor.isCause(error)) throw error;
      // Without room for this checkpoint, the previous one is still there.
      await this.saveUnsaved().catch(() => {});
      throw new TrainingInterruptedError(epoch, epochs, this.kept(), error);
    }
  }

  /** Writes a checkpoint if it is time, and otherwise remembers the state, for the case that the next epoch is aborted. */
  private async keep(epoch: number): Promise<void> {
    const { checkpoint, model, adam, history } = this;
    if (!checkpoint) return;
    if (isDue(epoch, this.settings.epochs, CHECKPOINTS)) {
      await checkpoint.save(model, adam, epoch, history);
      this.unsaved = null;
      return;
    }
    const { steps, moments } = adam.save();
    const weights = model.getWeights().map(weight => weight.dataSync<'float32'>().slice());
    this.unsaved = { epoch, weights, adam: { steps, moments: moments.map(moment => moment.slice()) } };
  }

  /** Goes back to the end of the last finished epoch and writes its checkpoint, so that no epoch has to be repeated. */
  private async saveUnsaved(): Promise<void> {
    const { checkpoint, model, adam, history, unsaved } = this;
    if (!checkpoint || !unsaved) return;
    tf.tidy(() =>
      model.setWeights(model.getWeights().map(({ shape }, i) => tf.tensor(unsaved.weights[i], shape))),
    );
    adam.restore(unsaved.adam);
    await checkpoint.save(model, adam, unsaved.epoch, history);
  }

  private kept(): { folder: string; epoch: number } | null {
    const { checkpoint } = this;
    return checkpoint && checkpoint.epoch !== null
      ? { folder: checkpoint.folder, epoch: checkpoint.epoch }
      : null;
  }

  /** Teaches the network the principal components, from which the objective then starts. */
  private async start(): Promise<void> {
    const { seed, start, batch, learningRate } = this.settings;
    if (start !== 'pca') return;
    const random = randomFor(seed, 'start');
    const width = this.model.outputs[0].shape[1]!;
    const targets = principalCoordinates(this.rows, width, random);
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
          const off = () => this.coordinatesAt(indices).sub(wanted).square().mean<Scalar>();
          adam.minimize(off, this.variables);
        });
        await this.monitor.turn();
      }
    } finally {
      targets.dispose();
    }
  }

  /**
   * Moves the network closer to the non-parametric embedding, as if its coordinates were each point's only neighbor: the
   * auxiliary coordinates of Carreira-Perpiñán & Vladymyrov (NIPS 2015), which cost a forward and a backward pass of single
   * points per step. Uses distances, not their squares, so that an ambiguous point joins one cluster instead of falling
   * between two.
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
    for (; step < steps && !(this.monitor.isStopped && step > 0); step++) {
      this.adam.rate = learningRate * cosine((epoch + step / steps) / epochs);
      const some = order.subarray(step * size, (step + 1) * size);
      const wanted = Float32Array.from({ length: 2 * size }, (_, k) => free[2 * some[k >> 1] + (k % 2)]);
      const off = (): Scalar => {
        const differences = this.coordinatesAt(tf.tensor1d(some, 'int32')).sub(
          tf.tensor2d(wanted, [size, 2]),
        );
        return differences.square().sum(1).add(1).sqrt().mean();
      };
      sum += this.adam.minimize(off, this.variables);
      await this.monitor.turn();
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
    for (; step < steps && !(this.monitor.isStopped && step > 0); step++) {
      this.adam.rate = learningRate * cosine((epoch + step / steps) / epochs);
      sum += this.step(edges, step * batch, factor);
      await this.monitor.turn();
    }
    if (!Number.isFinite(sum)) throw new TrainingDivergedError(epoch, learningRate);
    return sum / step;
  }

  private step(edges: Edges, from: number, exaggeration: number): number {
    const heads = edges.heads.subarray(from, from + this.settings.batch);
    const tails = edges.tails.subarray(from, from + this.settings.batch);
    const both = Int32Array.of(...heads, ...tails);
    return this.adam.minimize(
      () => lossOf(this.objective, this.coordinatesAt(tf.tensor1d(both, 'int32')), exaggeration),
      this.variables,
    );
  }

  private async nonParametricEmbedding(): Promise<Float32Array> {
    const { rows, sampler, settings, monitor, checkpoint } = this;
    return Float32Array.from(
      await nonParametricEmbedding(rows, sampler.graph, settings, monitor, checkpoint),
    );
  }

  private async report(epoch: number, loss: number): Promise<void> {
    const some = tf.tidy(() => this.points.gather(tf.tensor1d(this.monitor.watched, 'int32')));
    const coordinates = coordinatesOf(this.model, some);
    const values = await coordinates.data<'float32'>();
    tf.dispose([some, coordinates]);
    const { trustworthiness } = this.monitor.report('network', epoch, this.settings.epochs, loss, values);
    this.history = [...this.history, { epoch, loss, trustworthiness }];
  }

  private coordinatesAt(indices: tf.Tensor1D): Tensor2D {
    return this.model.apply(this.points.gather(indices), { training: true }) as Tensor2D;
  }
}

/** Falls from 1 to 0, flat at both ends (Loshchilov & Hutter 2017). */
const cosine = (share: number): number => (1 + Math.cos(Math.PI * share)) / 2;
