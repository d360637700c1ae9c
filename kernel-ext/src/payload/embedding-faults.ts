import { arrayFaults } from './array-faults';
import { decodeArray } from './array-codec';
import type { EmbeddingPayload, ExplainedPayload } from './embedding';
import type { ArrayPayload } from './linearization';

/** Sums of a few thousand float32 products, against the largest of them. */
const TOLERANCE = 1e-4;

/**
 * What is wrong with a payload that fits the schema: lengths, indices, bytes, and the sums that make it true.
 * @returns one sentence a fault; none if the payload is sound
 */
export function embeddingFaults(payload: EmbeddingPayload): string[] {
  const { axes, places, total, indices, classes, names, columns, thumbnails, explained } = payload;
  const shown = places.array.shape[0];
  const faults = [
    ...arrayFaults('places', places.array, axes.length === 1 ? [shown] : [shown, axes.length]),
    ...columns.flatMap(({ name, values }) => arrayFaults(`column ${name}`, values.array, [shown])),
    ...explained.flatMap(point => explainedFaults(point, payload)),
  ];
  if (indices) faults.push(...indexFaults('indices', indices, shown, total));
  else if (shown !== total) faults.push(`${shown} of ${total} points are shown, but not said which`);
  if (classes) faults.push(...indexFaults('classes', classes.of, shown, classes.names.length + 1));
  if (names && names.length !== shown) faults.push(`${names.length} names for ${shown} points`);
  if (thumbnails) faults.push(...indexFaults('thumbnails', thumbnails.of, thumbnails.of.shape[0], shown));
  return faults;
}

function indexFaults(name: string, array: ArrayPayload, length: number, limit: number): string[] {
  const faults = arrayFaults(name, array, [length]);
  if (faults.length > 0) return faults;
  const bad = decodeArray(array).find(i => !Number.isInteger(i) || i < 0 || i >= limit);
  return bad === undefined ? [] : [`${name} holds ${bad}, which is none of 0 to ${limit - 1}`];
}

function explainedFaults(point: ExplainedPayload, { axes, inputShape, total }: EmbeddingPayload): string[] {
  const { index, input, weights, output, bias } = point;
  const name = `point ${index}`;
  const faults = [
    ...arrayFaults(`${name}: x`, input, inputShape),
    ...arrayFaults(`${name}: W`, weights, [axes.length, ...inputShape]),
  ];
  if (index >= total) faults.push(`${name} is none of the ${total} points`);
  if (output.length !== axes.length || bias.length !== axes.length)
    faults.push(`${name} has ${output.length} outputs and ${bias.length} biases for ${axes.length} axes`);
  if (faults.length > 0) return faults;
  const x = decodeArray(input);
  const w = decodeArray(weights);
  return output.flatMap((value, axis) => {
    const terms = x.map((v, i) => v * w[axis * x.length + i]);
    const sum = terms.reduce((total, term) => total + term, bias[axis]);
    const size = terms.reduce((total, term) => total + Math.abs(term), Math.abs(bias[axis]));
    const isClose = Math.abs(sum - value) <= TOLERANCE * Math.max(1, size);
    return isClose ? [] : [`${name}: W·x + b is ${sum} on ${axes[axis]}, F(x) is ${value}`];
  });
}
