import * as tf from '@tensorflow/tfjs';
import { ProgressBar, type ProgressOptions } from './progress-bar';

/** What TensorFlow.js passes to a callback about a training run; null and undefined: unknown. */
interface FitParams {
  epochs?: number;
  samples?: number | null;
  steps?: number | null;
  batchSize?: number | null;
}

/**
 * A callback that follows `model.fit` or `model.fitDataset`: batches of all epochs, with loss and metrics of the last epoch.
 * @param options label: default 'Training'
 */
export function fitProgress({ label = 'Training' }: Pick<ProgressOptions, 'label'> = {}): tf.CustomCallback {
  let bar: ProgressBar | undefined;
  let before = 0;
  let inEpoch = 0;
  const params = (): FitParams => callback.params as FitParams;
  const epochs = (): number => params().epochs ?? 1;
  const callback = new tf.CustomCallback({
    onTrainBegin: async () => {
      const each = batches(params());
      before = 0;
      bar = new ProgressBar({ label, unit: 'batches', total: each && each * epochs() });
    },
    onEpochBegin: async () => void (inEpoch = 0),
    onBatchEnd: async () => bar?.set(before + ++inEpoch),
    onEpochEnd: async (epoch, logs = {}) => {
      before += inEpoch;
      // The length of a data set is unknown until it ends.
      bar?.set(before, `epoch ${epoch + 1}/${epochs()}, ${summary(logs)}`, inEpoch * epochs());
    },
    onTrainEnd: async () => bar?.finish(),
  });
  return callback;
}

function batches({ samples, steps, batchSize }: FitParams): number | undefined {
  if (steps) return steps;
  return samples && batchSize ? Math.ceil(samples / batchSize) : undefined;
}

const summary = (logs: tf.Logs): string =>
  Object.entries(logs)
    .map(([name, value]) => `${name} ${Number(value).toPrecision(3)}`)
    .join(', ');
