import type { LayersModel } from '@tensorflow/tfjs';
import { beginAbortable } from './interruptible';

type Fit = (this: LayersModel, ...rest: never[]) => Promise<unknown>;

/** A class whose instances are trained. */
interface Trainable {
  prototype: { fit: Fit; fitDataset: Fit };
}

/** TensorFlow.js refuses a second training of a model while this is true. */
interface Training {
  isTraining: boolean;
}

/** A training in progress. */
interface Run {
  signal: AbortSignal | undefined;
  ended: Promise<unknown>;
}

/** TensorFlow.js forgets that it was told to stop when it begins its first epoch, so it is told again and again. */
const TELL_MS = 20;

/** Lets `fit` and `fitDataset` end after the batch during which their cell is interrupted. */
export class InterruptibleFit {
  private readonly runs = new Map<LayersModel, Run>();

  /** @param signal gives the signal of the running cell */
  constructor(private readonly signal: () => AbortSignal | undefined) {}

  install({ prototype }: Trainable): void {
    for (const name of ['fit', 'fitDataset'] as const) {
      const fit = prototype[name];
      const start = (model: LayersModel, rest: never[]): Promise<unknown> => this.start(model, fit, rest);
      prototype[name] = function (...rest) {
        return start(this, rest);
      };
    }
  }

  /** Allows models to be trained again whose training was cut. */
  forgetCut(): void {
    for (const model of this.runs.keys()) Object.assign(model, { isTraining: false } satisfies Training);
    this.runs.clear();
  }

  private async start(model: LayersModel, fit: Fit, rest: never[]): Promise<unknown> {
    const signal = this.signal();
    signal?.throwIfAborted();
    const before = this.runs.get(model);
    if (before?.signal?.aborted) await before.ended;
    const training = this.untilStopped(model, signal, () => fit.apply(model, rest));
    const run = { signal, ended: training.catch(() => {}) };
    this.runs.set(model, run);
    try {
      return await training;
    } finally {
      if (this.runs.get(model) === run) this.runs.delete(model);
    }
  }

  private async untilStopped(
    model: LayersModel,
    signal: AbortSignal | undefined,
    train: () => Promise<unknown>,
  ): Promise<unknown> {
    let telling: NodeJS.Timeout | undefined;
    const stop = (): void => {
      telling = setInterval(() => (model.stopTraining = true), TELL_MS);
    };
    const end = beginAbortable();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const history = await train();
      signal?.throwIfAborted();
      return history;
    } finally {
      signal?.removeEventListener('abort', stop);
      clearInterval(telling);
      end();
    }
  }
}
