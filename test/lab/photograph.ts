import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { compactArray, decodeArray, type LinearizationPayload, product } from 'piecewise/payload';

const FOLDER = join(__dirname, '../fixtures/photograph');

type Facts = Omit<LinearizationPayload, 'input' | 'rows'> & { shape: number[]; row: number; scale: number };

/**
 * What MobileNetV2 did with a photograph of a cat, as the kernel would have saved it; fixtures/photograph/make-photograph.ts
 * writes its numbers. W is rounded, so the sums of its class, and F(x) of that class, are those of the rounded row.
 * @param change changes the row of W, [224·224·3]
 */
export function photograph(change: (weights: Float32Array) => void = () => {}): LinearizationPayload {
  const { shape, row, scale, ...facts } = JSON.parse(
    readFileSync(join(FOLDER, 'facts.json'), 'utf8'),
  ) as Facts;
  const { data } = PNG.sync.read(readFileSync(join(FOLDER, 'cat.png')));
  const x = Float32Array.from(data.filter((_, i) => i % 4 < 3)).map(value => value / 255);
  const bytes = gunzipSync(readFileSync(join(FOLDER, 'weights.gz')));
  const weights = Float32Array.from({ length: x.length }, (_, i) => scale * bytes.readInt16LE(2 * i));
  change(weights);
  const saved = compactArray(weights, shape);
  const sums = [0, 0];
  product(decodeArray(saved, 'weights').values, x).forEach(part => (sums[part < 0 ? 1 : 0] += part));
  facts.positive[row] = sums[0];
  facts.negative[row] = sums[1];
  (facts.output as number[])[row] = sums[0] + sums[1] + (facts.bias as number[])[row];
  return {
    ...facts,
    input: compactArray(x, shape),
    rows: [{ index: row, weights: saved }],
  };
}
