/**
 * `npm run reproduce:vdm2009 [-- epochs seeds points]`: parametric t-SNE of MNIST after van der Maaten (AISTATS 2009):
 * 60,000 digits to train on, 10,000 to test on, a network 784-500-500-2000-2, perplexity 30. Measures the error of the nearest
 * training digit in the embedding, and T(12) of all test digits. Default: 24 epochs, seed 1, all points. Seeds: `3` or `1,2,3`.
 * The digits are not preprocessed, and no label is used. The affinities are kept in the cache, and an interrupted run resumes
 * where it was. Adds to the seeds in test/bench/results/vdm2009.json; with fewer points, writes to test/output.
 */
import '../backend';
import path from 'node:path';
import { data, type Embedding, type LabeledData, tsne, type TrainingProgress } from '../../kernel-ext/src';
import { cacheFolder } from '../../kernel-ext/src/data/cache';
import { keptAffinities } from './vdm2009/kept-affinities';
import { record, type SeedResult, table } from './vdm2009/results';

const ALL = 60_000;
const PERPLEXITY = 30;
const BATCH = 512;
/** The iteration that a training from scratch reports first. */
const FIRST_REPORT = 10;

async function main(): Promise<void> {
  const [epochs = '24', wanted = '1', points = String(ALL)] = process.argv.slice(2);
  const [train, test] = await Promise.all([data.mnist('train'), data.mnist('test')]);
  const images = train.batch(0, Number(points));
  const run = {
    protocol: `${points} training digits, ${test.length} test digits, 784-500-500-2000-2, perplexity ${PERPLEXITY}`,
    epochs: Number(epochs),
    batch: BATCH,
  };
  const file = path.join(__dirname, Number(points) === ALL ? 'results' : '../output', 'vdm2009.json');
  const started = Date.now();
  const affinity = await keptAffinities(images, PERPLEXITY);
  console.log(`${run.protocol}; affinities: ${minutesSince(started).toFixed(1)} min`);
  for (const seed of seedsOf(wanted)) {
    const follow = follower();
    const map = await tsne(images, {
      labels: train.labels.subarray(0, Number(points)),
      seed,
      epochs: run.epochs,
      batch: BATCH,
      perplexity: PERPLEXITY,
      affinity,
      checkpoint: path.join(cacheFolder(), `vdm2009-${points}-${epochs}-${seed}`),
      onProgress: follow.onProgress,
    });
    const result = await measured(map, test, seed, follow.minutes());
    map.dispose();
    console.log(table(record(file, run, result)).join('\n'));
  }
  images.dispose();
}

const seedsOf = (text: string): number[] =>
  text.includes(',') ? text.split(',').map(Number) : Array.from({ length: Number(text) }, (_, i) => i + 1);

const minutesSince = (start: number) => (Date.now() - start) / 60_000;

/** Prints the progress of the training, and keeps the time of its two stages. */
function follower() {
  const started = Date.now();
  let freeDone = started;
  let first: TrainingProgress | null = null;
  return {
    onProgress(progress: TrainingProgress): void {
      first ??= progress;
      const { stage, epoch, epochs, loss, trustworthiness } = progress;
      if (stage === 'non-parametric') freeDone = Date.now();
      const step = stage === 'non-parametric' ? 'without a network, iteration' : 'epoch';
      console.log(
        `${minutesSince(started).toFixed(1)} min: ${step} ${epoch} of ${epochs}, ` +
          `loss ${loss.toFixed(3)}, T(12) of 1,000 ${trustworthiness.toFixed(3)}`,
      );
    },
    minutes: () =>
      first?.stage === 'non-parametric' && first.epoch <= FIRST_REPORT
        ? { free: (freeDone - started) / 60_000, network: minutesSince(freeDone) }
        : null,
  };
}

async function measured(
  map: Embedding,
  test: LabeledData,
  seed: number,
  minutes: SeedResult['minutes'],
): Promise<SeedResult> {
  const { knnError1, knnError5, trustworthiness } = await map.quality({ data: test, sample: test.length });
  return { seed, knnError1: knnError1!, knnError5: knnError5!, trustworthiness, minutes };
}

void main();
