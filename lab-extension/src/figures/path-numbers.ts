import { csvText, npyBytes } from 'piecewise/payload';
import type { Way } from '../path/path-data';

/** A line a breakpoint: t, the layer whose gate switches there, and the shown outputs. */
export function wayCsv({ t, layers, layerOf, labels, shown, values }: Way): string {
  const rows = Array.from(t, (at, i) => [
    at,
    layers[layerOf[i]] ?? '',
    ...values.subarray(i * shown.length, (i + 1) * shown.length),
  ]);
  return csvText(['t', 'layer', ...shown.map(c => labels[c])], rows);
}

/** t and the shown outputs, [n, 1 + K]. */
export function wayNpy({ t, shown, values }: Way): Uint8Array<ArrayBuffer> {
  const width = 1 + shown.length;
  const numbers = Float32Array.from({ length: t.length * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return column === 0 ? t[row] : values[row * shown.length + column - 1];
  });
  return npyBytes([t.length, width], numbers);
}
