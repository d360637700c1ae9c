/**
 * JSON Schema (draft 7) of `LinearizationPayload`. What a schema cannot say (equal lengths, bytes that fill a shape,
 * parts that sum to b) is in `payloadFaults`.
 */
export const count = { type: 'integer', minimum: 0 };
export const numbers = { type: 'array', items: { type: 'number' }, minItems: 1 };
export const text = { type: 'string' };

export const array = {
  type: 'object',
  required: ['dtype', 'shape', 'data'],
  properties: {
    dtype: { enum: ['float32', 'int16', 'uint8'] },
    shape: { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 1, maxItems: 8 },
    data: { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$' },
    scale: { type: 'number', exclusiveMinimum: 0 },
  },
};

export function record(properties: Record<string, object>, optional: Record<string, object> = {}): object {
  return { type: 'object', required: Object.keys(properties), properties: { ...properties, ...optional } };
}

/** Readers accept fields that they do not know: a later minor version adds some. */
export const LINEARIZATION_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'application/vnd.piecewise.linearization.v1+json',
  ...record(
    {
      schemaVersion: { type: 'string', pattern: '^1\\.\\d+$' },
      from: text,
      to: text,
      cut: { enum: ['softmax', 'sigmoid', null] },
      exact: { type: 'boolean' },
      policies: { type: 'array', items: record({ layer: text, policy: { enum: ['tangent', 'gate'] } }) },
      labels: { type: 'array', items: text, minItems: 1 },
      input: array,
      output: numbers,
      bias: numbers,
      positive: { ...numbers, items: { type: 'number', minimum: 0 } },
      negative: { ...numbers, items: { type: 'number', maximum: 0 } },
      biasByLayer: { type: 'array', items: record({ layer: text, bias: numbers }) },
      residual: record({
        absolute: { type: 'number', minimum: 0 },
        relative: { type: 'number', minimum: 0 },
        ulps: { type: 'number', minimum: 0 },
      }),
      selected: count,
      rows: { type: 'array', minItems: 1, items: record({ index: count, weights: array }) },
      handle: text,
    },
    {
      features: { type: 'array', items: text, minItems: 1 },
      layers: { type: 'array', items: text },
      instance: record({ index: count, count: { type: 'integer', minimum: 1 } }),
    },
  ),
};
