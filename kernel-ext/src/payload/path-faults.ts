import { arrayFaults } from './array-faults';
import { decodeArray } from './array-codec';
import type { WayPayload } from './path';

/**
 * What is wrong with a payload that fits the schema: lengths, indices, bytes, and an order that is none.
 * @returns one sentence a fault; none if the payload is sound
 */
export function wayFaults(payload: WayPayload): string[] {
  const { labels, regions, from, to, t, shown, values, layers, layerOf, decisions } = payload;
  const [places] = t.shape;
  const outputs = labels.length;
  const faults = [
    ...arrayFaults('x′', to, from.shape),
    ...arrayFaults('t', t, [places]),
    ...arrayFaults('values', values.array, shown.length === 1 ? [places] : [places, shown.length]),
    ...arrayFaults('layerOf', layerOf, [places]),
    ...(places < 2 || places > regions + 1 ? [`${places} places for ${regions} regions`] : []),
    ...[...shown, ...decisions.flatMap(d => [d.from, d.to])]
      .filter(c => c >= outputs)
      .map(c => `output ${c} is none of the ${outputs}`),
  ];
  if (faults.length > 0) return faults;
  const ts = decodeArray(t);
  if (ts[0] !== 0 || ts[places - 1] !== 1 || ts.some((v, i) => i > 0 && v < ts[i - 1]))
    faults.push('t does not go from 0 to 1');
  const strange = decodeArray(layerOf).find(layer => layer >= layers.length && layer !== 255);
  if (strange !== undefined)
    faults.push(`layerOf holds ${strange}, which is none of ${layers.length} layers`);
  return faults;
}
