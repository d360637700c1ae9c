import { randomUUID } from 'node:crypto';
import type { TrainingProgress, TrainingWatch, WatchedFacts } from '../../tsne';
import {
  encodeArray,
  type EmbeddingPayload,
  type TrainingState,
  EMBEDDING_MIME,
  SCHEMA_VERSION,
  quantized,
} from '../../payload';
import { currentSink } from '../../sink/current-sink';
import { bundleOfMap } from './embedding-bundle';
import { classesOf, titleOf } from './embedding-payload';
import { embeddingText } from './embedding-text';
import { shownEmbeddings, type SteeredTraining } from '../../display/handles';

/** Shows a training run below its cell and keeps it up to date: points, loss, trustworthiness. A view may pause and stop it. */
export class WatchedTraining implements TrainingWatch, SteeredTraining {
  private state: TrainingState = 'running';
  private last: TrainingProgress | null = null;
  private readonly history: EmbeddingPayload['history'] = [];
  private readonly displayId = randomUUID();
  private readonly sink = currentSink();
  private isShown = false;

  constructor(private readonly facts: WatchedFacts) {}

  get isPaused(): boolean {
    return this.state === 'paused';
  }

  get isStopped(): boolean {
    return this.state === 'stopped';
  }

  show(progress: TrainingProgress): void {
    this.last = progress;
    const { stage, epoch, loss, trustworthiness } = progress;
    if (stage === 'network') this.history.push({ epoch, loss, trustworthiness });
    if (this.sink.replaces) this.publish();
  }

  steer(wish: 'pause' | 'resume' | 'stop'): TrainingState {
    if (this.state === 'running' || this.state === 'paused') {
      this.state = ({ pause: 'paused', resume: 'running', stop: 'stopped' } as const)[wish];
      if (this.sink.replaces) this.publish();
    }
    return this.state;
  }

  end(): void {
    if (!this.last) return;
    const { stage, epoch, epochs } = this.last;
    if (this.state !== 'stopped') this.state = stage === 'network' && epoch === epochs ? 'done' : 'stopped';
    this.publish();
  }

  private publish(): void {
    if (!this.last) return;
    const payload = this.payload(this.last);
    const isOver = this.state === 'done' || this.state === 'stopped';
    // Pages and pictures are for people who read the notebook later; drawing them every time would slow the training down.
    const bundle = isOver
      ? bundleOfMap(payload)
      : { [EMBEDDING_MIME]: payload, 'text/plain': embeddingText(payload) };
    this.sink.display(bundle, { displayId: this.displayId, update: this.isShown });
    this.isShown = true;
  }

  private payload({ stage, epoch, epochs, indices, coordinates }: TrainingProgress): EmbeddingPayload {
    const { objective, points, inputShape, dimensions, labels, features } = this.facts;
    const axes = Array.from({ length: Math.min(2, dimensions) }, (_, axis) => `axis ${axis + 1}`);
    const shown = coordinates.filter((_, i) => i % dimensions < axes.length);
    const isPart = indices.length < points;
    return {
      schemaVersion: SCHEMA_VERSION,
      title: titleOf(objective),
      axes,
      coordinates: quantized(shown, axes.length),
      total: points,
      ...(isPart && { indices: encodeArray(Float32Array.from(indices), [indices.length]) }),
      inputShape: [...inputShape],
      ...(features && { features: [...features] }),
      ...classesOf(labels, [...indices]),
      columns: [],
      history: [...this.history],
      training: { ...(stage === 'non-parametric' && { stage }), epoch, epochs, state: this.state },
      explained: [],
      handle: shownEmbeddings.handleOf(this),
    };
  }
}
