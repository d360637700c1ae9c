import { decodeArray, type DecodedArray, decodeIndices, decodeShaped } from './arrays/array-payload';
import { readQuantized } from './arrays/quantized';
import { MalformedPayloadError } from './errors';
import {
  asBoolean,
  asCount,
  asFields,
  asIndex,
  asList,
  asNumberWithin,
  asSize,
  asText,
  asTexts,
  own,
} from './fields';
import { MOST_OUTPUTS } from './linearization';
import { type Decision, NO_LAYER, type PathPayload } from './path';
import { checkVersion } from './version';

/** A checked and decoded `PathPayload`: C outputs along a path, at n values of t with K shown outputs. */
export interface PathData extends Omit<
  PathPayload,
  'schemaVersion' | 'from' | 'to' | 't' | 'values' | 'layerOf'
> {
  from: DecodedArray;
  to: DecodedArray;
  /** [n], from 0 to 1. */
  t: Float32Array;
  /** [n·K], row major. */
  values: Float32Array;
  /** [n] */
  layerOf: Float32Array;
}

const MOST_SHOWN = 100;
const MOST_DECISIONS = 100_000;

/**
 * Reads a payload that anybody may have written into a notebook.
 * @throws {MalformedPayloadError} that names the faulty field; {UnknownVersionError}
 */
export function readPath(payload: unknown): PathData {
  const fields = asFields(payload, 'payload');
  checkVersion(own(fields, 'schemaVersion'));
  const labels = asTexts(own(fields, 'labels'), 1, MOST_OUTPUTS, 'labels');
  const shown = asList(own(fields, 'shown'), 1, MOST_SHOWN, 'shown').map((c, i) =>
    asIndex(c, labels.length, `shown[${i}]`),
  );
  const values = readQuantized(own(fields, 'values'), shown.length, 'values');
  const count = values.length / shown.length;
  const from = decodeArray(own(fields, 'from'), 'from');
  const layers = asTexts(own(fields, 'layers'), 0, NO_LAYER, 'layers');
  return {
    labels,
    ...readFeatures(own(fields, 'features'), from.values.length),
    decides: asBoolean(own(fields, 'decides'), 'decides'),
    regions: readRegions(own(fields, 'regions'), count),
    from,
    to: decodeShaped(own(fields, 'to'), from.shape, 'to'),
    t: readParameters(own(fields, 't'), count),
    shown,
    values,
    layers,
    layerOf: readLayerOf(own(fields, 'layerOf'), count, layers.length),
    decisions: asList(own(fields, 'decisions'), 0, MOST_DECISIONS, 'decisions').map((entry, i) =>
      readDecision(entry, labels.length, `decisions[${i}]`),
    ),
    residual: asSize(own(fields, 'residual'), 'residual'),
    handle: asText(own(fields, 'handle'), 'handle'),
  };
}

function readFeatures(value: unknown, inputs: number): { features?: string[] } {
  return value === undefined ? {} : { features: asTexts(value, inputs, inputs, 'features') };
}

/** A path through r regions has r + 1 values of t, with both ends. Some of them may be left out. */
function readRegions(value: unknown, count: number): number {
  const regions = asCount(value, 'regions');
  if (count <= regions + 1) return regions;
  throw new MalformedPayloadError('regions', `is ${regions}, too few for ${count} values of t`);
}

/** Checks that t goes from 0 to 1 and never back. */
function readParameters(value: unknown, count: number): Float32Array {
  const { values } = decodeShaped(value, [count], 't');
  const isPath = values.length > 1 && values[0] === 0 && values[values.length - 1] === 1;
  if (!isPath || values.some((t, i) => i > 0 && t < values[i - 1]))
    throw new MalformedPayloadError('t', 'does not go from 0 to 1');
  return values;
}

function readLayerOf(value: unknown, count: number, layers: number): Float32Array {
  const layerOf = decodeIndices(value, count, NO_LAYER + 1, 'layerOf');
  const strange = layerOf.find(layer => layer >= layers && layer !== NO_LAYER);
  if (strange === undefined) return layerOf;
  throw new MalformedPayloadError('layerOf', `contains ${strange}, but there are ${layers} layers`);
}

function readDecision(value: unknown, outputs: number, field: string): Decision {
  const fields = asFields(value, field);
  const output = (key: string) => asIndex(own(fields, key), outputs, `${field}.${key}`);
  return { t: asNumberWithin(own(fields, 't'), 0, 1, `${field}.t`), from: output('from'), to: output('to') };
}
