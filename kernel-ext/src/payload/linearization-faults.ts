import { decodeArray } from './array-codec';
import type { LinearizationPayload } from './linearization';

/** Sums of float32 numbers may differ by this share of the largest of them. */
const TOLERANCE = 1e-4;

/**
 * What is wrong with a payload that fits the schema: lengths, indices, bytes, and the sums that make it true.
 * @returns one sentence a fault; none if the payload is sound
 */
export function payloadFaults(payload: LinearizationPayload): string[] {
  return [...lengthFaults(payload), ...rowFaults(payload), ...sumFaults(payload)];
}

function lengthFaults(payload: LinearizationPayload): string[] {
  const { labels, output, bias, positive, negative, biasByLayer, selected } = payload;
  const lists: Record<string, unknown[]> = { labels, output, bias, positive, negative };
  for (const part of biasByLayer) lists[`biasByLayer of ${part.layer}`] = part.bias;
  const classes = output.length;
  const faults = Object.entries(lists)
    .filter(([, list]) => list.length !== classes)
    .map(([name, list]) => `${name} has ${list.length} entries for ${classes} classes`);
  return selected < classes ? faults : [...faults, `selected is ${selected} of ${classes} classes`];
}

function rowFaults({ rows, input, output, selected }: LinearizationPayload): string[] {
  const faults: string[] = [];
  const indices = rows.map(({ index }) => index);
  if (new Set(indices).size !== indices.length) faults.push('a row is stored twice');
  if (!indices.includes(selected)) faults.push(`the selected row ${selected} is not stored`);
  for (const { index, weights } of rows) {
    if (index >= output.length) faults.push(`row ${index} is of none of the ${output.length} classes`);
    if (weights.shape.join() !== input.shape.join()) faults.push(`row ${index} is not in the input's shape`);
  }
  for (const array of [input, ...rows.map(({ weights }) => weights)]) {
    try {
      decodeArray(array);
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  return faults;
}

function sumFaults(payload: LinearizationPayload): string[] {
  const { output, bias, positive, negative, biasByLayer } = payload;
  const faults: string[] = [];
  const close = (a: number, b: number, size: number): boolean =>
    Math.abs(a - b) <= TOLERANCE * Math.max(1, size);
  output.forEach((value, c) => {
    const size = positive[c] - negative[c] + Math.abs(bias[c]);
    const sum = positive[c] + negative[c] + bias[c];
    if (!close(sum, value, size)) faults.push(`class ${c}: W·x + b is ${sum}, F(x) is ${value}`);
    const parts = biasByLayer.reduce((total, part) => total + part.bias[c], 0);
    if (biasByLayer.length > 0 && !close(parts, bias[c], size))
      faults.push(`class ${c}: b is not the sum of its layers`);
  });
  return faults;
}
