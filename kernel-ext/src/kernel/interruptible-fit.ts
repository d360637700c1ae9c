import type { LayersModel } from '@tensorflow/tfjs';
import { beginAbortable } from './interruptible';
import { clearInterval, setInterval } from './own-globals';

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
  /** Ends what goes on beside the training. */
  leave(): void;
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
    for (const [model, run] of this.runs) {
      run.leave(); // Or every later training of the model would be told to stop.
      Object.assign(model, { isTraining: false } satisfies Training);
    }
    this.runs.clear();
  }

  private async start(model: LayersModel, fit: Fit, rest: never[]): Promise<unknown> {
    const signal = this.signal();
    signal?.throwIfAborted();
    const before = this.runs.get(model);
    if (before?.signal?.aborted) await before.ended;
    const leave = tellToStop(model, signal);
    const training = fit.apply(model, rest);
    const run = { signal, ended: training.catch(() => {}), leave };
    this.runs.set(model, run);
    try {
      const history = await training;
      signal?.throwIfAborted();
      return history;
    } finally {
      leave();
      if (this.runs.get(model) === run) this.runs.delete(model);
    }
  }
}

/** Tells the model to stop training as soon as the signal aborts. @returns a function that ends this */
function tellToStop(model: LayersModel, signal: AbortSignal | undefined): () => void {
  let telling: NodeJS.Timeout | undefined;
  const stop = (): void => {
    telling = setInterval(() => (model.stopTraining = true), TELL_MS);
  };
  const end = beginAbortable();
  signal?.addEventListener('abort', stop, { once: true });
  return () => {
    signal?.removeEventListener('abort', stop);
    clearInterval(telling);
    end();
  };
}
