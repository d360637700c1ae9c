import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rows } from '../../kernel-ext/src/tsne/points';

interface Reference {
  perplexity: number;
  data: number[][];
  labels: number[];
  map: number[][];
  p: number[];
  sparse: { starts: number[]; columns: number[]; weights: number[] };
  trustworthiness: Record<string, number>;
  continuity: Record<string, number>;
  knnError: Record<string, number>;
  testKnnError: number;
  neighborhoodHit: number;
  shepard: number;
  kl: Record<string, number>;
}

/** What scikit-learn computes for 100 digits and their first two principal components, and for 100 more digits. */
export const reference = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'tsne-reference.json'), 'utf8'),
) as Reference;

export function rows(lines: readonly (readonly number[])[]): Rows {
  return { count: lines.length, width: lines[0].length, values: Float32Array.from(lines.flat()) };
}

const HALF = 100;
export const train = {
  data: rows(reference.data.slice(0, HALF)),
  embedded: rows(reference.map.slice(0, HALF)),
  labels: reference.labels.slice(0, HALF).map(String),
};
export const test = {
  embedded: rows(reference.map.slice(HALF)),
  labels: reference.labels.slice(HALF).map(String),
};
