import {
  type EmbeddingPayload,
  type LinearizationPayload,
  readDecomposition,
  readEmbedding,
} from '../../kernel-ext/src/payload';

/** Sums of a few thousand float32 products may differ by this share of the sum of their magnitudes. */
const TOLERANCE = 1e-4;

/**
 * The faults in the sums of a payload and in the rows that it stores. A view still shows such a payload, together with the
 * difference that is left over; the kernel must not write it.
 * @returns one sentence per fault
 * @throws MalformedPayloadError, UnknownVersionError
 */
export function linearizationFaults(payload: LinearizationPayload): string[] {
  const { output, bias, linear, sums, biasLayers, rows, first } = readDecomposition(payload);
  const faults: string[] = [];
  if (rows.size < payload.rows.length) faults.push('a row is stored twice');
  if (!rows.has(first)) faults.push(`the selected row ${first} is not stored`);
  output.forEach((value, c) => {
    const { positive, negative, biasByLayer } = sums.get(c) ?? {
      positive: Math.max(0, linear[c]),
      negative: Math.min(0, linear[c]),
      biasByLayer: null,
    };
    const size = positive - negative + Math.abs(bias[c]);
    for (const product of [linear[c], positive + negative]) {
      const sum = product + bias[c];
      if (!isClose(sum, value, size)) faults.push(`class ${c}: W·x + b is ${sum}, F(x) is ${value}`);
    }
    const parts = biasByLayer?.reduce((total, part) => total + part, 0) ?? bias[c];
    if (biasLayers.length > 0 && !isClose(parts, bias[c], size))
      faults.push(`class ${c}: b is not the sum of its layers`);
  });
  return faults;
}

/** Like `linearizationFaults`, for the points that an embedding explains. */
export function embeddingFaults(payload: EmbeddingPayload): string[] {
  const { explained, axes } = readEmbedding(payload);
  return [...explained.values()].flatMap(({ point, output, bias, contributions }) =>
    output.flatMap((value, axis) => {
      const sum = contributions[axis].reduce((total, term) => total + term, bias[axis]);
      const size = contributions[axis].reduce((total, term) => total + Math.abs(term), Math.abs(bias[axis]));
      if (isClose(sum, value, size)) return [];
      return [`point ${point}: W·x + b is ${sum} on ${axes[axis]}, F(x) is ${value}`];
    }),
  );
}

const isClose = (a: number, b: number, size: number): boolean =>
  Math.abs(a - b) <= TOLERANCE * Math.max(1, size);
