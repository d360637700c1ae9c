import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The result of one seed. */
export interface SeedResult {
  seed: number;
  /** Share of test digits whose nearest training digit in the embedding is a different digit; and by the vote of five. */
  knnError1: number;
  knnError5: number;
  /** T(12) of the 10,000 test digits. */
  trustworthiness: number;
  /** Minutes of the non-parametric embedding and of the network's training; null if the run was interrupted. */
  minutes: { free: number; network: number } | null;
}

export interface Results {
  /** Date of the last run, as YYYY-MM-DD. */
  date: string;
  protocol: string;
  epochs: number;
  batch: number;
  /** From memory: nobody has checked them against the paper. */
  published: { knnError1: number; trustworthiness: number; isConfirmed: false };
  seeds: SeedResult[];
}

export const PUBLISHED: Results['published'] = {
  knnError1: 0.099,
  trustworthiness: 0.926,
  isConfirmed: false,
};

/** Adds the result of a seed to those of the same protocol; results of a different protocol are replaced. */
export function record(
  file: string,
  run: Pick<Results, 'protocol' | 'epochs' | 'batch'>,
  seed: SeedResult,
): Results {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : null;
  const isSame = known && (['protocol', 'epochs', 'batch'] as const).every(key => known[key] === run[key]);
  const others = isSame ? known.seeds.filter(other => other.seed !== seed.seed) : [];
  const seeds = [...others, seed].sort((a, b) => a.seed - b.seed);
  const results = { date: new Date().toISOString().slice(0, 10), ...run, published: PUBLISHED, seeds };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(results, null, 2) + '\n');
  return results;
}

/** Our seeds, the mean and spread of several, and the published values, as lines of a table. */
export function table({ published, seeds }: Results): string[] {
  const line = (name: string, error: string, trust: string, minutes = '') =>
    name.padEnd(28) + error.padStart(14) + trust.padStart(16) + minutes.padStart(10);
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const errors = seeds.map(({ knnError1 }) => knnError1);
  const trusts = seeds.map(({ trustworthiness }) => trustworthiness);
  return [
    line('', '1-NN error', 'T(12)', 'minutes'),
    line('published, unconfirmed', percent(published.knnError1), published.trustworthiness.toFixed(3)),
    ...seeds.map(({ seed, knnError1, trustworthiness, minutes }) =>
      line(
        `ours, seed ${seed}`,
        percent(knnError1),
        trustworthiness.toFixed(4),
        minutes ? (minutes.free + minutes.network).toFixed(1) : '-',
      ),
    ),
    ...(seeds.length > 1
      ? [
          line(
            `ours, mean ± deviation of ${seeds.length}`,
            `${(100 * mean(errors)).toFixed(2)} ± ${(100 * deviation(errors)).toFixed(2)} %`,
            `${mean(trusts).toFixed(4)} ± ${deviation(trusts).toFixed(4)}`,
          ),
        ]
      : []),
  ];
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation of a sample of two or more. */
function deviation(values: readonly number[]): number {
  const squares = values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
