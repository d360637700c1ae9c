/**
 * `npm run bench:tsne-points [-- counts defaults]`: how long `tsne` takes by the number of points, and how good its embedding is,
 * with its defaults and with 3,000 steps from the principal components, `{ start: 'pca' }`, unless `defaults` leaves those
 * out. MNIST digits; prints for each count the seconds by the clock and of the processors, T(12) and the 1-NN error of both, and the
 * ratio of the processors' seconds. Default counts: 100, 200, 500, 999, 1000, 2000. Asserts that more points do not take less
 * of the processors' time, and that T(12) of the defaults is at most 0.01 below that of the other start.
 */
import '../../backend';
import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs';
import { data, tsne, type TsneOptions } from '../../../kernel-ext/src';
import { knnError, trustworthiness } from '../../../kernel-ext/src/tsne/quality';
import { resultOf } from '../../../kernel-ext/src/tsne/steps';
import { rowsOf } from '../../../kernel-ext/src/tsne/points';

const COUNTS = [100, 200, 500, 999, 1000, 2000];
const NEIGHBORS = 12;
/** By what factor the time may fall from one count to the next, beside other work on the machine. */
const NOISE = 1.3;
/** By how much less trustworthy the default may be. Measured: 0.007 at 999 points; it is more trustworthy at 100 to 500. */
const TRUST_LOST = 0.01;

interface Figures {
  seconds: number;
  processors: number;
  trust: number;
  error: number;
}

async function main(): Promise<void> {
  const counts = process.argv[2]?.split(',').map(Number) ?? COUNTS;
  const digits = await data.mnist('train');
  const labels = Array.from(digits.labels, String);
  await embed(digits.batch(0, 50), labels.slice(0, 50), { epochs: 10 });
  console.log(
    '| points | seconds (processors) | T(12) | 1-NN error | pca: seconds (processors) | T(12) | 1-NN error | pca / default |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  let previous = 0;
  for (const count of counts) {
    const ours = await embed(digits.batch(0, count), labels.slice(0, count), {});
    assert.ok(ours.processors * NOISE > previous, `${count} points take less time than fewer points`);
    previous = ours.processors;
    if (process.argv[3] === 'defaults') {
      console.log(`| ${count} | ${row(ours)} | | | | |`);
      continue;
    }
    const pca = await embed(digits.batch(0, count), labels.slice(0, count), { start: 'pca' });
    console.log(
      `| ${count} | ${row(ours)} | ${row(pca)} | ${(pca.processors / ours.processors).toFixed(2)} |`,
    );
    assert.ok(ours.trust > pca.trust - TRUST_LOST, `T(12) of ${count} points`);
  }
}

async function embed(points: Tensor, labels: string[], options: TsneOptions): Promise<Figures> {
  const began = performance.now();
  const before = process.cpuUsage();
  const embedding = await tsne(points, options);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  const [original, embedded] = [await rowsOf(points), await rowsOf(embedding.coordinates)];
  const figures = {
    seconds,
    processors: (user + system) / 1e6,
    trust: resultOf(trustworthiness(original, embedded, NEIGHBORS)),
    error: resultOf(knnError(embedded, labels, 1)),
  };
  embedding.dispose();
  points.dispose();
  return figures;
}

const row = ({ seconds, processors, trust, error }: Figures) =>
  `${seconds.toFixed(1)} (${processors.toFixed(1)}) | ${trust.toFixed(4)} | ${(100 * error).toFixed(1)} %`;

void main();
