import { csvText, npyBytes, type PathData } from 'piecewise/payload';

/** One line per breakpoint: t, the layer whose gate switches there, and the shown outputs. */
export function pathCsv({ t, layers, layerOf, labels, shown, values }: PathData): string {
  const rows = Array.from(t, (at, i) => [
    at,
    layers[layerOf[i]] ?? '',
    ...values.subarray(i * shown.length, (i + 1) * shown.length),
  ]);
  return csvText(['t', 'layer', ...shown.map(c => labels[c])], rows);
}

/** t and the shown outputs, [n, 1 + K]. */
export function pathNpy({ t, shown, values }: PathData): Uint8Array<ArrayBuffer> {
  const width = 1 + shown.length;
  const numbers = Float32Array.from({ length: t.length * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return column === 0 ? t[row] : values[row * shown.length + column - 1];
  });
  return npyBytes([t.length, width], numbers);
}
