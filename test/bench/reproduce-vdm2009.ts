/**
 * `npm run reproduce:vdm2009 [epochs] [seeds] [points]`: parametric t-SNE of MNIST after van der Maaten (AISTATS 2009):
 * 60,000 digits to train with, 10,000 to test with, a network 784-500-500-2000-2, perplexity 30; the error of the nearest
 * training digit in the map, and T(12) of the test digits. Default: 20 epochs, seed 1, all points. An interrupted run goes
 * on where it was.
 */
import '../backend';
import { join } from 'node:path';
import { data, tsne } from '../../kernel-ext/src';
import { cacheFolder } from '../../kernel-ext/src/data/cache';

/** As remembered, not checked against the paper. */
const PUBLISHED = 'published, unconfirmed:  1-NN error 9.90 %   T(12) 0.926';

async function main(): Promise<void> {
  const [epochs = 20, seeds = 1, points = 60_000] = process.argv.slice(2).map(Number);
  const [train, test] = await Promise.all([data.mnist('train'), data.mnist('test')]);
  const images = train.batch(0, points);
  const labels = train.labels.subarray(0, points);
  console.log(PUBLISHED);
  for (let seed = 1; seed <= seeds; seed++) {
    const started = Date.now();
    const map = await tsne(images, {
      labels,
      seed,
      epochs,
      checkpoint: join(cacheFolder(), `vdm2009-${points}-${epochs}-${seed}`),
      onProgress: ({ epoch, loss, trustworthiness }) =>
        console.log(`epoch ${epoch}: loss ${loss.toFixed(3)}, T(12) of 1,000 ${trustworthiness.toFixed(3)}`),
    });
    const minutes = (Date.now() - started) / 60_000;
    const { knnError1, trustworthiness } = await map.quality({ data: test, sample: test.length });
    const error = `1-NN error ${(100 * knnError1!).toFixed(2)} %`;
    console.log(
      `ours, seed ${seed}:            ${error}   T(12) ${trustworthiness.toFixed(3)}   (${epochs} epochs, ${minutes.toFixed(1)} min)`,
    );
    map.dispose();
  }
  images.dispose();
}

void main();
