import { array, count, numbers, record, text } from './linearization-schema';

const place = { type: 'number', minimum: 0, maximum: 1 };

/** JSON Schema (draft 7) of `WayPayload`. What a schema cannot say is in `wayFaults`. */
export const WAY_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'application/vnd.piecewise.path.v1+json',
  ...record({
    schemaVersion: { type: 'string', pattern: '^1\\.\\d+$' },
    labels: { type: 'array', items: text, minItems: 1 },
    decides: { type: 'boolean' },
    regions: { type: 'integer', minimum: 1 },
    from: array,
    to: array,
    t: array,
    shown: { type: 'array', items: count, minItems: 1 },
    values: record({ array, offset: numbers }),
    layers: { type: 'array', items: text, maxItems: 255 },
    layerOf: array,
    decisions: { type: 'array', items: record({ t: place, from: count, to: count }) },
    residual: { type: 'number', minimum: 0 },
    handle: text,
  }),
};
