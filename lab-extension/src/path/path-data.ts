import type { Decision, WayPayload } from 'piecewise/payload';
import { decodeArray, type DecodedArray } from '../payload/array-payload';
import { readQuantized, readWhole } from '../payload/columns';
import { readBoolean } from '../decomposition/decomposition';
import { asFields, asIndex, asList, asNumber, asText, own } from '../payload/fields';
import { MalformedPayloadError } from '../payload/malformed-payload';
import { checkVersion } from '../payload/version';

/** A checked and decoded `WayPayload`: C outputs on the straight way from x to x', n places with K shown outputs. */
export interface PathData extends Omit<
  WayPayload,
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

const MOST_OUTPUTS = 100_000;
const MOST_SHOWN = 100;
const MOST_REGIONS = 2 ** 40;
const MOST_DECISIONS = 100_000;

/**
 * Reads a payload that anybody may have written into a notebook.
 * @throws MalformedPayloadError, UnknownVersionError
 */
export function readPath(payload: unknown): PathData {
  const fields = asFields(payload, 'payload');
  checkVersion(own(fields, 'schemaVersion'));
  const labels = asList(own(fields, 'labels'), 1, MOST_OUTPUTS, 'labels').map((label, i) =>
    asText(label, `labels[${i}]`),
  );
  const shown = asList(own(fields, 'shown'), 1, MOST_SHOWN, 'shown').map((c, i) =>
    asIndex(c, labels.length, `shown[${i}]`),
  );
  const values = readQuantized(own(fields, 'values'), shown.length, 'values');
  const places = values.length / shown.length;
  const from = decodeArray(own(fields, 'from'), 'from');
  const to = decodeArray(own(fields, 'to'), 'to');
  if (to.shape.join() !== from.shape.join())
    throw new MalformedPayloadError('to.shape', `is [${to.shape}], not that of from, [${from.shape}]`);
  return {
    labels,
    decides: readBoolean(own(fields, 'decides'), 'decides'),
    regions: asIndex(own(fields, 'regions'), MOST_REGIONS, 'regions'),
    from,
    to,
    t: readPlaces(own(fields, 't'), places),
    shown,
    values,
    layers: asList(own(fields, 'layers'), 0, 255, 'layers').map((name, i) => asText(name, `layers[${i}]`)),
    layerOf: readWhole(own(fields, 'layerOf'), places, 256, 'layerOf'),
    decisions: asList(own(fields, 'decisions'), 0, MOST_DECISIONS, 'decisions').map((entry, i) =>
      readDecision(entry, labels.length, `decisions[${i}]`),
    ),
    residual: asNumber(own(fields, 'residual'), 'residual'),
    handle: asText(own(fields, 'handle'), 'handle'),
  };
}

/** From 0 to 1, none before the one before. */
function readPlaces(value: unknown, places: number): Float32Array {
  const { shape, values } = decodeArray(value, 't');
  if (shape.length !== 1 || shape[0] !== places || places < 2)
    throw new MalformedPayloadError('t.shape', `is [${shape}], not [${places}] with 2 places at least`);
  if (values[0] !== 0 || values[places - 1] !== 1 || values.some((t, i) => i > 0 && t < values[i - 1]))
    throw new MalformedPayloadError('t', 'does not go from 0 to 1');
  return values;
}

function readDecision(value: unknown, outputs: number, field: string): Decision {
  const fields = asFields(value, field);
  const t = asNumber(own(fields, 't'), `${field}.t`);
  if (t < 0 || t > 1) throw new MalformedPayloadError(`${field}.t`, `is ${t}, not from 0 to 1`);
  const output = (key: string) => asIndex(own(fields, key), outputs, `${field}.${key}`);
  return { t, from: output('from'), to: output('to') };
}
